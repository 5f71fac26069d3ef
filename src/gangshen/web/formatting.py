"""How figures, money and dates are written, in the language that is active."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.engines.quantities import unit_in_english

__all__ = [
    "day",
    "label",
    "long_day",
    "measured",
    "moment",
    "money_parts",
    "money_text",
    "number",
    "percent",
    "short_day",
    "ten_thousands",
    "unit_words",
    "with_unit",
    "yuan",
]

_WEEKDAYS = "一二三四五六日"
# (at least so many fen, unit, fen in the unit)
_CHINESE_UNITS = ((10**10, "亿元", 10**10), (10**6, "万元", 10**6), (0, "元", 100))
_ENGLISH_UNITS = ((10**11, "billion CNY", 10**11), (10**8, "million CNY", 10**8), (0, "CNY", 100))


def _english() -> bool:
    return (get_language() or "zh-hans").startswith("en")


def label(value: Any) -> str:
    """A label in the active language: a ``Text`` in it, anything else as it reads."""
    if hasattr(value, "in_language"):
        return str(value.in_language(get_language() or "zh-hans"))
    return "" if value is None else str(value)


def number(value: Any, places: int = 2) -> str:
    """``1234.5`` → ``1,234.5``: thousands separated, at most ``places`` decimals, no trailing zeros; None is unknown."""
    if value is None:
        return _("Unknown")
    text = f"{round(Decimal(str(value)), places):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def percent(value: Any, places: int = 1) -> str:
    """``4.6`` (per cent, not a fraction) → ``4.6%``."""
    return _("Unknown") if value is None else f"{number(value, places)}%"


def ten_thousands(fen: Any) -> str:
    """An amount or interval in 万元 without its unit, for columns: ``86–114``; a table's amounts share one unit."""
    low, high = _interval(fen)
    if low is None and high is None:
        return _("Unknown")
    return _range(low, high, 10**6)


def unit_words(unit: Any) -> str:
    """A unit in the active language: ``家`` → ``firms`` in English; one without a word there stays as it is written."""
    written = label(unit)
    return unit_in_english(written) if _english() else written


def measured(value: Any, unit: Any, places: int = 2) -> str:
    """``91.3 亿元``; ``9.13 billion CNY``: a figure with its unit, money in the units of the language.

    ``value`` may be a pair, whose upper end may be unknown (None): ``1–3 家``, ``1–? 家``.
    """
    low, high = value if isinstance(value, tuple) else (value, value)
    money, slash, per = label(unit).partition("/")
    size = next((size for _least, name, size in _CHINESE_UNITS if name == money), 0)
    if size and _english() and low is not None:
        fen = tuple(None if bound is None else int(Decimal(str(bound)) * size) for bound in (low, high))
        return money_text(fen) + unit_words(slash + per)
    figure = (
        number(low, places) if low == high else f"{number(low, places)}–{'?' if high is None else number(high, places)}"
    )
    return " ".join(part for part in (figure, unit_words(unit)) if part)


def with_unit(words: Any, unit: Any) -> str:
    """``面积（m²）``; ``Area (m²)``."""
    said = unit_words(unit)
    if not said:
        return label(words)
    return f"{label(words)} ({said})" if _english() else f"{label(words)}（{said}）"


def yuan(fen: int) -> str:
    """Exact amount in yuan, to the fen: ``128600`` → ``1,286.00``."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def money_parts(fen: Any) -> tuple[str, str]:
    """Figure and unit of an amount in fen, or of an interval (a pair, or an object with ``low`` and ``high``).

    The larger bound chooses the unit, so that both ends of an interval share it. An unknown amount has no unit.
    """
    low, high = _interval(fen)
    if low is None and high is None:
        return _("Unknown"), ""
    largest = max(abs(bound) for bound in (low, high) if bound is not None)
    units = _ENGLISH_UNITS if _english() else _CHINESE_UNITS
    _floor, unit, size = next(one for one in units if largest >= one[0])

    return _range(low, high, size), unit


def _range(low: int | None, high: int | None, size: int) -> str:
    first, last = (None if bound is None else number(Decimal(bound) / size) for bound in (low, high))
    if first is None:
        return _("up to %(amount)s") % {"amount": last}
    if last is None:
        return _("at least %(amount)s") % {"amount": first}
    return first if first == last else f"{first}–{last}"


def money_text(fen: Any) -> str:
    """:func:`money_parts` in one string: ``86–114 万元``."""
    return " ".join(part for part in money_parts(fen) if part)


def _interval(fen: Any) -> tuple[int | None, int | None]:
    if fen is None:
        return None, None
    if isinstance(fen, (tuple, list)):
        return fen[0], fen[1]
    if hasattr(fen, "low"):
        return fen.low, fen.high
    return int(fen), int(fen)


def day(value: date | None) -> str:
    """``2026-11-20``; nothing for None."""
    return "" if value is None else _local(value).strftime("%Y-%m-%d")


def short_day(value: date | None) -> str:
    """``11-20``."""
    return "" if value is None else _local(value).strftime("%m-%d")


def long_day(value: date) -> str:
    """``2026 年 11 月 20 日，星期五``; ``Friday 20 November 2026``."""
    value = _local(value)
    if _english():
        return f"{value:%A} {value.day} {value:%B} {value.year}"
    return f"{value.year} 年 {value.month} 月 {value.day} 日，星期{_WEEKDAYS[value.weekday()]}"


def moment(value: datetime | None) -> str:
    """``11-20 07:30`` in the zone's time."""
    return "" if value is None else f"{_local(value):%m-%d %H:%M}"


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
