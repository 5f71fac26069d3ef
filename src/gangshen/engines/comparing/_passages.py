"""Cut a text into passages: sentences, with numbers and headings taken off and kept as their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ._model import Passage

__all__ = ["cut", "folded", "squeezed"]

_CN = "[一二三四五六七八九十百零〇]{1,4}"
# the usual levels of numbering, outermost first
_LEVELS = (
    re.compile(rf"\s*第\s*(?:{_CN}|\d{{1,3}})\s*[编篇章]"),
    re.compile(rf"\s*第\s*(?:{_CN}|\d{{1,3}})\s*节"),
    re.compile(r"\s*#{1,6}\s"),
    re.compile(rf"\s*{_CN}\s*、"),
    re.compile(rf"\s*第\s*(?:{_CN}|\d{{1,3}})\s*条"),
    re.compile(rf"\s*[（(]{_CN}[）)]"),
    re.compile(r"\s*\d{1,3}\s*[.．、](?!\d)"),
    re.compile(r"\s*[（(]\d{1,2}[）)]"),
    re.compile(r"\s*[①-⑳]"),
)
_BULLET = re.compile(r"\s*(?:[-*+•·—]\s+|附件\s*\d*\s*[:：]?)")
_ENDS = "。；！？;!?"
_CLOSERS = "”’》）)】〕\"'"
_TAIL = re.compile(r"\s*[（(〔\[][^（()）\n]*[）)〕\]][。；;]?")
_WRAPPED = (
    20  # a shorter line that stops without an end mark, or one without any, is a heading and not cut off by the page
)
_HEADING = 40
_PUNCTUATION = str.maketrans(
    {
        ",": "，",
        ";": "；",
        ":": "：",
        "(": "（",
        ")": "）",
        "!": "！",
        "?": "？",
        "—": "-",
        "–": "-",
        "－": "-",
        "～": "-",
        "~": "-",
        '"': "”",
        "“": "”",
        "．": ".",
    }
)


def squeezed(text: str) -> str:
    """``text`` without any white space."""
    return "".join(text.split())


def folded(text: str) -> str:
    """The words of a passage as they are compared: no number in front, no blanks, one form of each sign."""
    plain = unicodedata.normalize("NFKC", text)
    for level in (*_LEVELS, _BULLET):
        found = level.match(plain)
        if found:
            plain = plain[found.end() :]
            break
    return squeezed(plain).translate(_PUNCTUATION).lower().rstrip("。；，.：！？").lstrip("　，、")


def cut(text: str) -> list[Passage]:
    """The passages of ``text`` in order; stretches without a word (rules, bare numbers) are left out."""
    found: list[Passage] = []
    above: dict[int, str] = {}
    for start, end in _paragraphs(text):
        line = text[start:end]
        level = next((at for at, one in enumerate(_LEVELS) if one.match(line)), None)
        if level is not None:
            above = {at: name for at, name in above.items() if at < level}
            above[level] = _name(line, level)
        place = tuple(above[at] for at in sorted(above))
        for first, last in _sentences(text, start, end):
            if folded(text[first:last]):
                found.append(Passage(first, last, text[first:last], place))
    return found


def _name(line: str, level: int) -> str:
    """A heading, or the number and title of a numbered paragraph: ``第三条 支持设备更新``."""
    head = re.split(r"[。；：:\n]", line.strip().lstrip("#").strip(), maxsplit=1)[0].strip()
    if len(head) <= _HEADING:
        return head
    found = _LEVELS[level].match(line)
    return found[0].strip() if found else ""


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of paragraphs: lines, with those joined that a page's edge cut off in mid-sentence."""
    start = at = 0
    open_line = ""
    for line in text.split("\n"):
        stripped = line.strip()
        goes_on = (
            len(open_line) >= _WRAPPED
            and any(sign in open_line for sign in "，,、。；")
            and not open_line.endswith((*_ENDS, *_CLOSERS, "：", ":"))
            and bool(stripped)
            and "\t" not in line
            and not _BULLET.match(line)
            and not any(level.match(line) for level in _LEVELS)
        )
        if not goes_on and at > start:
            yield start, at - 1
            start = at
        open_line = stripped
        at += len(line) + 1
    if start < len(text):
        yield start, len(text)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of one paragraph, trimmed; a bracket behind one (the responsible units) belongs to it."""
    at = first = start
    depth = 0
    while at < end:
        char = text[at]
        if char in "（(〔":
            depth += 1
        elif char in "）)〕":
            depth = max(0, depth - 1)
        at += 1
        if char in _ENDS and (not depth or at - first > 400):
            while at < end and text[at] in _CLOSERS:
                at += 1
            tail = _TAIL.match(text, at, end)
            at = tail.end() if tail else at
            yield from _trimmed(text, first, at)
            first, depth = at, 0
    yield from _trimmed(text, first, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
