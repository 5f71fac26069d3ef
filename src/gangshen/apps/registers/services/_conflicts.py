"""Values on which two sources disagree, over all subjects."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import lru_cache

import polars as pl
from django.utils.translation import get_language

from gangshen.apps.registers.models import Record

from ._law import Statement, believe, conflicting, read, statement_of
from ._pointers import pointers
from ._shown import shown
from ._snapshots import snapshot
from ._vocabulary import attributes

__all__ = ["CONFLICTS", "MOST", "conflicts"]

MOST = 2000  # subjects looked at in one list
CONFLICTS = pl.DataFrame(
    schema={
        "id": pl.String,
        "subject": pl.String,
        "name": pl.String,
        "synthetic": pl.Boolean,
        "attribute": pl.String,
        "period": pl.String,
        "as_of": pl.Date,
        "believed": pl.String,
        "believed_source": pl.String,
        "believed_record": pl.Int64,
        "other": pl.String,
        "other_source": pl.String,
        "other_record": pl.Int64,
    }
)


def conflicts(as_of: dt.date | None = None, entity: str = "enterprise") -> pl.DataFrame:
    """One row per contradiction (columns of ``CONFLICTS``), values in words; the first ``MOST`` subjects that have any."""
    made = snapshot(entity, as_of)
    return _conflicts(entity, made.as_of, made.digest, get_language() or "")


@lru_cache(maxsize=4)
def _conflicts(entity: str, as_of: dt.date, digest: str, language: str) -> pl.DataFrame:
    """Worked out once per snapshot and language."""
    made = snapshot(entity, as_of)
    suspects = made.disputed.get_column("id").head(MOST).to_list()
    said: dict[str, list[Record]] = defaultdict(list)
    into = pointers()
    family = {*suspects, *(merged for merged, kept in into.items() if kept in suspects)}
    live = Record.objects.filter(entity=entity, batch__state="live", subject__in=family, as_of__lte=made.as_of)
    for record in live.select_related("source"):
        said[into.get(record.subject, record.subject)].append(record)
    names = dict(made.frame.filter(pl.col("id").is_in(suspects)).select("id", "name").iter_rows())
    rows = [
        (f"{subject}/{row[1]}/{row[9]}", subject, names.get(subject) or subject, *row)
        for subject in sorted(said)
        for row in _of(subject, said[subject], made.as_of, entity)
    ]
    return pl.DataFrame(rows, schema=CONFLICTS.schema, orient="row") if rows else CONFLICTS


def _of(subject: str, records: list[Record], as_of: dt.date, entity: str) -> list[tuple[object, ...]]:
    by_id = {record.pk: record for record in records}
    statements: list[Statement] = [statement_of(record) for record in records]
    known = attributes(entity)
    rows: list[tuple[object, ...]] = []
    for name, fact in believe(statements, known, as_of).items():
        if not fact.conflict or fact.record_id is None:
            continue
        top = by_id[fact.record_id]
        order = [one for one in statements if name in one.values and one.id != top.pk] + [statement_of(top)]
        for other in conflicting(known[name], order, as_of):
            rows.append(
                (
                    fact.synthetic,
                    name,
                    fact.period,
                    fact.as_of,
                    shown(known[name], fact.value),
                    top.source.name,
                    top.pk,
                    shown(known[name], read(known[name], other.values[name])),
                    by_id[other.id].source.name,
                    other.id,
                )
            )
    return rows
