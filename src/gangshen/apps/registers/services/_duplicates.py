"""Duplicate detection over the whole register: pairs that may be one firm go into the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gangshen.engines.formats import Text
from gangshen.engines.resolution import Candidate, links
from gangshen.engines.vocabulary import uscc_is_valid

from ._likenesses import ask_pair
from ._resolution import register_names
from ._snapshots import snapshot

__all__ = ["find_duplicates"]

LEAST = 0.3


def find_duplicates(now: dt.datetime, step: Callable[[int, int], object] = lambda done, total: None) -> dict[str, int]:
    """Ask about every pair that is alike; returns how many pairs were found and how many are new.

    Two valid codes are two firms, and so are two founding days; one code under two keys is one firm whatever the names.
    """
    held = {
        key: (code if code and uscc_is_valid(code) else "", founded)
        for key, code, founded in snapshot().frame.select("id", "uscc", "registered_on").iter_rows()
    }
    names = register_names()
    total, found, new = len(names), 0, 0

    def apart(one: str, other: str) -> bool:
        (code, day), (other_code, other_day) = held[one], held[other]
        if code and other_code:
            return code != other_code
        return bool(day and other_day and day != other_day)

    for first, second in _of_one_code(held):
        code = Text(zh="统一社会信用代码相同", en="same unified social credit code")
        found += 1
        new += ask_pair(first, names.name(first), Candidate(second, names.name(second), 1.0, (code,)), now)
    for link in links(names, least=LEAST, apart=apart, step=lambda done: step(done, total)):
        found += 1
        other = _with_grounds(link.key, link.other, held)
        if held[link.key][0] and not held[other.key][0]:  # who has a code is the one to keep
            new += ask_pair(other.key, other.name, replace(other, key=link.key, name=link.name), now)
        else:
            new += ask_pair(link.key, link.name, other, now)
    return {"enterprises": total, "found": found, "new": new}


def _of_one_code(held: dict[str, tuple[str, Any]]) -> list[tuple[str, str]]:
    by_code: dict[str, list[str]] = {}
    for key, (code, _founded) in held.items():
        if code:
            by_code.setdefault(code, []).append(key)
    return [(keys[0], other) for keys in by_code.values() for other in keys[1:]]


def _with_grounds(key: str, other: Candidate, held: dict[str, tuple[str, Any]]) -> Candidate:
    """The candidate with what else speaks for it."""
    (_code, day), (_other_code, other_day) = held[key], held[other.key]
    if day and day == other_day:
        return replace(other, reasons=(*other.reasons, Text(zh=f"成立日期同为 {day}", en=f"both founded on {day}")))
    return other
