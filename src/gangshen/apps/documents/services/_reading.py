"""Reading a filed document, and keeping what people decided when it is read again."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.db import transaction

from gangshen import __version__
from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.registers import services as registers
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.engines import reading as engine

__all__ = ["READER", "current", "read", "start_reading", "text"]

READER = f"gangshen {__version__}"
_KINDS: dict[type[Any], str] = {
    engine.Task: Item.Kind.TASK,
    engine.Target: Item.Kind.TARGET,
    engine.Phase: Item.Kind.PHASE,
    engine.PromisedList: Item.Kind.PROMISED_LIST,
    engine.OfferItem: Item.Kind.OFFER,
}
_BULKY = {"tasks", "targets", "phases", "lists", "offers", "general_conditions"}


def start_reading(document: Document, *, actor: Any, now: dt.datetime, inline: bool = False) -> Run:
    """Read ``document`` in the background (or at once with ``inline``)."""
    return runs.start("documents.read", {"document": document.key}, actor=actor, now=now, inline=inline)


def current(document: Document) -> Reading | None:
    """The reading that counts, if the document has been read."""
    return document.readings.filter(current=True).select_related("text_file").first()


def text(reading: Reading) -> str:
    """The text read, to which all offsets refer."""
    return archive.read(reading.text_file).decode()


def read(document: Document, *, now: dt.datetime, run: Run | None = None) -> Reading:
    """Read the document's file and make this its current reading; decisions on the same spans are kept."""
    assert document.file is not None
    source = engine.extract(archive.read(document.file), document.file.name)
    found = engine.read(source, vocabulary=registers.vocabulary())
    digest = hashlib.sha256(source.text.encode()).hexdigest()
    with transaction.atomic():
        before = current(document)
        document.readings.update(current=False)
        made = Reading.objects.create(
            document=document,
            file=document.file,
            text_file=archive.store(source.text.encode(), f"{document.key}.txt", now=now, media_type="text/plain"),
            text_hash=digest[:16],
            reader=READER,
            kind=found.kind,
            data={
                **found.model_dump(mode="json", exclude=_BULKY),
                "format": source.format,
                "pages": source.pages,
                "blocks": [block.model_dump(mode="json", exclude_defaults=True) for block in source.blocks],
                "notes": list(source.notes),
            },
            run=run,
            created_at=now,
        )
        items = _items(made, found)
        if before is not None:
            items += _keep_decisions(made, before, items)
        Item.objects.bulk_create(items, batch_size=500)
    return made


def _items(reading: Reading, found: engine.Reading) -> list[Item]:
    read_items: list[tuple[int, str, Any, str, int, int, tuple[str, ...]]] = []
    tasks = found.tasks
    if found.kind == "policy":  # its articles are numbered like tasks; only one that names a unit is something to do
        tasks = tuple(task for task in tasks if task.units)
    for group in (tasks, found.targets, found.phases, found.lists, found.offers):
        read_items += [(i.start, _KINDS[type(i)], i, i.quote, i.start, i.end, i.doubts) for i in group]
    for clause in found.general_conditions:
        if clause.span:
            span = clause.span
            read_items.append((span.start, Item.Kind.CONDITION, clause, clause.quote, span.start, span.end, ()))
    read_items.sort(key=lambda item: (item[0], item[5]))
    return [
        Item(
            reading=reading,
            kind=kind,
            position=position,
            start=start,
            end=end,
            quote=quote,
            data=item.model_dump(mode="json"),
            doubts=list(doubts),
        )
        for position, (_, kind, item, quote, start, end, doubts) in enumerate(read_items, start=1)
    ]


def _keep_decisions(reading: Reading, before: Reading, items: list[Item]) -> list[Item]:
    """Carry decisions over by kind and quote (the nth of equal ones to the nth), and items a clerk added."""
    text_now = text(reading)
    decided: dict[tuple[str, str], list[Item]] = {}
    for old in before.items.exclude(state=Item.State.PENDING):
        decided.setdefault((old.kind, old.quote), []).append(old)
    for item in items:
        same = decided.get((item.kind, item.quote))
        if same:
            _carry(same.pop(0), item)
    added = [old for olds in decided.values() for old in olds if old.added and old.quote in text_now]
    extra = []
    for old in added:
        start = text_now.index(old.quote)
        new = Item(
            reading=reading,
            kind=old.kind,
            position=len(items) + len(extra) + 1,
            start=start,
            end=start + len(old.quote),
            quote=old.quote,
            data=old.data,
            added=True,
        )
        _carry(old, new)
        extra.append(new)
    return extra


def _carry(old: Item, new: Item) -> None:
    for name in ("state", "corrected", "decided_by", "decided_at", "adopted_as"):
        setattr(new, name, getattr(old, name))
