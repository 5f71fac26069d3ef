"""Results kept: counted, made safe, written down once; the total as an observation of a series that plans may rest on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import User
from gangshen.apps.indicators.models import Result, Series
from gangshen.apps.indicators.models import Statistic as Row
from gangshen.apps.registers import services as registers
from gangshen.engines import statistics as engine
from gangshen.engines.statistics import Counting, Limits, Measure, Published, Statistic
from gangshen.web.errors import Refused
from gangshen.web.public import SMALLEST

from ._counting import Key, counted, counted_by, counting_key, day_of, growth
from ._series import latest, observe, upsert_series
from ._statistics import definition_of, scope_words
from ._words import headline, in_unit, unit_of

__all__ = ["keep", "kept", "latest_results", "limits_of", "published_lines", "safe_of"]

_NATURES = {
    Measure.COUNT: Series.Nature.LEVEL,
    Measure.SHARE: Series.Nature.RATE,
    Measure.PER_HEAD: Series.Nature.RATE,
    Measure.SUM: Series.Nature.LEVEL,
}


def limits_of(one: Statistic) -> Limits:
    """What is too small to show; of a public statistic at least what the public page asks."""
    if not one.public:
        return one.limits
    return one.limits.model_copy(update={"units": max(one.limits.units, SMALLEST)})


def safe_of(row: Row, counting: Counting, digest: str) -> Published:
    """What of a count may be shown to everyone, seen beside the other public statistics and what was shown last."""
    one = definition_of(row)
    wider = []
    if one.public:
        for other in Row.objects.filter(public=True).exclude(pk=row.pk):
            held = definition_of(other)
            if (held.measure, held.attribute, held.period) == (one.measure, one.attribute, one.period):
                wider.append(counting_key(other, counting.as_of))
    last = row.results.filter(as_of__lt=counting.as_of).order_by("-as_of", "-pk").first()
    differs = last is not None and one.measure in (Measure.SUM, Measure.PER_HEAD)
    earlier = counting_key(row, last.as_of) if last is not None and differs else None
    key: Key = (row.definition, digest, registers.vocabulary_digest(), counting.as_of, ())
    return _safe(key, tuple(wider), earlier)


@lru_cache(maxsize=32)
def _safe(key: Key, wider: tuple[Key, ...], earlier: Key | None) -> Published:
    counting = counted_by(*key)
    beside = [counted_by(*other) for other in wider]
    before = counted_by(*earlier) if earlier else None
    return engine.publish(counting, limits_of(counting.statistic), wider=beside, earlier=before)


def kept(row: Row) -> QuerySet[Result]:
    """Everything kept of a statistic, the newest date first; of one date the one that holds first."""
    return row.results.select_related("actor").order_by("-as_of", "-pk")


def latest_results(rows: Iterable[Row]) -> dict[int, Result]:
    """Statistic → its latest result, in one query."""
    found: dict[int, Result] = {}
    for one in Result.objects.filter(statistic__in=[row.pk for row in rows]).order_by("as_of", "pk"):
        found[one.statistic_id] = one
    return found


def keep(row: Row, as_of: dt.date, *, actor: User | None, now: dt.datetime, note: str = "") -> tuple[Result, bool]:
    """Count on ``as_of`` and keep it; (result, whether it is new). The same figures again add nothing.

    Other figures for a day that has some are a revision and need ``note``. Raises :class:`Refused` for that, for a day
    to come and for a scope without data.
    """
    if actor is not None:
        require(actor, "add", Result)
    if as_of > timezone.localdate(now):
        raise Refused(_("%(at)s lies in the future.") % {"at": as_of}, _("Count as of a day that has been."))
    one = definition_of(row)
    counting, digest = counted(row, as_of)
    if counting.total.value is None:
        raise Refused(_("The scope has no data on %(at)s.") % {"at": as_of}, no_data(one))
    made = _result(row, one, counting, safe_of(row, counting, digest), digest)
    with transaction.atomic():
        Row.objects.select_for_update().get(pk=row.pk)
        held = row.results.filter(as_of=as_of).order_by("-pk").first()
        if held is not None and _same(held, made):
            return held, False
        if held is not None and not note.strip():
            raise Refused(
                _("%(at)s was counted before: %(value)s.") % {"at": as_of, "value": headline(one, held.value)},
                _("A revision needs its reason."),
            )
        made.snapshot, made.note, made.actor, made.recorded_at = digest, note.strip()[:300], actor, now
        made.save()
        _observed(row, one, made, day_of(counting), actor=actor, now=now)
    return made, True


_COUNTED = {"measure", "attribute", "per", "period", "unit", "scope", "counted", "by", "limits", "public"}


def digest_of(one: Statistic) -> str:
    """What a result was counted by; names and notes change nothing."""
    return hashlib.sha256(one.model_dump_json(include=_COUNTED).encode()).hexdigest()


def no_data(one: Statistic) -> str:
    """What to do where nobody told anything: the source that would."""
    known = registers.vocabulary()
    named = [known.get(name) for name in engine.attributes_of(one) if name in known]
    sources = list(dict.fromkeys(attribute.source for attribute in named if attribute.source))
    said = "、".join(sources)
    return _("Name or load the source that tells it: %(sources)s.") % {"sources": said} if said else ""


def _result(row: Row, one: Statistic, counting: Counting, safe: Published, digest: str) -> Result:
    total, grown = counting.total, growth(one, counting, digest)
    tables = [
        {
            "by": list(by),
            "cells": [
                {
                    "key": list(cell.key),
                    "n": cell.n,
                    "open": cell.open,
                    "value": cell.value,
                    "hidden": not safe.shows(by, cell),
                }
                for cell in counting.cells(by)
            ],
        }
        for by in one.tables
    ]
    rates = {}
    if grown is not None:
        rates = {
            "then": str(grown.then),
            "period": grown.period,
            "published": grown.published,
            "comparable": grown.comparable,
            "firms": grown.firms,
            "real": grown.real,
            "average": grown.average,
            "base_year": grown.base_year,
        }
    return Result(
        statistic=row,
        as_of=counting.as_of,
        period=counting.period,
        value=total.value,
        n=total.n,
        open=total.open,
        shown=safe.total_shown,
        tables=tables,
        growth=rates,
        synthetic=bool(counting.rows["synthetic"].any()),
        definition=digest_of(one),
    )


def _same(held: Result, made: Result) -> bool:
    same_value = float(held.value or 0) == round(float(made.value or 0), 6)
    return same_value and (held.n, held.open, held.shown, held.tables, held.definition) == (
        made.n,
        made.open,
        made.shown,
        made.tables,
        made.definition,
    )


def _observed(row: Row, one: Statistic, made: Result, at: dt.date, *, actor: User | None, now: dt.datetime) -> None:
    """The total as an observation, where everyone may see it."""
    if not made.shown or (row.closed and not one.public):
        return
    scope = scope_words(one, "zh-hans")[:300]
    if row.series is None:
        row.series = upsert_series(
            [
                {
                    "key": f"count-{row.key}"[:100],
                    "name": row.name,
                    "name_en": row.name_en,
                    "unit": unit_of(one)[:20],
                    "period": "year" if len(made.period) == 4 else "quarter" if made.period else "day",
                    "nature": _NATURES[one.measure],
                    "scope": scope,
                    "synthetic": made.synthetic,
                }
            ]
        )[0]
        row.save(update_fields=["series"])
    before = latest(row.series, at)
    again = _("counted again on %(day)s") % {"day": made.as_of} if before is not None and before.at == at else ""
    unknown = f"，另有 {made.open} 家未知" if made.open else ""
    observe(
        row.series,
        at,
        str(round(in_unit(one, made.value) or 0, 6)),
        citation=f"企业库统计，{made.as_of}，{made.n} 家{unknown}；口径：{scope}"[:300],
        note=made.note or again,
        now=now,
        actor=actor,
    )


def published_lines(result: Result) -> list[dict[str, Any]]:
    """The tables of a result as everyone may see them: hidden cells have neither figure nor number of firms."""
    words, names = registers.vocabulary(), registers.names()
    tables = []
    for table in result.tables:
        by = tuple(table["by"])
        lines = []
        for cell in table["cells"]:
            hidden = cell["hidden"] or not result.shown
            labels = tuple(
                engine.class_label(name, value, words, names) for name, value in zip(by, cell["key"], strict=True)
            )
            lines.append(
                {
                    "key": tuple(cell["key"]),
                    "classes": labels,
                    "hidden": hidden,
                    "n": None if hidden else cell["n"],
                    "open": None if hidden else cell["open"],
                    "value": None if hidden else cell["value"],
                }
            )
        lines.sort(key=_in_order)
        tables.append({"by": by, "lines": lines})
    return tables


def _in_order(line: dict[str, Any]) -> tuple[bool, float, tuple[str, ...]]:
    """What is shown by size, what is hidden by name: its place must not tell how large it is."""
    return line["hidden"], -(line["n"] or 0), line["key"]
