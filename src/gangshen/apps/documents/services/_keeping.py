"""Carrying what people decided from one reading to the next.

A decision belongs to words: it stands as long as they do, wherever a newer text puts them. What the newer reader reads
at the same words is taken for the same item; where it reads nothing, or other bounds, the item stays as it was decided.
Words that are gone take their decision with them, to a list that a clerk goes through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gangshen.apps.documents.models import Item
from gangshen.engines.comparing import Anchors

__all__ = ["Kept", "keep"]

_OTHERWISE = "read otherwise by the newer reader"
_ENTRY = ("kind", "state", "start", "end", "quote", "data", "corrected", "added", "origin", "adopted_as")


@dataclass(slots=True)
class Kept:
    """All items of the new reading in the order of its text, and decisions whose words are gone."""

    items: list[Item]
    lost: list[dict[str, Any]] = field(default_factory=list)


def keep(
    before: Sequence[Item], lost: Iterable[dict[str, Any]], read: Sequence[Item], old_text: str, new_text: str
) -> Kept:
    """Carry the decided items of ``before``, and of ``lost`` those whose words are back, over to the items just ``read``.

    Nothing is saved; positions are given anew from 1.
    """
    anchors = Anchors(old_text, new_text)
    rest: dict[int, Item] = {id(one): one for one in read}
    there: dict[tuple[str, int, int], list[Item]] = {}
    for one in read:
        there.setdefault((one.kind, one.start, one.end), []).append(one)
    items: list[Item] = []
    gone: list[dict[str, Any]] = []
    held: dict[tuple[str, int, int], tuple[int, int]] = {}
    late: list[tuple[Item, tuple[int, int]]] = []
    for old in before:
        if old.state == Item.State.PENDING:
            continue
        span = anchors.place(old.start, old.end)
        if span is None or held.setdefault((old.kind, *span), (old.start, old.end)) != (old.start, old.end):
            gone.append(_entry(old))
            continue
        alike = there.get((old.kind, *span), [])
        same = _same(old, before, alike, anchors)
        if same is None:
            late.append((old, span))
            continue
        alike.remove(same)
        del rest[id(same)]
        items.append(_carried(old, same, anchors))
    for old, span in late:
        for key in [key for key, one in rest.items() if one.kind == old.kind and _covers(one, span)]:
            del rest[key]
        items.append(_as_it_was(old, span, anchors, new_text))
    for entry in lost:
        back = _back(entry, new_text)
        if back is None:
            gone.append(entry)
        else:
            items.append(back)
    ordered = sorted([*items, *rest.values()], key=lambda one: (one.start, one.end, one.kind))
    for position, item in enumerate(ordered, start=1):
        item.position = position
    return Kept(ordered, gone)


def _entry(old: Item) -> dict[str, Any]:
    """What is kept of a decision whose words are gone."""
    made = {name: getattr(old, name) for name in _ENTRY}
    return made | {"by": old.decided_by_id, "at": old.decided_at and old.decided_at.isoformat()}


def _same(old: Item, before: Sequence[Item], alike: Sequence[Item], anchors: Anchors) -> Item | None:
    """Of what was read at exactly these words, what says the same, else the nth of several for the nth."""
    if len(alike) > 1:
        said = _moved(old.data, anchors)
        rank = [one for one in before if (one.kind, one.start, one.end) == (old.kind, old.start, old.end)].index(old)
        ranked = sorted(enumerate(alike), key=lambda pair: (not _holds(pair[1].data, said), abs(pair[0] - rank)))
        return ranked[0][1]
    return alike[0] if alike else None


def _covers(item: Item, span: tuple[int, int]) -> bool:
    """Do these words make up half of the item, or the item half of them?"""
    common = min(item.end, span[1]) - max(item.start, span[0])
    return common > 0 and 2 * common >= min(item.end - item.start, span[1] - span[0])


def _carried(old: Item, new: Item, anchors: Anchors) -> Item:
    """The new item with the decision on the old one; what was accepted stays as it was accepted."""
    for name in ("state", "decided_by_id", "decided_at", "adopted_as", "added", "origin"):
        setattr(new, name, getattr(old, name))
    said = _moved(old.corrected or old.data, anchors)
    if old.corrected is not None:
        new.corrected = said
    elif old.state == Item.State.ACCEPTED and not _holds(new.data, said):
        new.corrected = said
        new.doubts = [*new.doubts, _OTHERWISE]
    return new


def _as_it_was(old: Item, span: tuple[int, int], anchors: Anchors, new_text: str) -> Item:
    """An item that the newer reader doesn't read, or not with these bounds: from now on it is the clerk's."""
    start, end = span
    place = {"start": start, "end": end, "quote": new_text[start:end]}
    data = _moved(old.data, anchors)
    made = Item(kind=old.kind, data=data | (place if "start" in data else {}), doubts=old.doubts, added=True, **place)
    for name in ("state", "decided_by_id", "decided_at", "adopted_as", "origin"):
        setattr(made, name, getattr(old, name))
    if old.corrected is not None:
        said = _moved(old.corrected, anchors)
        made.corrected = said | (place if "start" in said else {})
    return made


def _back(entry: dict[str, Any], text: str) -> Item | None:
    """An item whose words had gone and are there again."""
    start = text.find(entry["quote"])
    if start < 0:
        return None
    by = start - entry["start"]
    values = {name: entry[name] for name in _ENTRY} | {"start": start, "end": start + len(entry["quote"])}
    for name in ("data", "corrected"):
        values[name] = values[name] and _shifted(values[name], by, len(text))
    at = entry["at"] and dt.datetime.fromisoformat(entry["at"])
    return Item(decided_by_id=entry["by"], decided_at=at, doubts=[], **values)


def _moved(said: Any, anchors: Anchors) -> Any:
    """An item's fields with every span where its words stand now."""
    if anchors.unchanged:
        return said
    if isinstance(said, list):
        return [_moved(one, anchors) for one in said]
    if not isinstance(said, dict):
        return said
    made = {name: _moved(value, anchors) for name, value in said.items()}
    start, end = said.get("start"), said.get("end")
    if isinstance(start, int) and isinstance(end, int):
        made["start"], made["end"] = anchors.place(start, end) or (anchors.expected(start), anchors.expected(end))
        if "quote" in said:
            made["quote"] = anchors.words(made["start"], made["end"]) or said["quote"]
    for name in ("body_start", "body_end"):
        if isinstance(said.get(name), int):
            made[name] = anchors.expected(said[name])
    return made


def _shifted(said: Any, by: int, last: int) -> Any:
    if isinstance(said, list):
        return [_shifted(one, by, last) for one in said]
    if not isinstance(said, dict):
        return said
    places = ("start", "end", "body_start", "body_end")
    return {
        name: min(max(value + by, 0), last) if name in places and isinstance(value, int) else _shifted(value, by, last)
        for name, value in said.items()
    }


def _holds(new: Any, old: Any) -> bool:
    """Does ``new`` say all that ``old`` says? A newer reader may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(name in new and _holds(new[name], value) for name, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_holds(one, other) for one, other in zip(new, old, strict=True))
    return bool(new == old)
