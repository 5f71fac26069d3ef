"""The refused rows as Excel: the sender's columns, and why, to be corrected and imported again as it is.

What held for the whole file goes along, so that the rows mean the same: its title and unit above the headers, the period
and date that whoever imported it stated as columns.
"""

from __future__ import annotations

import io
import re

from django.utils.translation import gettext as _

from gangshen.engines.formats import Text
from gangshen.web.excel import plain
from gangshen.web.formatting import label

from ._examine import Examination
from ._memory import BESIDE
from ._parsed import Refusal
from ._personal import mask

__all__ = ["quarantine"]

_WIDEST = 60
_NO_NAME = re.compile(r"[\[\]:*?/\\']")  # what Excel lets no sheet be called


def quarantine(examination: Examination) -> bytes:
    """The faulty cells marked, the reason in the last column. Personal data that were not to come in are not given back."""
    from xlsxwriter import Workbook

    by_line: dict[int, list[Refusal]] = {}
    for one in examination.parsed.refused:
        by_line.setdefault(one.line, []).append(one)
    headers, above, stated = list(examination.table.headers), _above(examination), _stated(examination)
    how = {column.header: column.personal for column in examination.columns}
    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        as_typed = {"num_format": "@"}  # a long code or a date stays so
        kept, marked = book.add_format(as_typed), book.add_format(as_typed | {"bg_color": "#FFF2CC"})
        sheet = book.add_worksheet(_sheet_name(examination))
        sheet.freeze_panes(len(above) + 1, 0)
        for at, header in enumerate(headers):
            sheet.set_column(at, at, min(_WIDEST, max(12, len(header) * 2 + 2)))
        last = len(headers) + len(stated)
        sheet.set_column(last + 1, last + 1, _WIDEST)
        for at, line in enumerate(above):
            sheet.write_string(at, 0, plain(line), bold)
        for at, words in enumerate((*headers, *map(label, (*stated, BESIDE["row"], BESIDE["reason"])))):
            sheet.write_string(len(above), at, plain(words), bold)
        for number, (line, faults) in enumerate(by_line.items(), start=len(above) + 1):
            wrong = {one.field for one in faults}
            for at, header in enumerate(headers):
                held = _shown(faults[0].row.cells[header], how[header]) or ""
                sheet.write_string(number, at, plain(held), marked if header in wrong else kept)
            for at, held in enumerate(stated.values(), start=len(headers)):
                sheet.write_string(number, at, held, kept)
            if place := examination.table.place(line, ""):
                sheet.write_string(number, last, plain(place))
            else:
                sheet.write_number(number, last, line)
            sheet.write_string(number, last + 1, plain("；".join(_said(one) for one in faults)))
    return out.getvalue()


def _above(examination: Examination) -> list[str]:
    """The title of the file with the year that was stated, and the unit of its amounts where the title does not say it."""
    layout, unit = examination.table.layout, f"单位：{examination.table.layout.unit}"
    year = f"{examination.period[:4]}年" if examination.period else ""
    lines = [" ".join(filter(None, (year, layout.title))), f"（{unit}）"]
    return [*filter(None, lines[:1]), *(lines[1:] if layout.unit and unit not in layout.title else [])]


def _stated(examination: Examination) -> dict[Text, str]:
    """Heads of columns that the file lacks, and what was stated instead of them."""
    given = {"period": examination.period, "as_of": examination.as_of.isoformat() if examination.as_of else ""}
    own = {column.target for column in examination.columns}
    return {BESIDE[target]: held for target, held in given.items() if held and target not in own}


def _sheet_name(examination: Examination) -> str:
    """As in the file: it may say of which months the figures are. The sheet of a form says only whose it is."""
    layout = examination.table.layout
    return _NO_NAME.sub("", "" if layout.places else layout.sheet)[:31] or _("Refused rows")


def _said(one: Refusal) -> str:
    words: Text = one.message
    return f"{one.field}：{words.zh}" if one.field else words.zh


def _shown(text: str | None, personal: str) -> str | None:
    if text is None or personal in ("", "keep"):
        return text
    return mask(text) if personal == "mask" else None
