"""Snapshots: what the engines see, an immutable Arrow file named by the digest of all that it was made from.

When little has changed since a snapshot of the same day and law, only the subjects that the changed batches speak of
are worked out again and laid over it; the property test holds both ways equal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import Batch, Record

from ._columns import latest, lay_over
from ._derived import derive_columns
from ._facts import live_records
from ._pointers import pointers
from ._statements import RECORDS
from ._vocabulary import attributes, vocabulary_digest

__all__ = ["Snapshot", "load_records", "prune", "snapshot", "snapshot_kept"]

KEPT = 20  # snapshots on the disk
FORM = 5  # of the files; raised when columns or the law change
MOST_CHANGED = 1000  # subjects that are laid over; more are quicker built anew
MOST_TURNED = 500  # batches


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Believed values of all subjects of one entity at one date.

    ``frame``: ``id``, ``synthetic``, one typed column per attribute (money Int64 fen, percent Float64, list
    List(Struct{type, level, number, from, to, withdrawn_on, batch}) of the entries in force), ``<attribute>__stale``.
    ``records``: the same rows; per attribute the id of the record believed, null where derived or not known.
    ``entries``: every certificate ever said, ended and withdrawn ones too (``ENTRIES``). ``disputed``: ``id`` of the
    subjects of which two sources may contradict each other.
    Two of one digest are equal: what is worked out from a snapshot may be kept under it.
    """

    digest: str
    as_of: dt.date
    entity: str
    frame: pl.DataFrame = field(compare=False)
    records: pl.DataFrame = field(compare=False)
    entries: pl.DataFrame = field(compare=False)
    disputed: pl.DataFrame = field(compare=False)
    path: Path = field(compare=False)


_BESIDE = (".records.arrow", ".entries.arrow", ".disputed.arrow")


def snapshot(entity: str = "enterprise", as_of: dt.date | None = None) -> Snapshot:
    """The snapshot of ``entity`` at ``as_of`` (default: the zone's today); built when its file is not there."""
    if as_of is None:
        from gangshen.apps.identity import services as identity

        as_of = identity.today()
    made_of = _made_of(entity, as_of)
    path = Path(settings.HOME) / "snapshots" / f"{made_of.digest}.arrow"
    if not _whole(path):
        _build(entity, as_of, made_of, path)
    return Snapshot(made_of.digest, as_of, entity, *_open(path), path)


def _whole(path: Path) -> bool:
    return path.exists() and all(path.with_suffix(one).exists() for one in _BESIDE)


@lru_cache(maxsize=4)
def _open(path: Path) -> tuple[pl.DataFrame, ...]:
    return pl.read_ipc(path), *(pl.read_ipc(path.with_suffix(one)) for one in _BESIDE)


def snapshot_kept(digest: str, entity: str, as_of: dt.date) -> Snapshot | None:
    """The snapshot of that digest as it was made then, when its file is still kept."""
    if not (digest.isalnum() and len(digest) == 64):
        return None
    path = Path(settings.HOME) / "snapshots" / f"{digest}.arrow"
    return Snapshot(digest, as_of, entity, *_open(path), path) if _whole(path) else None


@dataclass(frozen=True, slots=True)
class _MadeOf:
    """``law``: what every row rests on; ``batches``: one line per batch that is shown."""

    law: str
    batches: frozenset[str]

    @property
    def digest(self) -> str:
        return _sha([self.law, *sorted(self.batches)])


def _sha(said: list[Any]) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _made_of(entity: str, as_of: dt.date) -> _MadeOf:
    shown = Batch.objects.filter(entity=entity, state=Batch.State.LIVE).order_by("pk")
    live = list(shown.values_list("pk", "digest", "created_at", "rows"))
    sources = list(Source.objects.order_by("pk").values_list("pk", "rank", "synthetic"))
    merges = [pk for pk, _digest, _at, rows in live if not rows]  # they turn rows of which no record tells
    return _MadeOf(
        _sha([FORM, entity, str(as_of), vocabulary_digest(), sources, merges]),
        frozenset(f"{pk} {digest} {at}" for pk, digest, at, _rows in live),
    )


