"""Two versions of a text, clause by clause."""

from __future__ import annotations

from ._figures import changed_figures
from ._model import KINDS, Change, ChangeKind, Comparison, Passage
from ._pairing import likeness, pair
from ._passages import cut, folded

__all__ = ["compare"]


def compare(old: str, new: str) -> Comparison:
    """What changed from ``old`` to ``new``. Never raises on any text; blanks, line ends and numbering don't count.

    A passage whose figures differ is a ``number`` change, whatever else changed in it; one that only stands elsewhere
    has ``moved``. Linear in the length of texts that are mostly alike.
    """
    before, after = cut(old), cut(new)
    keys_old, keys_new = [folded(one.quote) for one in before], [folded(one.quote) for one in after]
    pairs = pair(keys_old, keys_new)
    changes: list[Change] = []
    for a, b in sorted({**pairs.stays, **pairs.moved}.items()):
        moved = a in pairs.moved
        if a in pairs.same and not moved:
            continue
        like = 1.0 if a in pairs.same else likeness(keys_old[a], keys_new[b])
        changes.append(_change(before[a], after[b], moved, a in pairs.same, round(like, 3)))
    changes += [Change("removed", one, None) for one in _left(old, before, {*pairs.stays, *pairs.moved})]
    kept = {*pairs.stays.values(), *pairs.moved.values()}
    changes += [Change("added", None, one) for one in _left(new, after, kept)]
    changes.sort(key=_order)
    return Comparison(tuple(changes), sum(1 for a in pairs.stays if a in pairs.same))


def _left(text: str, passages: list[Passage], paired: set[int]) -> list[Passage]:
    """Passages without a partner; those that follow one another in one paragraph are one."""
    found: list[Passage] = []
    last = -2
    for at, one in enumerate(passages):
        if at in paired:
            continue
        if at == last + 1 and found[-1].place == one.place and "\n" not in text[found[-1].end : one.start]:
            one = Passage(found[-1].start, one.end, text[found[-1].start : one.end], one.place)
            found.pop()
        found.append(one)
        last = at
    return found


def _change(old: Passage, new: Passage, moved: bool, same: bool, like: float) -> Change:
    figures = () if same else changed_figures(old, new)
    kind: ChangeKind = "number" if figures else "moved" if same else "reworded"
    return Change(kind, old, new, figures, moved, like)


def _order(change: Change) -> tuple[int, int]:
    stands = change.new or change.old
    return KINDS.index(change.kind), stands.start if stands else 0
