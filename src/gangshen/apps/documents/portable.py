"""Documents as files: ``documents/documents.yaml`` beside the files it names, with what clerks decided."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Item, Reading, Relation
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml
from gangshen.web.errors import Refused

__all__ = ["DocumentsFile", "dump", "load"]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DecisionEntry(_File):
    """A clerk's decision on one item, found again by its kind and span."""

    kind: str
    start: int
    end: int
    state: str
    corrected: dict[str, Any] | None = None
    added: dict[str, Any] | None = None  # the item itself, when a clerk added it
    origin: str = ""
    adopted_as: str = ""


class RelationEntry(_File):
    """What the document does to an older one, and where that is written."""

    kind: Relation.Kind
    older: str
    evidence: str = ""
    note: str = ""


class DocumentEntry(_File):
    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    file: str
    title: str
    number: str = ""
    issuer: str = ""
    level: str = ""
    status: Document.Status = Document.Status.REFERENCE
    issued_on: dt.date | None = None
    effective_from: dt.date | None = None
    valid_to: dt.date | None = None
    citation: str = ""
    example: bool = False
    status_note: str = ""
    relations: tuple[RelationEntry, ...] = ()
    accepted: bool = False  # every item not listed under decisions was accepted
    decisions: tuple[DecisionEntry, ...] = ()


class DocumentsFile(_File):
    documents: tuple[DocumentEntry, ...] = ()


def load(folder: Path, *, now: dt.datetime) -> int:
    """File and read the documents; decisions are restored, nothing is adopted (plans and policies have own files)."""
    listing = folder / "documents" / "documents.yaml"
    if not listing.is_file():
        return 0
    entries = load_yaml(listing, DocumentsFile).documents
    missing = [entry.file for entry in entries if not (listing.parent / entry.file).is_file()]
    if missing:
        raise FormatError(
            [
                Problem(
                    f"documents/{listing.name}",
                    None,
                    "file",
                    Text(zh=f"缺少文件 {name}", en=f"{name} is missing (put it beside, or drop the entry)"),
                )
                for name in missing
            ]
        )
    for entry in entries:
        with transaction.atomic():
            _load(entry, listing.parent / entry.file, now)
    for entry in entries:
        _relate(entry, listing.name, now)
    return len(entries)


def _load(entry: DocumentEntry, path: Path, now: dt.datetime) -> None:
    data = path.read_bytes()
    values = entry.model_dump(exclude={"key", "file", "title", "relations", "accepted", "decisions"})
    document = Document.objects.filter(key=entry.key).first()
    if document is None:
        try:
            document = services.upload(data, path.name, actor=None, now=now, key=entry.key, title=entry.title, **values)
        except Refused as error:
            raise Refused(f"documents/{path.name}: {error.message}", error.remedy) from error
    else:
        file = archive.store(data, path.name, now=now)
        for name, value in {**values, "title": entry.title, "file": file}.items():
            setattr(document, name, value)
        document.save()
    reading = services.current(document)
    if reading is None or reading.file_id != document.file_id:
        reading = services.read(document, now=now)
    if entry.accepted:
        reading.items.filter(state=Item.State.PENDING).update(state=Item.State.ACCEPTED, decided_at=now)
    for decision in entry.decisions:
        _decide(reading, decision, now)


def _relate(entry: DocumentEntry, listing: str, now: dt.datetime) -> None:
    newer = Document.objects.get(key=entry.key)
    for one in entry.relations:
        older = Document.objects.filter(key=one.older).first()
        if older is None:
            words = Text(zh=f"没有文件 {one.older}", en=f"there is no document {one.older}")
            raise FormatError([Problem(listing, None, f"{entry.key}.relations", words)])
        services.relate(newer, older, one.kind, evidence=one.evidence, note=one.note, actor=None, now=now)


def _same(reading: Reading, entry: DecisionEntry) -> Any:
    """The item decided on: at this span, else (a newer reader sets other bounds) the one that shares most of it."""
    items = reading.items.filter(kind=entry.kind)
    exact = items.filter(start=entry.start, end=entry.end)
    if entry.added is not None or exact.exists():
        return exact
    near = list(items.filter(start__lt=entry.end, end__gt=entry.start))
    shared = {one.pk: min(one.end, entry.end) - max(one.start, entry.start) for one in near}
    best = max(near, key=lambda one: shared[one.pk], default=None)
    if best is None or 2 * shared[best.pk] < min(best.end - best.start, entry.end - entry.start):
        return items.none()
    return items.filter(pk=best.pk)


def _decide(reading: Reading, entry: DecisionEntry, now: dt.datetime) -> None:
    values = {"state": entry.state, "corrected": entry.corrected, "adopted_as": entry.adopted_as, "decided_at": now}
    if entry.state == Item.State.PENDING:
        values["decided_at"] = None
    same = _same(reading, entry)
    if not same.update(**values) and entry.added is not None:
        last = reading.items.count()
        Item.objects.create(
            reading=reading,
            kind=entry.kind,
            position=last + 1,
            start=entry.start,
            end=entry.end,
            quote=services.text(reading)[entry.start : entry.end],
            data=entry.added,
            added=True,
            origin=entry.origin,
            doubts=[services.PROPOSED] if entry.origin else [],
            **values,
        )
    if entry.adopted_as:
        span = f"{reading.document.key}@{reading.text_hash}#{entry.start}-{entry.end}"
        archive.link(f"doc:{span}", entry.adopted_as)


def dump(folder: Path) -> None:
    """Write every document's file and the listing."""
    documents = list(Document.objects.select_related("file").prefetch_related("earlier__older").order_by("key"))
    if not documents:
        return
    target = folder / "documents"
    target.mkdir(parents=True, exist_ok=True)
    entries = []
    for document in documents:
        assert document.file is not None
        suffix = Path(document.file.name).suffix.lower()
        (target / f"{document.key}{suffix}").write_bytes(archive.read(document.file))
        entries.append(_entry(document, f"{document.key}{suffix}"))
    (target / "documents.yaml").write_text(dump_yaml(DocumentsFile(documents=tuple(entries))), encoding="utf-8")


def _entry(document: Document, file: str) -> DocumentEntry:
    reading = services.current(document)
    items = list(reading.items.order_by("start", "end", "kind")) if reading else []
    accepted = bool(items) and all(item.state != Item.State.PENDING for item in items)
    usual = Item.State.ACCEPTED if accepted else Item.State.PENDING
    fields = {name: getattr(document, name) for name in DocumentEntry.model_fields if hasattr(document, name)}
    return DocumentEntry(
        **{**fields, "file": file},
        relations=tuple(
            RelationEntry(kind=Relation.Kind(one.kind), older=one.older.key, evidence=one.evidence, note=one.note)
            for one in sorted(document.earlier.all(), key=lambda one: (one.older.key, one.kind))
        ),
        accepted=accepted,
        decisions=tuple(
            DecisionEntry(
                kind=item.kind,
                start=item.start,
                end=item.end,
                state=item.state,
                corrected=item.corrected,
                added=item.data if item.added else None,
                origin=item.origin if item.added else "",
                adopted_as=item.adopted_as,
            )
            for item in items
            if item.state != usual or item.adopted_as or item.added
        ),
    )
