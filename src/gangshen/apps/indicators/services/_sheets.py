"""A statistic as a workbook: what it says, each table, and its firms where the reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from gangshen.engines.statistics import AXES, Counting, Statistic
from gangshen.web.excel import Head, Sheet, workbook
from gangshen.web.formatting import label

from ._words import in_unit, unit_of

__all__ = ["HIDDEN", "axis_words", "firm_sheet", "table_sheet", "workbook_of"]

HIDDEN = "…"
"""Stands for a cell that is too small to show, as statistical yearbooks print it."""


def axis_words(by: Sequence[str]) -> str:
    """街镇 × 规模."""
    return " × ".join(label(AXES[name].label) for name in by) or _("All together")


def table_sheet(
    one: Statistic, by: Sequence[str], lines: Sequence[dict[str, Any]], about: str, *, said: bool = False
) -> Sheet:
    """A table as a sheet; ``lines`` have classes, value (stored, or already ``said`` in its unit), n, open and hidden."""
    heads = [
        *(Head(label(AXES[name].label), width=24) for name in by),
        Head(f"{label(one.name)} ({unit_of(one)})", "number", 20),
        Head(_("Firms in it"), "number"),
        Head(_("Unknown firms"), "number"),
        Head(_("Published")),
    ]
    rows = [
        [
            *(label(part) for part in line["classes"]),
            HIDDEN
            if line["value"] is None and line["hidden"]
            else line["value"]
            if said
            else in_unit(one, line["value"]),
            line["n"],
            line["open"],
            _("no, too small") if line["hidden"] else _("yes"),
        ]
        for line in lines
    ]
    return Sheet(axis_words(by), about, heads, rows)


def firm_sheet(one: Statistic, counting: Counting, about: str, *, values: bool) -> Sheet:
    """The firms behind the total; with their values where these may be seen."""
    heads = [Head(_("Enterprise"), width=36), Head(_("Key"), width=22), Head(_("State"))]
    if values:
        heads.append(Head(f"{label(one.name)} ({unit_of(one)})", "number", 20))
    rows = []
    for firm in counting.firms().iter_rows(named=True):
        cells = [firm["name"] or firm["id"], firm["id"], _("counted") if firm["known"] else _("unknown")]
        rows.append([*cells, in_unit(one, firm["num"]) if firm["known"] else None] if values else cells)
    return Sheet(_("Firms"), about, heads, rows)


def workbook_of(sheets: Sequence[Sheet]) -> bytes:
    return workbook(sheets)
