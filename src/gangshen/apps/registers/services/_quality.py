"""What cannot be trusted in a register: out of date, disputed, missing where money waits, refused, twice there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Max, QuerySet, TextField
from django.db.models.functions import Cast

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import Batch, Likeness, Record
from gangshen.engines.vocabulary import Attribute
from gangshen.web.hookpoints import HookPoint

from ._conflicts import conflicts
from ._deliveries import Delivery, deliveries
from ._facts import readable_attributes
from ._snapshots import Snapshot, snapshot
from ._vocabulary import attributes

__all__ = ["DOUBTS", "STAKES", "STAKE_ROWS", "Line", "Quality", "Stakes", "doubts", "open_refusals", "quality"]

STAKE_ROWS = {"subject": pl.String, "attribute": pl.String, "matter": pl.String, "fen": pl.Int64}
DOUBTS = {
    "id": pl.String,
    "subject": pl.String,
    "name": pl.String,
    "synthetic": pl.Boolean,
    "attribute": pl.String,
    "state": pl.String,
    "fen": pl.Int64,
    "as_of": pl.Date,
    "source": pl.String,
    "record": pl.Int64,
}
"""Of :func:`doubts`: ``state`` is stale, disputed or missing; ``fen`` what waits for the value, null where nobody can compute it."""


@dataclass(frozen=True, slots=True)
class Stakes:
    """What waits for values that nobody knows: ``rows(as_of)`` has the columns of ``STAKE_ROWS``.

    A matter (a policy) waits for every attribute it names of a subject; ``fen`` is the most it could then be worth.
    """

    rows: Callable[[dt.date], pl.DataFrame]
    allowed: Callable[[User], bool]


STAKES: HookPoint[Stakes] = HookPoint("money at stake")


@dataclass(frozen=True, slots=True)
class Line:
    """How one attribute stands over all subjects. ``waiting``: subjects for whose value something waits, worth ``fen``."""

    attribute: Attribute
    known: int
    stale: int
    disputed: int
    missing: int
    waiting: int
    fen: int
    matters: int

    @property
    def fresh(self) -> int:
        return self.known - self.stale

    @property
    def share(self) -> float:
        """Per cent of what is known that is out of date."""
        return 100 * self.stale / self.known if self.known else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """The register on one day, as far as its reader may know it."""

    as_of: dt.date
    subjects: int
    lines: list[Line]
    deliveries: list[Delivery]
    refusals: list[Batch]
    likenesses: int
    waiting: int  # subjects for which something waits
    fen: int

    @property
    def known(self) -> int:
        return sum(line.known for line in self.lines)

    @property
    def stale(self) -> int:
        return sum(line.stale for line in self.lines)

    @property
    def disputed(self) -> int:
        return sum(line.disputed for line in self.lines)

    @property
    def refused(self) -> int:
        return sum(batch.refused for batch in self.refusals)

    @property
    def late(self) -> list[Delivery]:
        return [one for one in self.deliveries if one.late]

    @property
    def sound(self) -> bool:
        return not (self.stale or self.disputed or self.fen or self.waiting or self.refused or self.likenesses)

    def figures(self) -> dict[str, int]:
        """What is kept of a day, to be seen over time."""
        return {
            "subjects": self.subjects,
            "known": self.known,
            "stale": self.stale,
            "disputed": self.disputed,
            "waiting": self.waiting,
            "fen": self.fen,
            "refused": self.refused,
            "likenesses": self.likenesses,
            "late": len(self.late),
        }


def quality(as_of: dt.date, user: User | None = None, entity: str = "enterprise") -> Quality:
    """How far the register can be trusted on ``as_of``; ``user`` sees what is open to the roles held, None everything."""
    known = attributes(entity) if user is None else readable_attributes(user, entity)
    made, wanted = snapshot(entity, as_of), stakes(as_of, user, known)
    disputed = dict(conflicts(as_of, entity).group_by("attribute").len().iter_rows())
    per = _per_attribute(wanted)
    lines = [_line(one, made, disputed.get(name, 0), per.get(name)) for name, one in known.items()]
    sources = Source.objects.all() if user is None else Source.objects.for_user(user)
    batches = Batch.objects.all() if user is None else Batch.objects.for_user(user)
    questions = Likeness.objects.all() if user is None else Likeness.objects.for_user(user)
    return Quality(
        as_of=as_of,
        subjects=made.frame.height,
        lines=[line for line in lines if line.known or line.waiting],
        deliveries=deliveries(sources, as_of),
        refusals=list(open_refusals(batches)),
        likenesses=questions.filter(state=Likeness.State.OPEN).count(),
        waiting=wanted.get_column("subject").n_unique(),
        fen=_worth(wanted),
    )


def _line(one: Attribute, made: Snapshot, disputed: int, per: tuple[int, int, int] | None) -> Line:
    frame = made.frame
    known = frame.get_column(one.id).drop_nulls().len() if one.id in frame.columns else 0
    stale = _stale(made, one).height if known else 0
    waiting, fen, matters = per or (0, 0, 0)
    return Line(one, known, stale, disputed, frame.height - known, waiting, fen, matters)


def _stale(made: Snapshot, one: Attribute) -> pl.DataFrame:
    """Subject and record of each value of one attribute that is out of date; what is worked out ages by its inputs."""
    mark = f"{one.id}__stale"
    if one.expression is not None or mark not in made.frame.columns or one.id not in made.records.columns:
        return pl.DataFrame(schema={"subject": pl.String, "record": pl.Int64})
    old = made.frame.select(pl.col("id").alias("subject"), one.id, mark)
    old = old.with_columns(made.records.get_column(one.id).alias("record"))
    return old.filter(pl.col(mark).fill_null(False) & pl.col(one.id).is_not_null()).select("subject", "record")


def stakes(as_of: dt.date, user: User | None, known: Iterable[str]) -> pl.DataFrame:
    """Subject, attribute, matter and fen of all that waits for a value ``user`` may know about."""
    told = [one.rows(as_of) for one in STAKES if user is None or one.allowed(user)]
    rows = pl.concat(told) if told else pl.DataFrame(schema=STAKE_ROWS)
    return rows.filter(pl.col("attribute").is_in(list(known)))


def _per_attribute(wanted: pl.DataFrame) -> dict[str, tuple[int, int, int]]:
    counted = wanted.group_by("attribute").agg(
        pl.col("subject").n_unique(), pl.col("fen").sum(), pl.col("matter").n_unique()
    )
    return {row[0]: (row[1], row[2] or 0, row[3]) for row in counted.iter_rows()}


def _worth(wanted: pl.DataFrame) -> int:
    """What waits altogether: a matter counts once a subject, however many values it lacks."""
    return int(wanted.group_by("subject", "matter").agg(pl.col("fen").max()).get_column("fen").sum() or 0)


def open_refusals(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Imports whose refused rows nobody has sent again: of each source and register only the last delivery counts."""
    of_files = Batch.objects.filter(state=Batch.State.LIVE, file__isnull=False).order_by()
    last = of_files.values("source", "entity").annotate(last=Max("pk")).values("last")
    return batches.filter(pk__in=last, refused__gt=0, quarantine__isnull=False).select_related("source", "file")


