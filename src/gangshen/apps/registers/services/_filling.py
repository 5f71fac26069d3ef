"""A workbook to fill in: a row per firm and period with an empty cell for each value in doubt; the importer reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.engines.vocabulary import Attribute, AttributeType, Period, World
from gangshen.web.excel import Head, Sheet, workbook
from gangshen.web.formatting import label

from ._shown import shown
from ._snapshots import snapshot
from ._vocabulary import attributes, vocabulary

__all__ = ["filling_workbook", "header_of", "period_of"]

KEY, PERIOD = "企业编号", "所属期"  # as the importer knows them, in either language


def header_of(attribute: Attribute) -> str:
    """The column head by which the importer finds the attribute and its unit again."""
    unit = {AttributeType.MONEY: "万元", AttributeType.PERCENT: "%"}.get(attribute.type, attribute.unit or "")
    name = attribute.label.zh if vocabulary().link(attribute.label.zh) == attribute else attribute.id
    return f"{name}（{unit}）" if unit else name


def period_of(attribute: Attribute, today: dt.date) -> str:
    """The last closed period of its kind, which an answer of today speaks of; empty for a state."""
    if attribute.period is Period.YEAR:
        return str(today.year - 1)
    before = today.replace(day=1) - dt.timedelta(days=1)
    if attribute.period is Period.MONTH:
        return f"{before:%Y-%m}"
    quarter = today.year * 4 + (today.month - 1) // 3 - 1
    return f"{quarter // 4}Q{quarter % 4 + 1}" if attribute.period is Period.QUARTER else ""


def filling_workbook(rows: pl.DataFrame, today: dt.date, entity: str = "enterprise") -> bytes:
    """``rows`` of :func:`doubts` as Excel: the sheet to fill in and import, and what is known of each value now.

    Cells are empty: what is out of date and comes back untouched must not look new.
    """
    known = attributes(entity)
    wanted = _wanted(rows, entity)
    used = {one for _subject, _name, one in wanted}
    columns = [name for name in known if name in used]
    heads = [header_of(known[name]) for name in columns]
    fields = [KEY, _("Enterprise (do not change)"), PERIOD, *heads, _("Asked for")]
    lines: list[list[Any]] = []
    asked: dict[tuple[str, str, str], list[str]] = {}
    for subject, name, one in wanted:
        asked.setdefault((subject, name, period_of(known[one], today)), []).append(one)
    for (subject, name, period), names in asked.items():
        said = "；".join(label(known[one].label) for one in columns if one in names)
        lines.append([subject, name, period, *([None] * len(columns)), said])
    told = [
        Head(_("Enterprise"), width=30),
        Head(_("Attribute"), width=20),
        Head(_("State")),
        Head(_("Value")),
        Head(_("As of"), "date"),
        Head(_("Source"), width=24),
        Head(_("Money waiting (yuan)"), "money"),
    ]
    return workbook(
        [
            Sheet(_("To be filled in"), None, [Head(one) for one in fields], lines),
            Sheet(_("What is known now"), None, told, _known_now(rows, today, entity)),
        ]
    )


def _wanted(rows: pl.DataFrame, entity: str) -> list[tuple[str, str, str]]:
    """Subject, its name and attribute; instead of what is worked out, the inputs nobody has stated."""
    known, words = attributes(entity), vocabulary()
    frame = snapshot(entity).frame
    at = {subject: row for row, subject in enumerate(frame.get_column("id"))}
    found: dict[tuple[str, str, str], None] = {}

    def spread(subject: str, name: str, one: str) -> None:
        if known[one].expression is not None:
            for other in words.inputs(one):
                if other in known and (known[other].expression or frame.get_column(other)[at[subject]] is None):
                    spread(subject, name, other)
        elif known[one].world is not World.DERIVED:
            found[subject, name, one] = None

    for row in rows.iter_rows(named=True):
        if row["subject"] in at:
            spread(row["subject"], row["name"], row["attribute"])
    return list(found)


def _known_now(rows: pl.DataFrame, today: dt.date, entity: str) -> Iterator[list[Any]]:
    known, frame = attributes(entity), snapshot(entity, today).frame
    at = {subject: row for row, subject in enumerate(frame.get_column("id"))}
    names = dict(Source.objects.values_list("key", "name"))
    states = {"stale": _("out of date"), "disputed": _("sources disagree"), "missing": _("not known")}
    for row in rows.iter_rows(named=True):
        one = known[row["attribute"]]
        value = frame.get_column(one.id)[at[row["subject"]]] if one.id in frame.columns else None
        value = value.to_list() if isinstance(value, pl.Series) else value
        said = shown(one, value) if value is not None else ""
        source = names.get(row["source"] or "", row["source"] or "")
        yield [row["name"], label(one.label), states[row["state"]], said, row["as_of"], source, row["fen"]]
