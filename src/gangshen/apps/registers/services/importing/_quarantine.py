"""The refused rows as Excel: the sender's columns, and why, to be corrected and imported again as it is."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _

from gangshen.engines.formats import Text

from ._examine import Examination
from ._parsed import Refusal
from ._personal import mask

__all__ = ["quarantine"]

_WIDEST = 60


def quarantine(examination: Examination) -> bytes:
    """Headers in the first row, the faulty cells marked, the reason in the last column. Personal data that were not to come
    in are not given back either."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font, PatternFill

    by_line: dict[int, list[Refusal]] = {}
    for one in examination.parsed.refused:
        by_line.setdefault(one.line, []).append(one)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Refused rows"))
    headers = list(examination.table.headers)
    how = {column.header: column.personal for column in examination.columns}
    sheet.freeze_panes = "A2"
    for at, header in enumerate(headers, start=1):
        sheet.column_dimensions[_letters(at)].width = min(_WIDEST, max(12, len(header) * 2 + 2))
    sheet.column_dimensions[_letters(len(headers) + 2)].width = _WIDEST
    bold, marked = Font(bold=True), PatternFill("solid", fgColor="FFF2CC")
    heads = [WriteOnlyCell(sheet, value=words) for words in (*headers, _("Row of the file"), _("Reason"))]
    for head in heads:
        head.font = bold
    sheet.append(heads)
    for line, faults in by_line.items():
        wrong, cells = {one.field for one in faults}, []
        for header in headers:
            held = _shown(faults[0].row.cells[header], how[header])
            cell = WriteOnlyCell(sheet, value=held and ILLEGAL_CHARACTERS_RE.sub("", held))
            if held:
                cell.data_type = "s"  # "=1+1" stays those four signs and can be imported again
            cell.number_format = "@"  # a long code or a date stays as it was typed
            if header in wrong:
                cell.fill = marked
            cells.append(cell)
        sheet.append([*cells, line, "；".join(_said(one) for one in faults)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _said(one: Refusal) -> str:
    words: Text = one.message
    return f"{one.field}：{words.zh}" if one.field else words.zh


def _shown(text: str | None, personal: str) -> str | None:
    if text is None or personal in ("", "keep"):
        return text
    return mask(text) if personal == "mask" else None


def _letters(at: int) -> str:
    letters = ""
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
