"""分别: several figures that go with several nouns or years, one to one."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Literal

from gangshen.engines.quantities import Quantity, When

__all__ = ["Share", "respective"]

_JOIN = re.compile(r"[、和及与，或]")
_MODIFIER = re.compile(r"^(?P<own>.{1,12}?级)(?P<noun>.{2,})$")
_LEAD = re.compile(r"(?:分别)(?P<word>不少于|不低于|超过|突破|超|达到或超过)")
_SPOKEN: dict[str, Literal["ge", "gt"]] = {"不少于": "ge", "不低于": "ge", "达到或超过": "ge"}


@dataclass(frozen=True, slots=True)
class Share:
    """What one figure of such a row takes from the words before 分别."""

    subject: str | None = None
    when: When | None = None
    comparator: Literal["ge", "gt"] | None = None


def respective(text: str, aims: list[Quantity], dates: list[When]) -> dict[int, Share]:
    """Shares of the aims (by position) that stand in a row after 分别 in the sentence ``text``."""
    out: dict[int, Share] = {}
    for hit in re.finditer("分别", text):
        row = _row(text, aims, hit.end())
        if len(row) < 2:
            continue
        left = max(text.rfind(c, 0, hit.start()) for c in "，；：。") + 1
        when = _years(text, dates, hit.start(), len(row))
        start = max(when[-1].end, left) if when else left
        nouns = _nouns(text[start : hit.start()], len(row))
        whole = text[start : hit.start()].strip("，、 ") if when and when[-1].end > left else None
        whole = whole if whole and len(whole) >= 2 else None
        lead = _LEAD.match(text, hit.start())
        comparator = _SPOKEN.get(lead["word"], "gt") if lead else None
        for count, position in enumerate(row):
            out[position] = Share(
                nouns[count] if nouns else whole,
                when[count] if when else None,
                comparator if aims[position].comparator == "eq" else None,
            )
    return out


def _row(text: str, aims: list[Quantity], begin: int) -> list[int]:
    """Positions of the aims that follow one another with nothing but a separator between."""
    row: list[int] = []
    end = begin
    for position, aim in enumerate(aims):
        if aim.start < begin:
            continue
        between = text[end : aim.start]
        if (not row and len(between) > 6) or (row and not _JOIN.fullmatch(between)):
            break
        row.append(position)
        end = aim.end
    return row


def _years(text: str, dates: list[When], stop: int, count: int) -> list[When]:
    earlier = [w for w in dates if w.end <= stop]
    run = earlier[-count:]
    joined = all(_JOIN.fullmatch(text[a.end : b.start]) for a, b in itertools.pairwise(run))
    return run if len(run) == count and joined else []


def _nouns(text: str, count: int) -> list[str]:
    """The nouns before 分别; 国家级、省级平台 lends its noun to the first."""
    parts = [
        p.strip() for p in re.split("[、和及与]", re.sub(r"^.*?(?:培育|引进|建设|新增|打造|认定|力争|累计)", "", text))
    ]
    if len(parts) != count or any(not p for p in parts):
        return []
    shared = _MODIFIER.match(parts[-1])
    if shared and all(p.endswith("级") for p in parts[:-1]):
        return [*(p + shared["noun"] for p in parts[:-1]), parts[-1]]
    return parts if all(len(p) >= 2 for p in parts) else []
