"""Printed pages: columns, tables, headings over both columns."""

import io

import pytest
from reading_files import PLAN
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from gangshen.engines.reading import extract, read

TITLE, *BODY = PLAN.strip().splitlines()
LONG = [*BODY, *(line.replace("低空", "机器人") for line in BODY[4:])]


def _wrapped(lines: list[str], width: int) -> list[str]:
    return [line[i : i + width] for line in lines for i in range(0, len(line), width)]


def _pdf(drawn: list[tuple[float, float, str]]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    page.setFont("STSong-Light", 11)
    for x, y, text in drawn:
        page.drawString(x, y, text)
    page.save()
    return out.getvalue()


@pytest.mark.parametrize("by_row", [False, True], ids=["column by column", "row by row"])
def test_two_columns_are_read_one_after_the_other(by_row: bool) -> None:
    lines = _wrapped(LONG, 19)
    half = (len(lines) + 1) // 2
    left = [(60.0, 740.0 - 18 * i, line) for i, line in enumerate(lines[:half])]
    right = [(310.0, 740.0 - 18 * i, line) for i, line in enumerate(lines[half:])]
    body = sorted(left + right, key=lambda x: (-x[1], x[0])) if by_row else left + right
    source = extract(_pdf([(150, 790, TITLE), *body]), "a.pdf")
    assert source.text == "\n".join([TITLE, *LONG])


def test_cells_of_a_printed_table_stay_apart() -> None:
    rows = [["序号", "任务", "责任单位"], ["1", "建设平台", "区经委"], ["2", "引育人才", "区人社局、区科委"]]
    drawn: list[tuple[float, float, str]] = [(150, 790, "青禾区产业工作任务清单")]
    for i, row in enumerate(rows):
        drawn += [(x, 740 - 20 * i, cell) for x, cell in zip((60, 120, 300), row, strict=True)]
    reading = read(extract(_pdf(drawn), "a.pdf"))
    assert [(t.title, [u.name for u in t.units]) for t in reading.tasks] == [
        ("建设平台", ["区经委"]),
        ("引育人才", ["区人社局", "区科委"]),
    ]


def test_one_column_with_short_lines_is_no_two_columns() -> None:
    lines = _wrapped(LONG, 36)
    source = extract(_pdf([(72, 790 - 20 * i, line) for i, line in enumerate([TITLE, *lines])]), "a.pdf")
    assert source.text == "\n".join([TITLE, *LONG])
