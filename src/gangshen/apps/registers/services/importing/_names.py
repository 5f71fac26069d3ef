"""Names of firms as lists write them: broken over lines, with the former name or a note in brackets behind."""

from __future__ import annotations

import re
from typing import Any

from gangshen.engines.formats import Text
from gangshen.engines.vocabulary import ROW_KEYS

__all__ = ["FORMER", "bare_name", "name_of", "one_line"]

FORMER = "former_names"
_WAS = re.compile(
    r"\s*[(（]\s*(?:原名称?|曾用名|前身为?|更名前|原)\s*[:：为]?\s*([^()（）]*(?:[(（][^()（）]*[)）])?[^()（）]*)[)）]$"
)
_NOTE = re.compile(
    r"\s*[(（]\s*((?:已|拟|待|正在)?(?:注销|吊销|迁出|迁入|搬迁|更名|停产|停业|歇业|退规|升规|新增|入库|新入库|新)\S{0,8})[)）]$"
)
_BLANKS = re.compile(r"\s+")
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


def one_line(name: str) -> str:
    """Without line breaks, and without blanks beside Chinese characters."""
    return _BLANKS.sub(" ", _BETWEEN.sub("", name)) if _BLANKS.search(name) else name


def bare_name(name: str) -> str:
    """The name without its former one and without a note behind it."""
    if name[-1:] not in (")", "）"):
        return name
    return _WAS.sub("", _NOTE.sub("", name)) or name


def name_of(name: str, header: str, remarks: list[tuple[str, Text]]) -> tuple[str, dict[str, Any] | None]:
    """The name, and the former one where it says it; what was taken for a note is remarked upon."""
    if name[-1:] not in (")", "）"):
        return name, None
    if note := _NOTE.search(name):
        zh, en = f"“（{note[1]}）”不算名称，未记入", f"({note[1]}) is no part of the name and is not kept"
        remarks.append((header, Text(zh=zh, en=en)))
    was, bare = _WAS.search(_NOTE.sub("", name)), bare_name(name)
    former = was[1].strip() if was else ""
    return bare, {**dict.fromkeys(ROW_KEYS), "type": former} if former else None
