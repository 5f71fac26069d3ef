"""The dry run of a large file: work in the background that a page follows, and done once for the same question."""

from __future__ import annotations

import datetime as dt
import json
from typing import IO, Any

from django.db.models import Max

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services._sources import source_named
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.engines.formats import exceeds

from ._import import examined
from ._receipt import summary

__all__ = ["CHECK", "FEW_ROWS", "check", "headers_of", "is_large", "look", "seen"]

CHECK = "registers.check"
FEW_ROWS = 5_000
"""A file with no more rows is looked at while one waits."""
_FAULTS = 500
_OVER = (Run.State.CANCELLED, Run.State.FAILED)


def is_large(source: IO[bytes]) -> bool:
    """Has the file more rows than can be looked at while one waits? Reads no further than those."""
    large = exceeds(source, FEW_ROWS)
    source.seek(0)
    return large


def check(file: File, params: dict[str, Any], actor: User | None, now: dt.datetime) -> Run:
    """The run that looks at the file, asked as ``params`` (as :func:`order` gives them); started unless there is one.

    One that failed or was stopped, or is older than the register's last change, is no answer.
    """
    asked = {"file": file.pk, "name": file.name, "today": identity.today().isoformat(), **params}
    there = Run.objects.filter(kind=CHECK, inputs_hash=runs.inputs_hash(CHECK, asked)).exclude(state__in=_OVER)
    if changed := Batch.objects.aggregate(last=Max("changed_at"))["last"]:
        there = there.filter(created_at__gte=changed)
    return there.order_by("-pk").first() or runs.start(CHECK, asked, actor=actor, now=now)


def look(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Carry the dry run out: counts, and what it found as the run's file, for rows are not everybody's to read."""
    params = run.params
    source, day = source_named(params["source"]), dt.date.fromisoformat(params["today"])
    data = archive.read(File.objects.get(pk=params["file"]))
    found = examined(params, source, data, params["name"], day, progress.step, unmapped=True)
    told = json.dumps(summary(found, most=_FAULTS), ensure_ascii=False).encode()
    progress.keep(told, f"check-{run.pk}.json", now=identity.now(), media_type="application/json")
    progress.step(len(found.table), len(found.table))
    return found.counts()


def seen(run: Run) -> dict[str, Any]:
    """What a finished look found, as :func:`summary` tells it."""
    assert run.result_file is not None
    told: dict[str, Any] = json.loads(archive.read(run.result_file))
    return told


def headers_of(file: File, run: str) -> tuple[str, ...]:
    """The headers as a finished look at ``file`` found them; none when ``run`` is no such look."""
    looked = Run.objects.filter(kind=CHECK, state=Run.State.DONE, params__file=file.pk).select_related("result_file")
    done = looked.filter(pk=int(run)).first() if run.isdigit() else None
    return tuple(column["header"] for column in seen(done)["columns"]) if done else ()