def load_records(entity: str, subjects: Collection[str] | None = None) -> pl.DataFrame:
    """Live records of ``entity`` (of ``subjects`` only, when given) as a frame, values as JSON text; one query."""
    live = live_records(entity) if subjects is None else live_records(entity).filter(subject__in=subjects)
    rows = (
        live.annotate(day=Cast("as_of", TextField()), text=Cast("values", TextField()))
        .order_by()
        .values_list("pk", "subject", "source__rank", "source__key", "source__synthetic", "period", "day", "text")
    )
    columns = list(zip(*rows.iterator(chunk_size=10_000), strict=True)) or [()] * len(RECORDS)
    series = []
    for (name, kind), column in zip(RECORDS.items(), columns, strict=True):
        day = name == "as_of"
        made = pl.Series(name, column, dtype=pl.String if day else kind)
        series.append(made.str.to_date("%Y-%m-%d") if day else made)
    into = pointers()
    said = pl.DataFrame(series)
    return said.with_columns(pl.col("subject").replace(into)) if into else said


def _family(subjects: Collection[str]) -> list[str]:
    """The subjects that these are read as, and all that are read as one of them."""
    into = pointers()
    kept = {into.get(subject, subject) for subject in subjects}
    return sorted(kept | {merged for merged, one in into.items() if one in kept})


def _build(entity: str, as_of: dt.date, made_of: _MadeOf, path: Path) -> None:
    known = attributes(entity).values()
    base, subjects = _changed_since(entity, made_of, path.parent)
    subjects = None if subjects is None else _family(subjects)
    made = latest(load_records(entity, subjects), known, as_of)
    values, records = derive_columns(made.values, made.periods, as_of, entity), made.records
    beside = [made.entries, made.disputed]
    if base is not None and subjects is not None:
        values_then, records_then, *beside_then = _open(base)
        values, records = lay_over(values_then, records_then, values, records, subjects, known)
        gone = pl.col("id").is_in(subjects)
        beside = [
            pl.concat([then.filter(~gone), fresh]).sort("id", maintain_order=True)
            for then, fresh in zip(beside_then, beside, strict=True)
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path.with_suffix(".json"), lambda name: Path(name).write_text(json.dumps([made_of.law, *made_of.batches])))
    for suffix, frame in zip(_BESIDE, (records, *beside), strict=True):
        _write(path.with_suffix(suffix), frame.write_ipc)
    _write(path, values.write_ipc)


def _changed_since(entity: str, made_of: _MadeOf, folder: Path) -> tuple[Path | None, list[str] | None]:
    """The latest snapshot of the same law and the subjects of which anything came or went since; else (None, None)."""
    for manifest in _by_age(folder.glob("*.json")):
        law, *batches = json.loads(manifest.read_text())
        base = manifest.with_suffix(".arrow")
        if law != made_of.law or not _whole(base):
            continue
        turned = [int(line.split()[0]) for line in made_of.batches.symmetric_difference(batches)]
        if len(turned) > MOST_TURNED:
            continue
        of = Record.objects.filter(entity=entity, batch__in=turned)
        subjects = list(of.order_by().values_list("subject", flat=True).distinct()[: MOST_CHANGED + 1])
        gone = Batch.objects.filter(pk__in=turned).count() < len(turned)  # removed: nobody knows of whom it spoke
        if len(subjects) <= MOST_CHANGED and not gone:
            return base, subjects
    return None, None


def _write(path: Path, write: Callable[[str], object]) -> None:
    """Beside its place first, then moved there: a reader finds a whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    write(name)
    Path(name).replace(path)


def _by_age(files: Iterable[Path]) -> list[Path]:
    return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)


def prune(keep: int = KEPT) -> int:
    """Remove all but the ``keep`` latest snapshots; any can be built again. Returns how many."""
    folder = Path(settings.HOME) / "snapshots"
    old = _by_age(file for file in folder.glob("*.arrow") if not file.name.endswith(_BESIDE))[keep:]
    for file in old:
        for suffix in (*_BESIDE, ".json", ".arrow"):
            file.with_suffix(suffix).unlink(missing_ok=True)
    return len(old)
