"""Read a document: every extractor runs on every document."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import re
from collections.abc import Sequence
from typing import Literal

from gangshen.engines.quantities import find
from gangshen.engines.vocabulary import Attribute, Vocabulary

from ._apart import conditions_apart
from ._furniture import document_only
from ._header import dated, header, main_kind_of_title
from ._inline import part_inline
from ._instructions import genre, instructions
from ._linker import Linker
from ._lists import promised_lists
from ._model import Header, Item, Reading, SourceText, Task, Unread
from ._offers import Offered, offers
from ._outline import Outline, outline
from ._phases import phases
from ._tables import task_records
from ._targets import targets
from ._tasks import tasks
from ._terms import deferrals, stacking, validity
from ._view import Paragraph, paragraphs, sentences

__all__ = ["read"]

Kind = Literal["plan", "policy", "minutes", "directive", "none"]


def read(
    source: SourceText | str, *, vocabulary: Vocabulary | Sequence[Attribute] = (), issued: dt.date | None = None
) -> Reading:
    """Read a Chinese plan or policy; deterministic, never raises on any text.

    Offsets are code points of ``source`` (of ``source.text``). A text that is neither plan nor policy gives an empty
    reading of kind ``none``. ``vocabulary`` links conditions to attributes; without it they stay untranslated.
    ``issued`` is the document's day where the caller knows it better than the text; 6月底前 counts from it.
    """
    text = source if isinstance(source, str) else source.text
    rows = (
        frozenset(b.start for b in source.blocks if b.kind == "row") if isinstance(source, SourceText) else frozenset()
    )
    paras = document_only(part_inline(paragraphs(text, rows)))
    out = outline(paras)
    head = header(paras, frozenset(out.owners))
    linker = Linker.of(vocabulary)
    offered = offers(paras, out, {}, linker)
    kind, listed, named = _kind(head, out, offered, paras, issued or dated(head, paras))
    if kind == "none":
        return _news(head, offered)
    if named:
        offered = offers(paras, out, named, linker)
    owner = _owners(paras, listed)
    stages = phases(paras)
    taken = {i: [*named.get(i, []), *(offered[i].stretches if i in offered else [])] for i in {*named, *offered}}
    begins = head.start_year or (head.issued_on.year if head.issued_on else 0)
    aims = [
        t for t in targets(paras, out, stages, taken, owner) if (t.deadline_year or begins) >= begins
    ]  # not the past
    apart = conditions_apart(paras, out, linker, offered)
    items = [item for i in sorted(apart.items) for item in apart.items[i]]
    reading = Reading(
        kind=kind,
        header=head,
        headings=out.headings,
        tasks=tuple(listed),
        targets=tuple(aims),
        phases=tuple(p for _, _, p in stages),
        lists=tuple(x for i, p in enumerate(paras) for x in promised_lists(p, owner.get(i))),
        offers=tuple(items),
        general_conditions=apart.general,
        validity=validity(paras, head.issued_on),
        stacking=tuple(x for p in paras for x in stacking(p)),
        budgets=tuple(b for i in sorted(offered) for b in offered[i].budgets),
        deferrals=tuple(x for p in paras for x in deferrals(p)),
    )
    reading = reading.model_copy(update={"unread": tuple(_unread(paras, out, reading, offered))})
    return _doubted(reading) if isinstance(source, SourceText) and source.recognised else reading


def _doubted(reading: Reading) -> Reading:
    """Of a text read off pictures everything is to be checked."""
    groups: dict[str, tuple[Item, ...]] = {
        name: getattr(reading, name) for name in ("tasks", "targets", "phases", "lists", "offers")
    }
    doubt = "recognised from a picture"
    return reading.model_copy(
        update={
            name: tuple(item.model_copy(update={"doubts": (*item.doubts, doubt)}) for item in items)
            for name, items in groups.items()
        }
    )


Stretches = dict[int, list[tuple[int, int]]]


def _kind(
    head: Header, out: Outline, offered: dict[int, Offered], paras: list[Paragraph], issued: dt.date | None
) -> tuple[Kind, list[Task], Stretches]:
    """What the document is, with its tasks and where units are named."""
    ordered = genre(paras)
    if ordered is not None:
        orders = instructions(paras, out, issued)
        if orders:
            return ordered, orders, {}
    kind = _kind_of_outline(head, out, offered, paras)
    if kind == "none" and len(task_records(paras)) >= 2:
        kind = "plan"  # a table of tasks and nothing else
    if kind == "none":
        return kind, [], {}
    return kind, *tasks(paras, out, policy=kind == "policy", issued=issued)


def _kind_of_outline(
    head: Header, out: Outline, offered: dict[int, Offered], paras: list[Paragraph]
) -> Literal["plan", "policy", "none"]:
    named = main_kind_of_title(head.title.value if head.title else "")
    giving = sum(1 for o in offered.values() for i in o.items if "no figure" not in i.doubts)
    numbered = sum(1 for s in out.styles if s in ("bracket", "arabic", "article", "chinese", "dotted", "dotted3"))
    staged = any(h.part in ("goal", "safeguard") for h in out.headings)
    if named is not None and (numbered >= 2 or giving or (numbered and staged)):
        return named
    if giving >= 3 and numbered >= 3:
        return "policy"
    if staged and numbered >= 2 and head.title and re.search("意见|方案", head.title.value):
        return "plan"
    return "plan" if numbered >= 4 and staged and _chinese(paras) else "none"


def _chinese(paras: list[Paragraph]) -> bool:
    letters = [c for p in paras for c in p.text if c.isalpha()]
    return sum("\u4e00" <= c <= "\u9fff" for c in letters) * 2 > len(letters)


_TO_WHOM = re.compile(
    "企业|机构|项目|单位|人才|创业|公司|园区|主体|平台|团队|OPC|毕业生|居民|消费者|经营|政府|财政|贷款|租金"
)


def _news(head: Header, offered: dict[int, Offered]) -> Reading:
    """Of a text that is no plan and no policy only amounts promised to firms are kept, all doubtful."""
    kept = [
        item.model_copy(update={"doubts": (*item.doubts, "from a text that is no policy")})
        for i in sorted(offered)
        for item in offered[i].items
        if "no figure" not in item.doubts
        and re.search(r"补贴|补助|扶持|奖励|资助|支持政策|政策", item.quote)
        and _TO_WHOM.search(item.quote)
    ]
    return Reading(kind="none", header=head, offers=tuple(kept))


def _owners(paras: list[Paragraph], listed: list[Task]) -> dict[int, str]:
    out: dict[int, str] = {}
    starts = [task.body_start for task in listed]
    reach = list(itertools.accumulate((task.body_end for task in listed), max))
    if starts != sorted(starts):
        listed = sorted(listed, key=lambda task: task.body_start)
        return _owners(paras, listed)
    for index, para in enumerate(paras):
        at = para.offsets[0]
        found = bisect.bisect_right(starts, at) - 1
        while found >= 0 and reach[found] > at:
            if at < listed[found].body_end:
                out[index] = listed[found].number
            found -= 1
    return out


def _unread(paras: list[Paragraph], out: Outline, reading: Reading, offered: dict[int, Offered]) -> list[Unread]:
    """Sentences with money, shares or counts that no item quotes."""
    spans = [*((i.start, i.end) for i in reading.items()), *reading.condition_spans()]
    spans.sort()
    firsts = [a for a, _ in spans]
    reach = list(itertools.accumulate((b for _, b in spans), max))

    def quoted(first: int, last: int) -> bool:
        before = bisect.bisect_left(firsts, last) - 1
        return before >= 0 and reach[before] > first

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
            if figures and not quoted(first, last):
                found.append(Unread(quote=para.source[first:last], start=first, end=last))
    return found
