"""A cell in its forms: on the page, as JSON, as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gangshen.web import components, formatting
from gangshen.web.formatting import label

from ._declare import Column, Listing, Row

__all__ = ["head", "html", "main_html", "plain", "reach", "text", "value", "words"]

RIGHT = {"money", "number", "percent"}


def reach(row: Row, path: str) -> Any:
    """``reach(task, "plan__title")``: follow a path through attributes or keys; None ends it."""
    for part in path.split("__"):
        if row is None:
            return None
        row = row.get(part) if isinstance(row, dict) else getattr(row, part)
        if callable(row):
            row = row()
    return row


def _take(row: Row, what: str | Callable[[Row], Any]) -> Any:
    return reach(row, what) if isinstance(what, str) else what(row)


def value(column: Column, row: Row) -> Any:
    """The raw value of a cell."""
    return _take(row, column.value or column.id)


def head(column: Column) -> str:
    """The column's name with its unit: ``面积（m²）``; money stands in 万元 on pages."""
    return formatting.with_unit(column.label, column.unit or (_("10k yuan") if column.kind == "money" else ""))


def words(column: Column, row: Row) -> str:
    """The cell in words."""
    return text(column, value(column, row))


def html(column: Column, row: Row) -> SafeString:
    """The cell on the page, its second line included."""
    shown = _html(column, value(column, row))
    if column.second is None:
        return shown
    second = label(_take(row, column.second))
    return format_html('{}<span class="l2">{}</span>', shown, second) if second else shown


def _html(column: Column, held: Any) -> SafeString:
    if column.kind == "marks":
        return SafeString("".join(components.mark(kind, short=True) for kind in held or ()))
    if held is None or held == (None, None):
        return format_html('<span class="dim">{}</span>', _("Unknown"))
    if held in ("", [], ()):
        return SafeString("")
    if column.kind == "status":
        return components.status(*held)
    if column.kind == "dots":
        return components.dots(list(held))
    if column.kind == "link":
        return format_html('<a href="{}">{}</a>', held[0], label(held[1]))
    if column.kind == "ref":
        chips = [held] if isinstance(held, tuple) else list(held)
        return format_html_join("", "{}", ((components.chip(*one),) for one in chips))
    if column.kind == "bool":
        return components.status("ok" if held else "na", _("yes") if held else _("no"))
    return conditional_escape(text(column, held))


def main_html(listing: Listing, column: Column, row: Row) -> SafeString:
    """The cell that names the row: its link, then its marks."""
    shown = _html(column, value(column, row))
    url = listing.row_url(row) if listing.row_url else ""
    if url:
        aim = format_html(' hx-get="{}" hx-target="#panel"', url) if listing.panel else ""
        shown = format_html('<a class="row" href="{}"{}>{}</a>', url, aim, shown)
    marks = SafeString("".join(components.mark(kind, short=True) for kind in listing.marks(row)))
    second = label(_take(row, column.second)) if column.second is not None else ""
    return format_html("{} {}{}", shown, marks, format_html('<span class="l2">{}</span>', second) if second else "")


def text(column: Column, held: Any) -> str:
    """The cell in words, as on the command line."""
    if held is None:
        return _("Unknown")
    match column.kind:
        case "money":
            return formatting.ten_thousands(held)
        case "number":
            return formatting.number(held, 4)
        case "percent":
            return formatting.percent(held, 2)
        case "date":
            return formatting.day(held)
        case "moment":
            return formatting.moment(held)
        case "bool":
            return _("yes") if held else _("no")
        case "status" | "link":
            return label(held[1])
        case "ref":
            return " ".join(str(one[0]) for one in ([held] if isinstance(held, tuple) else held))
        case "marks":
            return _(", ").join(str(components.MARKS[kind][1]) for kind in held)
        case "dots":
            return " ".join(held)
        case _:
            return label(held)


def plain(column: Column, held: Any) -> Any:
    """The cell as JSON: money in fen (or its low and high), dates in ISO form, unknown as null."""
    if held is None:
        return [] if column.kind in ("marks", "dots") else None
    match column.kind:
        case "money" if not isinstance(held, int):
            low, high = (held.low, held.high) if hasattr(held, "low") else held
            return {"low": low, "high": high}
        case "status":
            return {"state": held[0], "words": label(held[1])}
        case "link":
            return {"url": held[0], "words": label(held[1])}
        case "ref":
            return [str(one[0]) for one in ([held] if isinstance(held, tuple) else held)]
        case "marks" | "dots":
            return list(held)
        case "label" if hasattr(held, "in_language"):
            return {"zh": held.zh, "en": held.en}
    if isinstance(held, (date, datetime)):
        return held.isoformat()
    if isinstance(held, Decimal):
        return float(held)
    return held if isinstance(held, (int, float, bool, str)) else label(held)
