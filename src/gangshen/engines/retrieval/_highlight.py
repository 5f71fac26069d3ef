"""Where a hit holds the query, as spans over its own text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ._model import Fragment
from ._pinyin import keys
from ._text import fold, pieces, squeeze

__all__ = ["Needles", "body_fragment", "title_fragment"]

_WIDTH = 120
Span = tuple[int, int]


class Needles:
    """The terms of a query in the form in which they are looked for in a text."""

    def __init__(self, query: str) -> None:
        folded = squeeze(fold(query))[0]
        self.grams: set[str] = set()
        self.words: set[str] = set()
        for start, end, han in pieces(folded):
            piece = folded[start:end]
            if not han:
                self.words.add(piece)
            elif len(piece) == 1:
                self.grams.add(piece)
            else:
                self.grams.update(piece[at : at + 2] for at in range(len(piece) - 1))

    def spans(self, text: str) -> list[Span]:
        """Matched stretches, merged, in order: pairs of characters anywhere, words from their beginning."""
        folded, kept = squeeze(fold(text))
        found: list[Span] = []
        for gram in self.grams:
            at = folded.find(gram)
            while at >= 0:
                found.append((at, at + len(gram)))
                at = folded.find(gram, at + 1)
        if self.words:
            for start, end, han in pieces(folded):
                best = 0 if han else max((len(w) for w in self.words if folded.startswith(w, start, end)), default=0)
                if best:
                    found.append((start, start + best))
        if kept is not None:
            found = [(kept[start], kept[end - 1] + 1) for start, end in found]
        return _merged(found)

    def key_spans(self, title: str) -> list[Span]:
        """The characters of a title that a word of the query types by pinyin."""
        typed = [(k.initials, k.initials_at) for k in keys(title)] + [(k.full, k.full_at) for k in keys(title)]
        found: list[Span] = []
        for word in self.words:
            places = ((at, letters.find(word)) for letters, at in typed if len(word) >= 2)
            at, start = next(((at, start) for at, start in places if start >= 0), ((), 0))
            if at:
                found.append((at[start], at[start + len(word) - 1] + 1))
        return _merged(found)


def title_fragment(title: str, needles: Needles) -> Fragment:
    """The whole title, with what was typed for it marked when none of its words match."""
    return Fragment(title, tuple(needles.spans(title) or needles.key_spans(title)))


def body_fragment(body: str, needles: Needles) -> Fragment | None:
    """The window of the body that holds most of the query; its beginning when it holds none."""
    if not body.strip():
        return None
    spans = needles.spans(body)
    start = _window(spans)
    end = min(len(body), start + _WIDTH)
    inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start)
    return Fragment(body[start:end], inside)


def _window(spans: Sequence[Span]) -> int:
    """Where a window of the set width covers most matched characters, with a little before the first."""
    best, chosen, last, covered = 0, 0, 0, 0
    for at, (start, end) in enumerate(spans):
        covered += end - start
        while end - spans[last][0] > _WIDTH - 20 and last < at:
            covered -= spans[last][1] - spans[last][0]
            last += 1
        if covered > best:
            best, chosen = covered, spans[last][0]
    return max(0, chosen - 20)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
