"""The refused rows as Excel: the sender's columns, and why, to be corrected and imported again as it is."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _

from gangshen.engines.formats import Text
from gangshen.web.excel import plain

from ._examine import Examination
from ._parsed import Refusal
from ._personal import mask

__all__ = ["quarantine"]

_WIDEST = 60


def quarantine(examination: Examination) -> bytes:
    """Headers in the first row, the faulty cells marked, the reason in the last column. Personal data that were not to come
    in are not given back either."""
    from xlsxwriter import Workbook

    by_line: dict[int, list[Refusal]] = {}
    for one in examination.parsed.refused:
        by_line.setdefault(one.line, []).append(one)
    headers = list(examination.table.headers)
    how = {column.header: column.personal for column in examination.columns}
    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        as_typed = {"num_format": "@"}  # a long code or a date stays so
        kept, marked = book.add_format(as_typed), book.add_format(as_typed | {"bg_color": "#FFF2CC"})
        sheet = book.add_worksheet(_("Refused rows"))
        sheet.freeze_panes(1, 0)
        for at, header in enumerate(headers):
            sheet.set_column(at, at, min(_WIDEST, max(12, len(header) * 2 + 2)))
        sheet.set_column(len(headers) + 1, len(headers) + 1, _WIDEST)
        for at, words in enumerate((*headers, _("Row of the file"), _("Reason"))):
            sheet.write_string(0, at, plain(words), bold)
        for number, (line, faults) in enumerate(by_line.items(), start=1):
            wrong = {one.field for one in faults}
            for at, header in enumerate(headers):
                held = _shown(faults[0].row.cells[header], how[header]) or ""
                sheet.write_string(number, at, plain(held), marked if header in wrong else kept)
            if place := examination.table.place(line, ""):
                sheet.write_string(number, len(headers), plain(place))
            else:
                sheet.write_number(number, len(headers), line)
            sheet.write_string(number, len(headers) + 1, plain("；".join(_said(one) for one in faults)))
    return out.getvalue()


def _said(one: Refusal) -> str:
    words: Text = one.message
    return f"{one.field}：{words.zh}" if one.field else words.zh


def _shown(text: str | None, personal: str) -> str | None:
    if text is None or personal in ("", "keep"):
        return text
    return mask(text) if personal == "mask" else None
