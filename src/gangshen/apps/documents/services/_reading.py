"""Reading a filed document, and keeping what people decided when it is read again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen import __version__
from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.documents.services._keeping import keep
from gangshen.apps.identity.access import require
from gangshen.apps.registers import services as registers
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.engines import reading as engine
from gangshen.web.errors import Refused

__all__ = [
    "READER",
    "current",
    "read",
    "read_many",
    "settle_lost",
    "start_reading",
    "start_reading_many",
    "text",
]

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
    """Read the document's file and make this its current reading; decisions are kept with their words.

    What was decided about words that are gone is listed in ``data["lost"]`` of the reading.
    """
    assert document.file is not None
    source = engine.extract(archive.read(document.file), document.file.name)
    return _keep_reading(document, source, engine.read(source, vocabulary=registers.vocabulary()), now=now, run=run)


def start_reading_many(
    documents: Sequence[Document], *, actor: Any, now: dt.datetime, inline: bool = False, watch: Any = None
) -> Run:
    """Read many documents in one run with worker processes."""
    params = {"documents": [document.key for document in documents]}
    return runs.start("documents.read_many", params, actor=actor, now=now, inline=inline, watch=watch)


def read_many(
    documents: Sequence[Document], *, now: dt.datetime, run: Run | None = None
) -> Iterator[tuple[Document, Reading | engine.DocumentError]]:
    """Read the documents in parallel, each kept as it is done; a file that cannot be read gives its reason."""
    filed = [document for document in documents if document.file is not None]
    files = [(document.file.name, archive.read(document.file)) for document in filed if document.file]
    for done in engine.read_many(files, vocabulary=registers.vocabulary()):
        document = filed[done.index]
        if done.source is not None and done.reading is not None:
            yield document, _keep_reading(document, done.source, done.reading, now=now, run=run)
        else:
            assert isinstance(done.error, engine.DocumentError)
            yield document, done.error


def _keep_reading(
    document: Document, source: engine.SourceText, found: engine.Reading, *, now: dt.datetime, run: Run | None
) -> Reading:
    """Make this the current reading of ``document``, with its items and the decisions kept by their words."""
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
        items = _items(found)
        if before is not None:
            kept = keep(list(before.items.all()), before.data.get("lost", ()), items, text(before), source.text)
            items = kept.items
            made.data["lost"] = kept.lost
            made.save(update_fields=["data"])
        for item in items:
            item.reading = made
        Item.objects.bulk_create(items, batch_size=500)
    return made


@transaction.atomic
def settle_lost(reading: Reading, quote: str, *, actor: Any) -> None:
    """A clerk has seen to a decision whose words are gone: it leaves the list, and the trail keeps it."""
    require(actor, "change", reading.document)
    lost = reading.data.get("lost", [])
    entry = next((one for one in lost if one["quote"] == quote), None)
    if entry is None:
        raise Refused(_("This is not on the list any more."), _("Open the document again."))
    reading.data["lost"] = [one for one in lost if one is not entry]
    reading.save(update_fields=["data"])
    archive.record_event(actor, "settle_lost", reading.document, {"item": entry})


def _items(found: engine.Reading) -> list[Item]:
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
            kind=kind,
            position=position,
            start=start,
            end=end,
            quote=quote,
            data=item.model_dump(mode="json"),
            doubts=list(doubts),
        )
        for position, (_at, kind, item, quote, start, end, doubts) in enumerate(read_items, start=1)
    ]
