"""A statistic as plain values: for the API, the command line and workbooks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.indicators.models import Statistic as Row
from gangshen.engines.statistics import AXES, Cell, Measure, axes_of
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._counting import counted, growth, lines_of
from ._keeping import kept, published_lines, safe_of
from ._safe import axes_for, sees_all
from ._sheets import table_sheet, workbook_of
from ._statistics import definition_of, scope_words
from ._words import in_unit, unit_of

__all__ = ["checked_axes", "report", "report_for", "report_workbook"]


def checked_axes(by: str) -> tuple[str, ...]:
    """``town,size`` as axes; raises :class:`Refused` for what is none."""
    axes = axes_of(by)
    if any(name not in AXES for name in axes) or len(axes) > 2 or len(set(axes)) < len(axes):
        raise Refused(
            _("“%(by)s” is no way to split it.") % {"by": by},
            _("Name one or two of: %(axes)s.") % {"axes": ", ".join(AXES)},
        )
    return axes


def report(row: Row, day: dt.date, *, by: str = "", published: bool = False) -> dict[str, Any]:
    """Counted on ``day``, with every cell; ``published`` leaves the figures of hidden cells out."""
    one, asked = definition_of(row), checked_axes(by)
    own = {frozenset(table) for table in one.tables} | {frozenset([name]) for table in one.tables for name in table}
    if published and asked and frozenset(asked) not in own:
        raise Refused(_("Only its own tables are made safe."), _("Add the table to the definition first."))
    counting, digest = counted(row, day, asked)
    safe = safe_of(row, counting, digest)
    tables = [asked] if asked else one.tables
    made = _head(row, day, counting.period) | _figures(one, counting.total)
    made["tables"] = []
    for axes in tables:
        lines = [
            {
                "classes": [label(part) for part in line.classes],
                "value": None if published and line.hidden else in_unit(one, line.cell.value),
                "firms": None if published and line.hidden else line.cell.n,
                "unknown": None if published and line.hidden else line.cell.open,
                "hidden": line.hidden,
            }
            for line in lines_of(counting, axes, safe)
        ]
        made["tables"].append({"by": list(axes), "cells": lines})
    if published and not safe.total_shown:
        made |= {"value": None, "firms": None, "unknown": None, "among": None}
    grown = growth(one, counting, digest)
    made["growth"] = {
        "then": grown.then.isoformat(),
        "published_scope": grown.published,
        "comparable_scope": grown.comparable,
        "comparable_firms": grown.firms,
        "comparable_prices": grown.real,
        "average": grown.average,
        "base_year": grown.base_year,
    } if grown and not published else None  # fmt: skip
    return made


def _head(row: Row, day: dt.date, period: str) -> dict[str, Any]:
    one = definition_of(row)
    return {
        "key": row.key,
        "name": label(row.label),
        "as_of": day.isoformat(),
        "period": period,
        "unit": unit_of(one),
        "measure": one.measure.value,
        "scope": scope_words(one),
    }


def _figures(one: Any, total: Cell) -> dict[str, Any]:
    value = in_unit(one, total.value)
    if one.measure is Measure.SHARE and value is not None:
        value = round(value, 6)
    return {"value": value, "firms": total.n, "unknown": total.open, "among": total.among}


def report_for(user: Any, row: Row, day: dt.date, *, by: str = "") -> dict[str, Any]:
    """What ``user`` may see of it: counted now, or the last result as it is published."""
    one, asked = definition_of(row), checked_axes(by)
    if sees_all(user, one, asked or tuple(name for table in one.tables for name in table)):
        if any(name not in axes_for(user, one) for name in asked):
            raise Refused(_("This split is not open to your role."), _("Choose one of the tables of the page."))
        return report(row, day, by=by)
    last = kept(row).filter(as_of__lte=day).first()
    if last is None:
        return _head(row, day, "") | {"value": None, "tables": [], "note": _("No result has been published yet.")}
    tables = [
        {
            "by": list(table["by"]),
            "cells": [
                {
                    "classes": [label(part) for part in line["classes"]],
                    "value": in_unit(one, line["value"]),
                    "firms": line["n"],
                    "unknown": line["open"],
                    "hidden": line["hidden"],
                }
                for line in table["lines"]
            ],
        }
        for table in published_lines(last)
    ]
    shown = last.shown
    return _head(row, last.as_of, last.period) | {
        "value": in_unit(one, last.value) if shown else None,
        "firms": last.n if shown else None,
        "unknown": last.open if shown else None,
        "tables": [table for table in tables if not asked or table["by"] == list(asked)],
        "growth": None,
    }


def report_workbook(row: Row, made: dict[str, Any]) -> bytes:
    """The report as a workbook, a sheet a table."""
    one = definition_of(row)
    about = f"{made['name']} · {made['as_of']} · {made['scope']}"
    total = {"classes": (), "value": made["value"], "n": made["firms"], "open": made["unknown"], "hidden": False}
    tables = [((), [total])]
    for table in made["tables"]:
        lines = [{**cell, "n": cell["firms"], "open": cell["unknown"]} for cell in table["cells"]]
        tables.append((tuple(table["by"]), lines))
    return workbook_of([table_sheet(one, by, lines, about, said=True) for by, lines in tables])
