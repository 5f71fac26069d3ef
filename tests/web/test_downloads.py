"""Files handed out: one head for all, names that can't be misread, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.formats import inert
from gangshen.web import downloads, excel
from gangshen.web.listing import Column, Listing, as_csv, as_excel, rows

SRC = Path(__file__).parents[2] / "src" / "gangshen"
FORMULAS = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1", "＝1+1", "－A1", '=HYPERLINK("x")']


@pytest.mark.parametrize(
    ("given_", "made"),
    [
        ("工作要点.docx", "工作要点.docx"),
        ('a"b.docx', "a-b.docx"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\r\nSet-Cookie: x=1.txt", "a-Set-Cookie- x=1.txt"),
        ("line\n", "line"),
        ("\u202ecod.exe", "cod.exe"),
        ("  .hidden", "hidden"),
        ("", "file"),
        ("..", "file"),
        ("名" * 300 + ".xlsx", "名" * 115 + ".xlsx"),
    ],
)
def test_a_name_is_one_plain_file_name(given_: str, made: str) -> None:
    assert downloads.file_name(given_) == made


@given(st.text(max_size=200))
def test_no_name_breaks_the_head_or_leaves_its_folder(name: str) -> None:
    made = downloads.file_name(name)
    assert made and not set('/\\"\r\n\0') & set(made) and made not in (".", "..")
    head = downloads.attached(HttpResponse(), name.encode("utf-8", "ignore").decode())["Content-Disposition"]
    assert head.startswith("attachment; filename") and "\n" not in head and "\r" not in head


def test_a_chinese_name_stands_in_the_form_browsers_read() -> None:
    head = downloads.attachment(b"x", "上海示例公司.xlsx", excel.MEDIA_TYPE)["Content-Disposition"]
    assert head.startswith("attachment; filename*=utf-8''%E4%B8%8A")


def test_every_page_uses_the_one_head() -> None:
    for file in SRC.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file.relative_to(SRC).as_posix() == "web/downloads.py":
            continue
        assert "Content-Disposition" not in text and "as_attachment" not in text, file.relative_to(SRC)


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_becomes_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-", "-5", "+5.2%", "-1,200.50", "甲公司", "a=1", "1-2"])
def test_numbers_and_words_stay(cell: str) -> None:
    assert inert(cell) == cell


def test_no_export_of_a_list_holds_a_formula() -> None:
    frame = [{"pk": at, "name": cell} for at, cell in enumerate(FORMULAS)]

    def source(actor: Any) -> Any:
        return pl.DataFrame(frame)

    listing = Listing(
        key="odd", title="=title", columns=[Column("name", "=head", main=True)], source=source, row_id="pk"
    )
    result = rows(listing, None, {})
    lines = "".join(as_csv(result)).lstrip("\ufeff")
    for row in csv.reader(io.StringIO(lines, newline="")):
        assert row[0].startswith("'") and not row[1].startswith("="), row
    book = openpyxl.load_workbook(io.BytesIO(as_excel(result)))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
