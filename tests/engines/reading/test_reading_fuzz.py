"""Real files, damaged: each is read or refused with its name and a remedy, and what is read quotes the text."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import PLAN, make_docx, make_html, make_ofd, make_pdf
from written_cases import cases

from gangshen.engines.reading import DocumentError, extract, read, to_scored

SHARED = Path(os.environ.get("GANGSHEN_SHARED", Path(__file__).parents[3] / "../shared")).resolve()
REAL = sorted((SHARED / "documents").rglob("*.docx")) + sorted((SHARED / "documents").glob("*.txt"))[:6]
MADE = {"a.docx": make_docx(), "a.pdf": make_pdf(), "a.ofd": make_ofd(), "a.html": make_html()}
FILES = {**MADE, **{path.name: path.read_bytes() for path in REAL}}

edits = st.lists(
    st.tuples(
        st.sampled_from(["put", "cut", "twice", "zero"]), st.integers(0, 10**9), st.binary(min_size=1, max_size=40)
    ),
    min_size=1,
    max_size=8,
)


def _damaged(data: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    out = bytearray(data)
    for kind, place, content in changes:
        at = place % max(len(out), 1)
        stop = at + len(content) * (40 if kind in ("cut", "twice") else 1)
        if kind == "put":
            out[at : at + len(content)] = content
        elif kind == "cut":
            del out[at:stop]
        elif kind == "twice":
            out[at:at] = out[at:stop]
        else:
            out[at : at + len(content)] = b"\x00" * len(content)
    return bytes(out)


def _check(data: bytes, name: str) -> None:
    try:
        source = extract(data, name)
    except DocumentError as error:
        assert str(error).startswith(f"{name}: ")
        return
    reading = read(source)
    assert all(source.text[i.start : i.end] == i.quote for i in reading.items())
    assert all(t.title for t in reading.tasks)
    to_scored(reading)


@pytest.mark.full
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(FILES)), edits)
def test_damaged_real_files_are_read_or_refused(name: str, changes: list[tuple[str, int, bytes]]) -> None:
    _check(_damaged(FILES[name], changes), name)


_SIGNS = "一二三（）().、。：；，0123456789年月日个家%亿万元以上不少于分别责任单位牵头配合区经委\n\t|　 “”〔〕①㈠⒈\u200b\u202e"


_LINES = [
    *PLAN.splitlines(),
    *(f"第{n}条 {case['text']}" for n, case in enumerate(cases("shapes_2"), 1)),
    "本措施自2026年9月1日起施行，有效期3年。",
]


@st.composite
def _cut_and_mixed(draw: st.DrawFn) -> str:
    """A line with a piece of another in its midst, so that figures, units and dates meet as nobody prints them."""
    line, other = draw(st.sampled_from(_LINES)), draw(st.sampled_from(_LINES))
    at, first = draw(st.integers(0, len(line))), draw(st.integers(0, len(other)))
    return line[:at] + other[first : first + draw(st.integers(0, 30))] + line[at + draw(st.integers(0, 12)) :]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_LINES), _cut_and_mixed(), st.text(_SIGNS, max_size=60)), max_size=20))
def test_any_order_of_lines_and_signs_is_read_with_exact_quotes(lines: list[str]) -> None:
    _check("\n".join(lines).encode(), "a.txt")


@pytest.mark.full
def test_ten_megabytes_are_read_in_linear_time_or_refused() -> None:
    text = "青禾区行动方案\n" + "（一）建设平台，到2028年建成3个以上。（责任单位：区经委）" * 120_000
    _check(text.encode(), "大.txt")
    _check(("a1、" * 3_000_000).encode(), "大.txt")
