"""Asking a model for items: its answer is material, of which only what quotes the text is looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._endpoint import Endpoint

__all__ = ["Proposal", "ask_for_items"]

_STRETCH = 6000  # signs sent at once

_TASK = """你是公文校核员。从下面的公文片段中找出条目，只输出 JSON 数组，不要解释。每个条目：
{"kind": 种类, "quote": 原文连续片段（必须逐字照抄）, "fields": {…}}
种类与字段：
task 任务：title, units（责任单位名称数组，照抄原文）
target 目标：subject, value（数）, unit, comparator（ge gt le lt eq approx range）, deadline_year
phase 阶段：name, start_year, end_year
promised_list 承诺编制的清单：name, verb
offer 支持条款：title
condition 申报条件：label
下列已经读出，不要重复："""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a model says is an item; nothing about it has been checked."""

    kind: str
    quote: str
    fields: dict[str, Any] = field(default_factory=dict)


def ask_for_items(endpoint: Endpoint, text: str, known: Sequence[tuple[int, int, str]]) -> Iterator[list[Proposal]]:
    """Proposals for ``text``, stretch by stretch; ``known`` are (start, end, quote) of items already read.

    Raises :class:`EndpointError` when the endpoint fails; an answer that is no JSON proposes nothing.
    """
    for start, end in _stretches(text):
        there = "\n".join(quote for a, b, quote in known if a < end and start < b)
        messages = [
            {"role": "system", "content": f"{_TASK}\n{there}"},
            {"role": "user", "content": text[start:end]},
        ]
        yield list(_read(endpoint.ask(messages)))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = min(start + _STRETCH, len(text))
        if end < len(text):
            end = max(text.rfind("\n", start + 1, end), text.rfind("。", start + 1, end)) + 1 or end
        yield start, end
        start = end


def _read(said: str) -> Iterator[Proposal]:
    found = re.search(r"\[.*\]", said, re.DOTALL)
    try:
        rows = json.loads(found[0]) if found else []
    except ValueError:
        return
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(row.get("kind"), str) and isinstance(row.get("quote"), str):
            fields = row.get("fields")
            yield Proposal(row["kind"], row["quote"], fields if isinstance(fields, dict) else {})
