"""Tasks: the finest numbered items of the task and safeguard parts, with their units."""

from __future__ import annotations

import datetime as dt
import re

from gangshen.engines.quantities import find_dates

from ._model import Task, Unit
from ._outline import Outline
from ._units_named import Convention, Named, units_in
from ._view import Paragraph

__all__ = ["tasks"]

_FINE = {"circled", "bracket_arabic"}
_POLICY_PART = re.compile(
    r"^(?:支持|扶持|配套|奖励|激励|奖补)(?:政策|内容|条款|措施|办法)|政策(?:内容|条款)$|^(?:政策|扶持|奖补)(?:支持|措施)$"
)


def tasks(
    paras: list[Paragraph], out: Outline, policy: bool = False
) -> tuple[list[Task], dict[int, list[tuple[int, int]]]]:
    """Tasks in order, and per paragraph the stretches that name units (for other extractors to leave alone)."""
    chosen = _chosen(out, policy)
    convention = Convention()
    named: dict[int, list[tuple[Paragraph, Named]]] = {}
    sections: dict[int, list[tuple[Paragraph, Named]]] = {}
    stretches: dict[int, list[tuple[int, int]]] = {}
    shared: dict[int, tuple[tuple[Paragraph, Named], ...]] = {}
    for index, para in enumerate(paras):
        owner = _owner(out, index, chosen)
        units, where, convention = units_in(para, convention)
        if where:
            stretches[index] = where
        if owner is not None:
            shared[owner] = convention.everywhere
            named.setdefault(owner, []).extend((para, u) for u in units)
        elif units:
            place = out.places[index]
            section = place.heading if place.heading is not None else (place.above[-1] if place.above else -1)
            sections.setdefault(section, []).extend((para, u) for u in units)
    made = []
    for head in sorted(chosen):
        above = out.places[out.owners[head]].above
        own = named.get(head, [])
        inherited = [] if own else next((sections[s] for s in reversed(above) if s in sections), [])
        made.append(_task(paras, out, head, own, inherited, shared.get(head, ()), chosen))
    return made, stretches


def _chosen(out: Outline, policy: bool) -> set[int]:
    """Headings that are tasks: numbered, without finer numbered headings below, in a task or safeguard part."""
    inner: set[int] = set()
    for head, owner in enumerate(out.owners):
        if out.styles[head] not in _FINE:
            inner.update(out.places[owner].above)
    chosen = set()
    for head, heading in enumerate(out.headings):
        above = out.places[out.owners[head]].above
        if heading.part not in ("task", "safeguard") or out.styles[head] in _FINE | {"plain"} or head in inner:
            continue
        numbered = [a for a in above if out.styles[a] != "plain"]
        provision = len(heading.title) > 30 or "，" in heading.title
        if provision and (policy or re.search(r"给予|补贴\d|奖励\d|补助\d", heading.title)):
            continue  # a provision, not a task
        if (
            not numbered
            and not policy
            and out.styles[head] in ("chinese", "chapter")
            and any(out.styles[h] == out.styles[head] and h in inner for h in range(len(out.headings)))
        ):
            continue  # a whole part without numbered items
        titles = [out.headings[a].title for a in above]
        if any(_POLICY_PART.search(t) for t in titles) and not policy:
            continue
        chosen.add(head)
    return chosen


def _owner(out: Outline, index: int, chosen: set[int]) -> int | None:
    place = out.places[index]
    if place.heading in chosen:
        return place.heading
    for head in reversed(place.above):
        if head in chosen:
            return head
    return None


def _task(
    paras: list[Paragraph],
    out: Outline,
    head: int,
    own: list[tuple[Paragraph, Named]],
    inherited: list[tuple[Paragraph, Named]],
    everywhere: tuple[tuple[Paragraph, Named], ...],
    chosen: set[int],
) -> Task:
    heading = out.headings[head]
    first = last = out.owners[head]
    while last + 1 < len(paras) and _owner(out, last + 1, chosen) == head:
        last += 1
    units = [_unit(p, u, False) for p, u in own] + [_unit(p, u, True) for p, u in inherited]
    names = {u.name for u in units}
    unique: list[Unit] = []
    for unit in units:
        if unit.name not in {u.name for u in unique}:
            unique.append(unit)
    unique += [_unit(p, u, True) for p, u in everywhere if u.name not in names]
    body = paras[last]
    due, due_quote, dates = _due(paras[first : last + 1])
    doubts: tuple[str, ...] = () if unique else ("unassigned",)
    if dates > 1:
        doubts += ("several dates",)
    if len(heading.title) > 60:
        doubts += ("title may run into text",)
    return Task(
        quote=heading.quote,
        start=heading.start,
        end=heading.end,
        doubts=doubts,
        number=heading.number,
        title=heading.title,
        part="safeguard" if heading.part == "safeguard" else "task",
        section="/".join(heading.path),
        units=tuple(unique),
        due=due,
        due_quote=due_quote,
        body_start=paras[first].offsets[0],
        body_end=body.offsets[-1] + 1,
    )


def _due(body: list[Paragraph]) -> tuple[dt.date | None, str, int]:
    """The latest deadline in the text of a task, its words, and how many different ones there are."""
    found = [(w.last, p.quote(w.start, w.end)) for p in body for w in find_dates(p.text) if w.deadline]
    if not found:
        return None, "", 0
    day, quote = max(found)
    return day, quote, len({d for d, _ in found})


def _unit(para: Paragraph, unit: Named, inherited: bool) -> Unit:
    start, end = para.span(unit.start, unit.end)
    name = para.printed(unit.start, unit.end).strip()
    return Unit(quote=para.source[start:end], start=start, end=end, name=name, role=unit.role, inherited=inherited)
