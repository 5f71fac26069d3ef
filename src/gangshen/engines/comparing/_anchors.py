"""Places of one version found again in another."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from ._pairing import pair
from ._passages import cut, folded, squeezed

__all__ = ["Anchors"]


class Anchors:
    """Where spans of ``old`` stand in ``new``, as long as their words do; blanks and line ends may differ."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Starts of the old passages that have a partner, and how far each partner lies from them."""
        before, after = cut(self._old), cut(self._new)
        pairs = pair([folded(one.quote) for one in before], [folded(one.quote) for one in after])
        both = sorted({**pairs.stays, **pairs.moved}.items())
        return [before[a].start for a, _ in both], [after[b].start - before[a].start for a, b in both]

    @cached_property
    def _bare(self) -> tuple[str, list[int]]:
        """The new text without blanks, and where each of its signs stands."""
        kept = [at for at, char in enumerate(self._new) if not char.isspace()]
        return "".join(self._new[at] for at in kept), kept

    @property
    def unchanged(self) -> bool:
        """The two texts are the same."""
        return self._old == self._new

    def words(self, start: int, end: int) -> str:
        """The words of a span of the new text."""
        return self._new[start:end]

    def expected(self, offset: int) -> int:
        """Where an old offset would stand by its neighbours, within the new text."""
        if self.unchanged:
            return offset
        starts, shifts = self._shifts
        at = max(bisect_right(starts, offset) - 1, 0)
        return min(max(offset + (shifts[at] if shifts else 0), 0), len(self._new))

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """The span in the new text with the words of ``old[start:end]``: the nearest to where it should stand."""
        if self.unchanged:
            return (start, end)
        quote = self._old[start:end]
        if not quote.strip():
            return None
        near = self.expected(start)
        exact = _nearest(self._new, quote, near)
        if exact is not None:
            return (exact, exact + len(quote))
        bare, kept = self._bare
        words = squeezed(quote)
        found = _nearest(bare, words, bisect_right(kept, near - 1))
        return None if found is None else (kept[found], kept[found + len(words) - 1] + 1)


def _nearest(text: str, words: str, near: int) -> int | None:
    """Where ``words`` stand in ``text``, nearest to ``near``."""
    after = text.find(words, near)
    before = text.rfind(words, 0, near + len(words) - 1)
    if after < 0 or before < 0:
        return max(after, before) if max(after, before) >= 0 else None
    return after if after - near <= near - before else before
