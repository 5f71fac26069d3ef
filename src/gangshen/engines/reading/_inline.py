"""Numbered items that were run into one paragraph, parted again."""

from __future__ import annotations

import itertools
import re

from gangshen.engines.quantities import QuantityError, numeral

from ._units_named import opens_units
from ._view import Paragraph

__all__ = ["part_inline"]

_N = "[一二三四五六七八九十]{1,3}"
_HEADS = (
    re.compile(rf"第({_N}|\d{{1,2}})条\s?"),
    re.compile(rf"(?<![一二三四五六七八九十])({_N})、"),
    re.compile(rf"（({_N})）"),
    re.compile(r"(?<!\d)(\d{1,2})[.、](?!\d)"),
)
_BEFORE = "。）〕】]"
_LONGEST = 8000  # no paragraph of the genre is as long


def part_inline(paras: list[Paragraph]) -> list[Paragraph]:
    """（一）甲。1.乙。…。2.丙。…。 becomes three paragraphs: numbers that run on after full stops are headings."""
    out: list[Paragraph] = []
    paras = [piece for para in paras for piece in _bounded(para)]
    for index, para in enumerate(paras):
        following = paras[index + 1].text if index + 1 < len(paras) else ""
        out += [para] if para.row or len(para.text) < 24 else _parted(para, following)
    return out


def _bounded(para: Paragraph) -> list[Paragraph]:
    """A text without line breaks, cut at full stops: what reads a paragraph may look at all of it for each sentence."""
    out: list[Paragraph] = []
    start = 0
    while len(para.text) - start > _LONGEST:
        stop = max(para.text.rfind(mark, start, start + _LONGEST) for mark in "。；")
        stop = stop + 1 if stop > start else start + _LONGEST
        out.append(_cut(para, start, stop))
        start = stop
    return [*out, _cut(para, start, len(para.text))] if out else [para]


def _parted(para: Paragraph, following: str) -> list[Paragraph]:
    cuts: set[int] = set()
    for pattern in _HEADS:
        cuts.update(_run(pattern, para.text, following))
    edges = [0, *sorted(cuts - {0}), len(para.text)]
    return [_cut(para, a, b) for a, b in itertools.pairwise(edges)]


def _run(pattern: re.Pattern[str], text: str, following: str) -> list[int]:
    """Where the items begin, if they are a run of titled items."""
    hits = [(h.start(), _number(h[1])) for h in pattern.finditer(text) if _at_head(text, h.start())]
    run: list[int] = []
    expected = 0
    for index, (position, number) in enumerate(hits):
        opens = number == 1 or position == 0 or (index + 1 < len(hits) and hits[index + 1][1] == number + 1)
        if (not run and opens) or (run and number == expected):
            run.append(position)
            expected = number + 1
    goes_on = re.match(rf"(?:{pattern.pattern})", following)
    if len(run) == 1 and run[0] > 0 and goes_on and _number(goes_on[1]) == expected:
        run.append(len(text))
    if len(run) < 2:
        return []
    edges = [*run, len(text)]
    whole = all(_is_item(text[a:b]) for a, b in itertools.pairwise(edges) if b > a)
    return [p for p in run if p < len(text)] if whole else []


def _at_head(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] in _BEFORE


def _is_item(text: str) -> bool:
    """A title with a text of its own, or with the units that answer for it."""
    title = text.find("。")
    return 4 <= title <= 60 and (len(text) - title > 8 or opens_units(text, 0, len(text)) is not None)


def _number(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    try:
        return numeral(printed)
    except QuantityError:
        return 0


def _cut(para: Paragraph, start: int, end: int) -> Paragraph:
    return Paragraph(
        para.text[start:end], para.offsets[start:end], para.source, para.row, para.markup if start == 0 else 0
    )
