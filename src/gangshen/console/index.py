"""The one search index over what every app offers; a copy that can be made again at any time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from gangshen.apps.identity.access import roles_of
from gangshen.apps.registers.models import Batch
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.engines.retrieval import Entry, Hits, Index, IndexLocked, IndexUnusable
from gangshen.web.hookpoints import SEARCH_SOURCES

__all__ = ["KIND", "renew", "renew_after", "renew_run", "search"]

KIND = "console.index"


def _place() -> Path:
    return Path(settings.HOME) / "index"


def _open() -> Index:
    try:
        return Index.open(_place())
    except IndexUnusable:
        return Index.open(_place(), rebuild=True)


def _entries() -> Iterator[Entry]:
    for source in SEARCH_SOURCES:
        yield from source.entries()


def renew() -> int:
    """Index everything that every app offers; returns the number of entries."""
    with translation.override("zh-hans"):
        return _open().replace(_entries())


def renew_run(run: Run, progress: Any) -> dict[str, Any]:
    """The same as background work."""
    return {"entries": renew()}


def renew_after(batch: Batch, now: dt.datetime) -> None:
    """Order the work when an import came or was undone, unless it waits already; single facts wait for the schedule."""
    if batch.run_id and not Run.objects.filter(kind=KIND, state=Run.State.QUEUED).exists():
        runs.start(KIND, {}, actor=None, now=now)


def search(user: Any, query: str, kinds: list[str] | None = None, limit: int = 30) -> Hits | None:
    """What ``user`` may find for ``query``: entries whose audience holds a role of theirs, or ``role@organisation``.

    None while the index is being made. It is made on the first search when it isn't there.
    """
    index = _open()
    if not len(index):
        with suppress(IndexLocked):
            renew()
        index = _open()
    audiences = sorted(roles_of(user))
    if user.organisation_id:
        audiences += [f"{role}@{user.organisation.key}" for role in audiences]
    return index.search(query, kinds=kinds, audiences=audiences, limit=limit) if len(index) else None
