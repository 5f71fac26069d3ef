"""Snapshots: what the engines see, an immutable Arrow file named by the digest of all that it was made from."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import Batch

from ._columns import RECORDS, latest
from ._derived import derive_columns
from ._facts import live_records
from ._vocabulary import attributes, vocabulary_digest

__all__ = ["Snapshot", "load_records", "prune", "snapshot", "snapshot_kept"]

KEPT = 20  # snapshots on the disk
FORM = 1  # of the file; raised when columns or the law change


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Believed values of all subjects of one entity at one date.

    ``frame``: ``id``, ``synthetic``, one typed column per attribute (money Int64 fen, percent Float64, list
    List(Struct{type, level, number, from, to, withdrawn_on}) of the entries in force), ``<attribute>__stale``.
    ``records``: the same rows; per attribute the id of the record believed, null where derived or not known.
    """

    digest: str
    as_of: dt.date
    entity: str
    frame: pl.DataFrame
    records: pl.DataFrame
    path: Path


def snapshot(entity: str = "enterprise", as_of: dt.date | None = None) -> Snapshot:
    """The snapshot of ``entity`` at ``as_of`` (default: the zone's today); built when its file is not there."""
    if as_of is None:
        from gangshen.apps.identity import services as identity

        as_of = identity.today()
    digest = _digest(entity, as_of)
    path = Path(settings.HOME) / "snapshots" / f"{digest}.arrow"
    companion = path.with_suffix(".records.arrow")
    if not (path.exists() and companion.exists()):
        _build(entity, as_of, path, companion)
    return Snapshot(digest, as_of, entity, *_open(path, companion), path)


@lru_cache(maxsize=4)
def _open(path: Path, companion: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    return pl.read_ipc(path), pl.read_ipc(companion)


def snapshot_kept(digest: str, entity: str, as_of: dt.date) -> Snapshot | None:
    """The snapshot of that digest as it was made then, when its file is still kept."""
    if not (digest.isalnum() and len(digest) == 64):
        return None
    path = Path(settings.HOME) / "snapshots" / f"{digest}.arrow"
    companion = path.with_suffix(".records.arrow")
    if not (path.exists() and companion.exists()):
        return None
    return Snapshot(digest, as_of, entity, *_open(path, companion), path)


def _digest(entity: str, as_of: dt.date) -> str:
    live = Batch.objects.filter(entity=entity, state=Batch.State.LIVE).order_by("pk")
    made_of = [
        FORM,
        entity,
        str(as_of),
        vocabulary_digest(),
        [f"{pk} {digest} {at}" for pk, digest, at in live.values_list("pk", "digest", "created_at")],
        list(Source.objects.order_by("pk").values_list("pk", "rank", "synthetic")),
    ]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def load_records(entity: str) -> pl.DataFrame:
    """All live records of ``entity`` as a frame, values as JSON text; one query."""
    rows = (
        live_records(entity)
        .annotate(day=Cast("as_of", TextField()), text=Cast("values", TextField()))
        .order_by()
        .values_list("pk", "subject", "source__rank", "source__key", "source__synthetic", "period", "day", "text")
    )
    columns = list(zip(*rows.iterator(chunk_size=10_000), strict=True)) or [()] * len(RECORDS)
    series = []
    for (name, kind), column in zip(RECORDS.items(), columns, strict=True):
        day = name == "as_of"
        made = pl.Series(name, column, dtype=pl.String if day else kind)
        series.append(made.str.to_date("%Y-%m-%d") if day else made)
    return pl.DataFrame(series)


def _build(entity: str, as_of: dt.date, path: Path, companion: Path) -> None:
    made = latest(load_records(entity), attributes(entity).values(), as_of)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(made.records, companion)
    _write(derive_columns(made.values, made.periods, as_of, entity), path)


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Beside its place first, then moved there: a reader finds a whole file or none."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    frame.write_ipc(name)
    Path(name).replace(path)


def prune(keep: int = KEPT) -> int:
    """Remove all but the ``keep`` latest snapshots; any can be built again. Returns how many."""
    folder = Path(settings.HOME) / "snapshots"
    files = (
        [file for file in folder.glob("*.arrow") if not file.name.endswith(".records.arrow")] if folder.is_dir() else []
    )
    old = sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)[keep:]
    for file in old:
        file.unlink(missing_ok=True)
        file.with_suffix(".records.arrow").unlink(missing_ok=True)
    return len(old)
