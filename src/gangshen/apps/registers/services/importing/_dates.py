"""Days and periods as people type them into cells; what had to be taken for something is said."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from gangshen.apps.registers.services._law import period_end
from gangshen.engines.formats import Text

from ._spans import span_in, spanned

__all__ = ["day_text", "last_day", "period_of"]

_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")  # 1927 to 2119
_MONTH = re.compile(r"(\d{4})\s*(?:年|-|/|\.)\s*(\d{1,2})\s*月?")
_DAY = re.compile(
    r"(\d{4})\s*(?:年|-|/|\.)\s*(\d{1,2})\s*(?:月|-|/|\.)\s*(\d{1,2})\s*日?(?:[ T]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
)
_CUT = re.compile(r"\d{4}\.1")
"""January, or October of which Excel has cut the last 0: nobody can tell."""
_YEAR = re.compile(r"(\d{4})\s*年?(?:度)?")


def day_text(text: str, epoch: dt.date) -> tuple[str, Text | None]:
    """The day in ISO where it can be read, else ``text`` as it is; and what it had to be taken for.

    >>> day_text("2023年5月", dt.date(1899, 12, 30))[0], day_text("45000", dt.date(1899, 12, 30))[0]
    ('2023-05-01', '2023-03-15')
    """
    words = unicodedata.normalize("NFKC", text).strip()
    if found := _DAY.fullmatch(words):
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}", None
    if _SERIAL.fullmatch(words):
        day = epoch + dt.timedelta(days=int(float(words)))
        return day.isoformat(), Text(
            zh=f"“{text}”按 Excel 日期序号读作 {day}", en=f"{text!r} read as Excel's day {day}"
        )
    if (found := _MONTH.fullmatch(words)) and 1 <= int(found[2]) <= 12 and not _CUT.fullmatch(words):
        day = dt.date(int(found[1]), int(found[2]), 1)
        return day.isoformat(), Text(zh=f"“{text}”没有日，记作 {day}", en=f"{text!r} names no day: kept as {day}")
    return text, None


def last_day(text: str, epoch: dt.date) -> str:
    """As :func:`day_text`, but a month without a day is meant to its end."""
    if (found := _MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())) and 1 <= int(found[2]) <= 12:
        return period_end(f"{found[1]}-{int(found[2]):02d}").isoformat()
    return day_text(text, epoch)[0]


def period_of(text: str) -> str:
    """2025, 2025Q3, 2025-09, or 2025-01/10 of 2025年1-10月; raises ValueError."""
    words = unicodedata.normalize("NFKC", text).strip()
    if (span := span_in(words)) and span.last and (named := re.match(r"(?:19|20)\d\d", words)):
        period = spanned(named[0], span)
    elif year := _YEAR.fullmatch(words):
        period = year[1]
    elif (month := _MONTH.fullmatch(words)) and 1 <= int(month[2]) <= 12:
        period = f"{month[1]}-{int(month[2]):02d}"
    else:
        period = re.sub(r"年?第?([1-4一二三四])季度", lambda found: f"Q{_quarter(found[1])}", words).upper()
    period_end(period)
    return period


def _quarter(words: str) -> str:
    return str("一二三四".index(words) + 1) if words in "一二三四" else words
