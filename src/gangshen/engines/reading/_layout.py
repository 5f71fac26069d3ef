"""From placed lines of a page to paragraphs: running heads dropped, wrapped lines rejoined."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ._columns import Line, in_reading_order
from ._model import Block, SourceText

__all__ = ["Piece", "assemble", "rejoin"]

_PAGE_NUMBER = re.compile(
    r"[\s—–\-－·.]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*(?:[/／]|共)\s*(?:共\s*)?\d{1,4}\s*页?)?[\s—–\-－·.]*|[ivxIVX]{1,6}"
)
_HEAD = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*、|[（(][一二三四五六七八九十]{1,3}[）)]|第[\s\d一二三四五六七八九十百]{1,6}[章节条编篇]"
    r"|\d{1,3}\s*[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|——|附件)"
)
_ENDS = tuple("。！？：；!?:;")


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph or table row before it is placed in the text."""

    text: str
    row: bool = False
    page: int | None = None


def rejoin(lines: list[Line]) -> list[Piece]:
    """Paragraphs of all pages; a paragraph may run over a page break."""
    kept = in_reading_order(_without_running_heads(lines))
    out: list[Piece] = []
    current: list[str] = []
    before: Line | None = None
    start_page = 1
    margins = _margins(kept)
    for line in kept:
        if before is not None and not _continues(before, line, margins):
            out.append(_piece(current, start_page))
            current = []
        if not current:
            start_page = line.page
        current.append(_glue(current, line.text))
        before = line
    if current:
        out.append(_piece(current, start_page))
    return [p for p in out if p.text.strip()]


def _piece(lines: list[str], page: int) -> Piece:
    text = "".join(lines)
    return Piece(text, row="\t" in text, page=page)


def _glue(current: list[str], text: str) -> str:
    text = text.strip()
    last = current[-1][-1:] if current else ""
    spaced = last.isascii() and last.isalnum() and text[:1].isascii() and text[:1].isalnum()
    broken = last.isdigit() and text[:1].isdigit()  # 9 / 0亿元
    return f" {text}" if spaced and not broken else text


def _margins(lines: list[Line]) -> tuple[float, float, float]:
    """Left and right edge of the body and the width of a character, from the lines that fill the page."""
    if not lines:
        return 0.0, 0.0, 1.0
    widths = sorted(line.right - line.left for line in lines)
    wide = widths[int(len(widths) * 0.75)]
    full = [line for line in lines if line.right - line.left >= wide * 0.9] or lines
    right = sorted(line.right for line in full)[len(full) // 2]
    left = min(line.left for line in full)
    sizes = sorted((line.right - line.left) / max(len(line.text), 1) for line in full)
    return left, right, max(sizes[len(sizes) // 2], 0.1)


def _continues(before: Line, line: Line, margins: tuple[float, float, float]) -> bool:
    left, right, size = margins
    if _HEAD.match(line.text) or "\t" in line.text or "\t" in before.text:
        return False
    broken = re.search("[，、。；]", before.text) is not None and not before.text.rstrip().endswith(_ENDS)
    if before.right < right - (8.0 if broken else 2.2) * size:
        return False
    if line.left > left + 1.2 * size:  # indented: a new paragraph
        return False
    if before.text.rstrip().endswith(_ENDS) and before.right < right - 0.6 * size:
        return False
    return line.page != before.page or line.top - before.top <= 3.2 * max(before.height, line.height, 0.1)


def _without_running_heads(lines: list[Line]) -> list[Line]:
    pages = sorted({line.page for line in lines})
    edges: dict[int, list[Line]] = {}
    for page in pages:
        own = [line for line in lines if line.page == page]
        edges[page] = [*own[:2], *own[-2:]]
    seen = Counter(_running(line) for page in pages for line in dict.fromkeys(edges[page]))
    often = max(3, len(pages) // 2) if len(pages) > 2 else 2
    dropped: set[Line] = set()
    for page in pages:
        for line in edges[page]:
            bare = line.text.strip()
            repeated = len(pages) >= 2 and seen[_running(line)] >= often and not _HEAD.match(bare)
            if repeated or _PAGE_NUMBER.fullmatch(bare):
                dropped.add(line)
    return [line for line in lines if line not in dropped]


def _running(line: Line) -> tuple[str, int]:
    """What a running head keeps from page to page: its words and its height."""
    return re.sub(r"\d+", "0", line.text.strip()), round(line.top / max(line.height, 0.1))


def assemble(
    name: str, form: str, pieces: list[Piece], pages: int | None = None, notes: tuple[str, ...] = ()
) -> SourceText:
    """One piece a line, with a block for each."""
    blocks: list[Block] = []
    texts: list[str] = []
    position = 0
    for number, piece in enumerate(pieces, 1):
        text = piece.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        blocks.append(
            Block(
                start=position,
                end=position + len(text),
                kind="row" if piece.row else "paragraph",
                number=number,
                page=piece.page,
            )
        )
        texts.append(text)
        position += len(text) + 1
    return SourceText.model_validate(
        {
            "name": name,
            "format": form,
            "text": "\n".join(texts),
            "blocks": tuple(blocks),
            "pages": pages,
            "notes": notes,
        }
    )