def doubts(as_of: dt.date, user: User | None = None, entity: str = "enterprise") -> pl.DataFrame:
    """One row per value that cannot be trusted (columns of ``DOUBTS``), the dearest first."""
    known = attributes(entity) if user is None else readable_attributes(user, entity)
    made = snapshot(entity, as_of)
    waits = pl.when(pl.col("fen").count() > 0).then(pl.col("fen").sum()).otherwise(None)
    worth = stakes(as_of, user, known).group_by("subject", "attribute").agg(waits.alias("fen"), waits=pl.lit(True))
    said = _said(entity, as_of, made.digest).filter(pl.col("attribute").is_in(list(known)))
    against = _disputed(as_of, entity).filter(pl.col("attribute").is_in(list(known)))
    both = ["subject", "attribute"]
    lacking = worth.join(pl.concat([said.select(both), against.select(both)]), on=both, how="anti")
    missing = lacking.select(*both, pl.lit("missing").alias("state"))
    rows = pl.concat([said, against, missing], how="diagonal").join(worth, on=both, how="left")
    rows = rows.with_columns(pl.when("waits").then("fen").otherwise(0).alias("fen"))
    names = made.frame.select(pl.col("id").alias("subject"), pl.coalesce("name", "id").alias("name"), "synthetic")
    found = rows.join(names, on="subject").with_columns(pl.concat_str(both, separator="/").alias("id"))
    dearest = pl.col("fen").fill_null(1)
    found = found.sort(dearest, "as_of", "id", descending=[True, False, False], nulls_last=True)
    return found.select(pl.col(name).cast(kind) for name, kind in DOUBTS.items())


@lru_cache(maxsize=4)
def _said(entity: str, as_of: dt.date, digest: str) -> pl.DataFrame:
    """The values out of date, each with the record that said it; worked out once per snapshot."""
    made = snapshot(entity, as_of)
    parts = []
    for name, one in attributes(entity).items():
        old = _stale(made, one)
        parts.append(old.with_columns(pl.lit(name).alias("attribute"), pl.lit("stale").alias("state")))
    schema: dict[str, Any] = {one: DOUBTS[one] for one in ("subject", "record", "attribute", "state")}
    stale = pl.concat(parts).cast(schema) if parts else pl.DataFrame(schema=schema)  # type: ignore[arg-type]
    return stale.join(_told(stale.get_column("record").unique()), on="record", how="left")


def _told(records: pl.Series) -> pl.DataFrame:
    """When and by whom records were said: ``record as_of source``; the table is read through once, as it lies."""
    said = Record.objects.filter(pk__gte=records.min() or 0, pk__lte=records.max() or 0).order_by()
    rows = said.annotate(day=Cast("as_of", TextField())).values_list("pk", "day", "source_id")
    schema = {"record": pl.Int64, "as_of": pl.String, "source": pl.Int64}
    told = pl.DataFrame(list(rows.iterator(chunk_size=10_000)), schema=schema, orient="row")
    keys = dict(Source.objects.values_list("pk", "key"))
    return told.with_columns(
        pl.col("as_of").str.to_date("%Y-%m-%d"),
        pl.col("source").replace_strict(keys, default=None, return_dtype=pl.String),
    )


def _disputed(as_of: dt.date, entity: str) -> pl.DataFrame:
    rows = conflicts(as_of, entity).unique(["subject", "attribute"], maintain_order=True)
    return rows.select(
        "subject",
        "attribute",
        pl.lit("disputed").alias("state"),
        "as_of",
        pl.col("believed_source").alias("source"),
        pl.col("believed_record").alias("record"),
    )
