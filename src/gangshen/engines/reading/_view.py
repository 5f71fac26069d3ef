"""A clean view of the text: wrapped lines joined, debris dropped, punctuation unified, each character mapped back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Paragraph", "paragraphs", "sentences"]

_DEBRIS = re.compile(
    r"\[bookmark:[^\]\n]*\]|\*\*|(?m:^[ \t]*[-*+] (?=\S))|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)
_INK = re.compile(r"\S")
_LONGEST = 1500  # no sentence of the genre is longer; a longer one is cut at a comma to keep reading linear
_SPACED_ARTICLE = re.compile(r"第[ \d]{1,6}条")
_HEAD = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*、|[（(][一二三四五六七八九十]{1,3}[）)]|第[\s\d一二三四五六七八九十百]{1,6}[章节条编篇]"
    r"|\d{1,3}\s*[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳㈠-㈩⒈-⒛⑴-⒇]|——|附件|附：)"
)
_ENDS = tuple("。！？：；!?:;”’》）)】〕")
_ENCLOSED = {  # one sign for a whole number: ㈠ ⒈ ⑴
    **{chr(0x3220 + i): f"（{'一二三四五六七八九十'[i]}）" for i in range(10)},
    **{chr(0x2488 + i): f"{i + 1}." for i in range(20)},
    **{chr(0x2474 + i): f"（{i + 1}）" for i in range(20)},
}
_MAP = {"(": "（", ")": "）", ";": "；", "％": "%", "．": ".", "!": "！", "?": "？"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``text`` is clean; ``offsets[i]`` is where its i-th character stands in the source."""

    text: str
    offsets: tuple[int, ...] = field(repr=False)
    source: str = field(repr=False)
    row: bool = False
    markup: int = 0  # level of a Markdown heading

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source span of ``text[start:end]`` (not empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch without blanks and separators at either end."""
        while start < end and self.text[start] in " ，。；、,;":
            start += 1
        while end > start and self.text[end - 1] in " ，。；、,;":
            end -= 1
        return start, end

    def quote(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.source[first:last]

    def printed(self, start: int, end: int) -> str:
        """The source characters of ``text[start:end]`` without what lies between them."""
        return "".join(self.source[i] for i in dict.fromkeys(self.offsets[start:end]))


def paragraphs(source: str, rows: frozenset[int] = frozenset()) -> list[Paragraph]:
    """Paragraphs of ``source``; ``rows`` are offsets at which lines are table rows and never joined."""
    dropped: set[int] = set()
    for found in _DEBRIS.finditer(source):
        dropped.update(range(found.start(), found.end()))
    lines: list[list[int]] = []
    flags: list[bool] = []
    width = _wrap_width(source)
    full = False  # the line before ran to the edge
    position = 0
    for line in source.split("\n"):
        kept = [i for i in range(position, position + len(line)) if i not in dropped]
        position += len(line) + 1
        if not any(not source[i].isspace() for i in kept):
            continue
        is_row = kept[0] in rows or line.count("\t") >= 1 or line.startswith("|")
        if lines and not is_row and not flags[-1] and _continues(source, lines[-1], kept, full):
            lines[-1] = lines[-1] + kept
        else:
            lines.append(kept)
            flags.append(is_row)
        full = width is not None and len(line.strip()) >= width - 1
    made = (_clean(source, line, row) for line, row in zip(lines, flags, strict=True))
    return [paragraph for paragraph in made if paragraph.text]


def _wrap_width(source: str) -> int | None:
    """The length at which all long lines break, where a text was wrapped."""
    lengths = [n for line in source.split("\n") if (n := len(line.strip())) >= 15]
    if len(lengths) < 12:
        return None
    width = max(set(lengths), key=lengths.count)
    edge = sum(width - 1 <= n <= width + 1 for n in lengths)
    return width if edge * 2 >= len(lengths) and sum(n > width + 1 for n in lengths) * 20 <= len(lengths) else None


def _continues(source: str, before: list[int], after: list[int], full: bool = False) -> bool:
    """Does the line ``after`` go on with the sentence that ``before`` broke off? ``full``: it ran to the edge."""
    head = "".join(source[i] for i in before).strip()
    tail = "".join(source[i] for i in after).strip()
    if head.startswith("#") or tail.startswith(("#", "|", "- ", "* ")):
        return False
    if _open_bracket(head) and len(head) >= 15 and len(tail) > 1 and not _HEAD.match(tail):
        return True
    if head.endswith(_ENDS) or _HEAD.match(tail):
        return False
    if full and len(tail) > 1:
        return True
    if re.match(r"(?:责任|牵头|配合|主办|协办)(?:单位|部门)\s*[:：]", tail):
        return False
    if _HEAD.match(head):
        return bool(re.search(r"[。；]", head)) and len(head) >= 15
    return (
        len(head) >= 20
        and bool(re.search(r"[，,、。；]", head))
        and not re.search(r"\d\s*日$|[年月]$", head)
        and len(tail) > 1
    )


def _open_bracket(text: str) -> bool:
    depth = 0
    for char in text[-200:]:
        if char in "（(〔":
            depth += 1
        elif char in "）)〕":
            depth = max(0, depth - 1)
    return depth > 0


def _clean(source: str, line: list[int], row: bool) -> Paragraph:
    raw = "".join(source[i] for i in line)
    squeeze: set[int] = set()
    for found in _SPACED_ARTICLE.finditer(raw):
        squeeze.update(i for i in range(found.start(), found.end()) if raw[i].isspace())
    chars: list[str] = []
    offsets: list[int] = []
    open_quote = False
    markup = len(raw) - len(raw.lstrip("#")) if raw.startswith("#") and raw.lstrip("#")[:1] in (" ", "\u3000") else 0
    for index, offset in enumerate(line):
        char = raw[index]
        if index < markup or (markup and not chars and char.isspace()):
            continue
        if char.isspace():
            if not _keep_space(raw, index, row) or index in squeeze:
                continue
            char = " "
        elif "！" <= char <= "～" and (
            char.isascii() or "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ"
        ):
            char = chr(ord(char) - 0xFEE0)
        elif char in ",:：，":
            char = _separator(raw, index, char)
        elif char in '"＂':
            char = "”" if open_quote else "“"
            open_quote = not open_quote
        else:
            char = _MAP.get(char, char)
        whole = _ENCLOSED.get(char, char)
        chars.extend(whole)
        offsets.extend([offset] * len(whole))
    while chars and chars[-1] == " ":
        chars.pop()
        offsets.pop()
    return Paragraph("".join(chars), tuple(offsets), source, row, markup)


def _keep_space(raw: str, index: int, row: bool) -> bool:
    """Blanks count only between Latin words, and between the cells of a row."""
    if raw[index] == "\t" or (row and raw[index] == "|"):
        return True
    before = raw[index - 1 : index]
    if not before or before.isspace():
        return False
    following = _INK.search(raw, index + 1)
    after = following[0] if following else ""
    pair = before + after
    return bool(after) and pair.isascii() and pair.isalnum() and not pair.isdigit()


def _separator(raw: str, index: int, char: str) -> str:
    before, after = raw[index - 1 : index], raw[index + 1 : index + 4]
    if char in ",，":
        thousands = (
            before.isdigit() and len(after) == 3 and after.isdigit() and not raw[index + 4 : index + 5].isdigit()
        )
        return "," if thousands else "，"
    return ":" if before.isdigit() and after[:1].isdigit() else "："


def sentences(text: str, marks: str = "。；！？") -> list[tuple[int, int]]:
    """Spans of the sentences of ``text``, end marks included; marks inside brackets or quotes do not end one."""
    return [part for start, end in _sentences(text, marks) for part in _cut(text, start, end)]


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    out = []
    while end - start > _LONGEST:
        comma = max(text.rfind(mark, start + _LONGEST // 2, start + _LONGEST) for mark in "，、")
        stop = comma + 1 if comma > 0 else start + _LONGEST
        out.append((start, stop))
        start = stop
    return [*out, (start, end)]


def _sentences(text: str, marks: str) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    start = depth = quoted = 0
    for index, char in enumerate(text):
        if char in "（〔":
            depth += 1
        elif char in "）〕":
            depth = max(0, depth - 1)
        elif char == "“":
            quoted += 1
        elif char == "”":
            quoted = max(0, quoted - 1)
        elif char in marks and not depth and not quoted:
            out.append((start, index + 1))
            start = index + 1
    if start < len(text):
        if depth or quoted:  # an unbalanced bracket must not swallow the rest
            for piece in re.finditer(rf"[^{marks}]+[{marks}]?", text[start:]):
                out.append((start + piece.start(), start + piece.end()))
        else:
            out.append((start, len(text)))
    return out
