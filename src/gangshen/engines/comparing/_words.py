"""Where the words of two passages differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from ._model import Part

__all__ = ["parts"]

_TOKEN = re.compile(r"[0-9０-９][0-9０-９,，.．]*|[A-Za-z]+|.", re.DOTALL)
_LONGEST = 1200  # tokens; beyond, a passage is shown as changed as a whole


def parts(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both texts cut where they differ; joined again each gives back its text."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > _LONGEST:
        same = old == new
        return _joined([(old, not same)]), _joined([(new, not same)])
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for at, (tag, a, b, c, d) in enumerate(codes):
        lone = tag == "equal" and b - a == 1 and 0 < at < len(codes) - 1  # one sign in common between two changes
        changed = tag != "equal" or lone
        left.append(("".join(before[a:b]), changed))
        right.append(("".join(after[c:d]), changed))
    return _joined(left), _joined(right)


def _joined(pieces: Iterable[tuple[str, bool]]) -> tuple[Part, ...]:
    made: list[Part] = []
    for text, changed in pieces:
        if made and made[-1].changed == changed:
            made[-1] = Part(made[-1].text + text, changed)
        elif text:
            made.append(Part(text, changed))
    return tuple(made)
