"""Read a document: every extractor runs on every document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from gangshen.engines.quantities import find
from gangshen.engines.vocabulary import Attribute, Vocabulary

from ._general import general_conditions
from ._header import header, main_kind_of_title
from ._linker import Linker
from ._lists import promised_lists
from ._model import Header, Reading, SourceText, Task, Unread
from ._offers import Offered, offers
from ._outline import Outline, outline
from ._phases import phases
from ._targets import targets
from ._tasks import tasks
from ._terms import deferrals, stacking, validity
from ._view import Paragraph, paragraphs, sentences

__all__ = ["read"]

Kind = Literal["plan", "policy", "none"]


def read(source: SourceText | str, *, vocabulary: Vocabulary | Sequence[Attribute] = ()) -> Reading:
    """Read a Chinese plan or policy; deterministic, never raises on any text.

    Offsets are code points of ``source`` (of ``source.text``). A text that is neither plan nor policy gives an empty
    reading of kind ``none``. ``vocabulary`` links conditions to attributes; without it they stay untranslated.
    """
    text = source if isinstance(source, str) else source.text
    rows = (
        frozenset(b.start for b in source.blocks if b.kind == "row") if isinstance(source, SourceText) else frozenset()
    )
    paras = paragraphs(text, rows)
    out = outline(paras)
    head = header(paras, frozenset(out.owners))
    linker = Linker.of(vocabulary)
    offered = offers(paras, out, {}, linker)
    kind = _kind(head, out, offered, paras)
    if kind == "none":
        return _news(head, offered)
    listed, named = tasks(paras, out, policy=kind == "policy")
    if named:
        offered = offers(paras, out, named, linker)
    owner = _owners(paras, listed)
    stages = phases(paras)
    taken = {i: [*named.get(i, []), *(offered[i].stretches if i in offered else [])] for i in {*named, *offered}}
    aims = targets(paras, out, stages, taken, owner)
    items = [item for i in sorted(offered) for item in offered[i].items]
    reading = Reading(
        kind=kind,
        header=head,
        headings=out.headings,
        tasks=tuple(listed),
        targets=tuple(aims),
        phases=tuple(p for _, _, p in stages),
        lists=tuple(x for i, p in enumerate(paras) for x in promised_lists(p, owner.get(i))),
        offers=tuple(items),
        general_conditions=tuple(general_conditions(paras, out, linker, set(offered))),
        validity=validity(paras, head.issued_on),
        stacking=tuple(x for p in paras for x in stacking(p)),
        budgets=tuple(b for i in sorted(offered) for b in offered[i].budgets),
        deferrals=tuple(x for p in paras for x in deferrals(p)),
    )
    return reading.model_copy(update={"unread": tuple(_unread(paras, out, reading, offered))})


def _kind(head: Header, out: Outline, offered: dict[int, Offered], paras: list[Paragraph]) -> Kind:
    named = main_kind_of_title(head.title.value if head.title else "")
    giving = sum(1 for o in offered.values() for i in o.items if "no figure" not in i.doubts)
    numbered = sum(1 for s in out.styles if s in ("bracket", "arabic", "article", "chinese"))
    if named is not None and (numbered >= 2 or giving):
        return named
    if giving >= 3 and numbered >= 3:
        return "policy"
    staged = any(h.part in ("goal", "safeguard") for h in out.headings)
    return "plan" if numbered >= 4 and staged and _chinese(paras) else "none"


def _chinese(paras: list[Paragraph]) -> bool:
    letters = [c for p in paras for c in p.text if c.isalpha()]
    return sum("\u4e00" <= c <= "\u9fff" for c in letters) * 2 > len(letters)


def _news(head: Header, offered: dict[int, Offered]) -> Reading:
    """Of a text that is no plan and no policy only amounts promised to firms are kept, all doubtful."""
    kept = [
        item.model_copy(update={"doubts": (*item.doubts, "from a text that is no policy")})
        for i in sorted(offered)
        for item in offered[i].items
        if "no figure" not in item.doubts and re.search(r"补贴|补助|扶持|奖励|资助|支持政策|政策", item.quote)
    ]
    return Reading(kind="none", header=head, offers=tuple(kept))


def _owners(paras: list[Paragraph], listed: list[Task]) -> dict[int, str]:
    out: dict[int, str] = {}
    for index, para in enumerate(paras):
        for task in listed:
            if task.body_start <= para.offsets[0] < task.body_end:
                out[index] = task.number
                break
    return out


def _unread(paras: list[Paragraph], out: Outline, reading: Reading, offered: dict[int, Offered]) -> list[Unread]:
    """Sentences with money, shares or counts that no item quotes."""
    spans = [*((i.start, i.end) for i in reading.items()), *reading.condition_spans()]
    found: list[Unread] = []
    for index, para in enumerate(paras):
        if out.part(index) in ("background", "front") or (para.markup and index == 0):
            continue
        for start, end in sentences(para.text, "。；"):
            a, b = para.trimmed(start, end)
            if b <= a:
                continue
            if index in offered and any(x < b and a < y for x, y in offered[index].stretches):
                continue
            first, last = para.span(a, b)
            figures = [
                q
                for q in find(para.text[a:b])
                if q.kind in ("money", "percent", "count", "measure", "doubling") and not (q.numeral and q.high <= 3)
            ]
            if figures and not any(s < last and first < e for s, e in spans):
                found.append(Unread(quote=para.source[first:last], start=first, end=last))
    return found
