"""The figures of a passage, and which of them changed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from gangshen.engines.quantities import Quantity, find, find_dates

from ._model import Figure, FigureChange, Passage

__all__ = ["changed_figures"]

_Value = tuple[object, ...]


def _value(found: Quantity) -> _Value:
    """What a figure says however it is printed: 500万元 and 五百万元 are one value, 不超过 and 不少于 two."""
    if found.fen is not None:
        return ("money", *found.fen, found.comparator, found.per)
    if found.ratio is not None:
        return ("ratio", found.ratio, found.comparator)
    return (found.unit, found.low, found.high, found.comparator, found.approximate)


def _figures(passage: Passage) -> list[tuple[_Value, Figure]]:
    text = passage.quote
    dates = find_dates(text)
    found: list[tuple[int, int, _Value]] = [(d.start, d.end, ("date", d.first, d.last)) for d in dates]
    for one in find(text):
        if not any(d.start < one.core_end and one.core_start < d.end for d in dates):
            found.append((one.start, one.end, _value(one)))
    return [
        (value, Figure(passage.start + start, passage.start + end, text[start:end]))
        for start, end, value in sorted(found, key=lambda one: one[:2])
    ]


def changed_figures(old: Passage, new: Passage) -> tuple[FigureChange, ...]:
    """Figures of ``old`` that ``new`` states otherwise, not at all, or in addition, in the order of the text."""
    before, after = _figures(old), _figures(new)
    if [value for value, _ in before] == [value for value, _ in after]:
        return ()
    changes: list[FigureChange] = []
    matcher = SequenceMatcher(None, _hashable(before), _hashable(after), autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            changes += _paired(before[a:b], after[c:d])
    return tuple(changes)


def _paired(before: Sequence[tuple[_Value, Figure]], after: Sequence[tuple[_Value, Figure]]) -> list[FigureChange]:
    """A figure became the next one of its kind (money, share, date, 家); what has no partner came or went."""
    rest = list(after)
    made: list[FigureChange] = []
    for value, figure in before:
        at = next((at for at, (other, _) in enumerate(rest) if other[0] == value[0]), None)
        new = rest.pop(at)[1] if at is not None else None
        made.append(FigureChange(figure, new))
    return made + [FigureChange(None, figure) for _, figure in rest]


def _hashable(found: Sequence[tuple[_Value, Figure]]) -> list[str]:
    return [repr(value) for value, _ in found]
