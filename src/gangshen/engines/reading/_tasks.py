"""Tasks: the finest numbered items of the task and safeguard parts, with their units."""

from __future__ import annotations

import datetime as dt
import re

from ._deadlines import deadlines
from ._model import Task, Unit
from ._outline import Outline
from ._tables import TaskRecord, task_records
from ._units_named import Convention, Named, begins_with_units, opens_units, units_in, units_of_cell
from ._units_said import said_units
from ._view import Paragraph

__all__ = ["tasks"]

_FINE = {"circled", "bracket_arabic"}
_POLICY_PART = re.compile(
    r"^(?:支持|扶持|配套|奖励|激励|奖补)(?:政策|内容|条款|措施|办法)|政策(?:内容|条款)$|^(?:政策|扶持|奖补)(?:支持|措施)$"
)


def tasks(
    paras: list[Paragraph], out: Outline, policy: bool = False, issued: dt.date | None = None
) -> tuple[list[Task], dict[int, list[tuple[int, int]]]]:
    """Tasks in order, and per paragraph the stretches that name units (for other extractors to leave alone)."""
    chosen = _chosen(paras, out, policy)
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
        made.append(_task(paras, out, head, own, inherited, shared.get(head, ()), chosen, issued))
    made = _with_tables(paras, made, stretches, issued)
    return made, stretches


def _with_tables(
    paras: list[Paragraph], made: list[Task], stretches: dict[int, list[tuple[int, int]]], issued: dt.date | None
) -> list[Task]:
    """Rows of a table of tasks: those that the text lists too give it their units, the others are tasks."""
    listed = {_plain(task.title): index for index, task in enumerate(made)}
    rows: list[Task] = []
    for record in task_records(paras):
        for _, cell in record.units:
            stretches.setdefault(cell.index, []).append((cell.start, cell.end))
        row = _row(paras, record, issued)
        known = listed.get(_plain(row.title))
        if known is None:
            rows.append(row)
        elif not made[known].units:
            doubts = tuple(d for d in made[known].doubts if d != "unassigned")
            due = made[known].due or row.due
            given = tuple(u.model_copy(update={"inherited": True}) for u in row.units)
            made[known] = made[known].model_copy(update={"units": given, "doubts": doubts, "due": due})
    return sorted([*made, *rows], key=lambda task: task.start)


def _plain(title: str) -> str:
    return re.sub(r"[^\w]", "", title)


def _row(paras: list[Paragraph], record: TaskRecord, issued: dt.date | None) -> Task:
    cell = record.title
    stop = cell.text.find("。")
    start, end = cell.para.span(cell.start, cell.start + stop if stop > 0 else cell.end)
    named = [(c.para, u) for column, c in record.units for u in units_of_cell(c.para, c.start, c.end, column)]
    units = tuple(_unit(para, unit, record.inherited) for para, unit in named)
    due = deadlines(record.due.text, issued, labelled=True) if record.due else []
    body = paras[record.first : record.last + 1]
    return Task(
        quote=cell.para.source[start:end],
        start=start,
        end=end,
        doubts=() if units else ("unassigned",),
        number=record.number,
        title=cell.para.printed(cell.start, cell.start + stop if stop > 0 else cell.end).strip(),
        section=record.section,
        units=units,
        due=due[-1].day if due else None,
        due_quote=record.due.para.quote(record.due.start, record.due.end) if record.due and due else "",
        body_start=body[0].offsets[0],
        body_end=body[-1].offsets[-1] + 1,
    )


def _chosen(paras: list[Paragraph], out: Outline, policy: bool) -> set[int]:
    """Headings that are tasks: numbered, without finer numbered headings below, in a task or safeguard part."""
    inner: set[int] = set()
    fine = _fine_tasks(paras, out)
    for head, owner in enumerate(out.owners):
        if out.styles[head] not in _FINE or head in fine:
            inner.update(out.places[owner].above)
    chosen = set()
    assigned = _assigned(paras, out)
    for head, heading in enumerate(out.headings):
        above = out.places[out.owners[head]].above
        if (
            (heading.part not in ("task", "safeguard") and head not in assigned)
            or out.styles[head] == "plain"
            or head in inner
        ):
            continue
        if out.styles[head] in _FINE and head not in fine:
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


def _assigned(paras: list[Paragraph], out: Outline) -> set[int]:
    """Numbered items of a part of aims (确保完成主要预期目标) most of which name who is to see to them."""
    siblings: dict[int, list[int]] = {}
    named: set[int] = set()
    for index, para in enumerate(paras):
        place = out.places[index]
        head = place.heading if place.heading is not None else (place.above[-1] if place.above else None)
        if head is not None and out.headings[head].part == "goal":
            if begins_with_units(para.text) or opens_units(para.text, 0, len(para.text)) is not None:
                named.add(head)
            if place.heading is not None and place.above:
                siblings.setdefault(place.above[-1], []).append(head)
    return {h for heads in siblings.values() if len(named & {*heads}) * 2 > len(heads) > 1 for h in heads}


def _fine_tasks(paras: list[Paragraph], out: Outline) -> set[int]:
    """（1） and ① that are tasks: titled items where no 1. stands between, or items that name units of their own."""
    siblings: dict[int, list[int]] = {}
    for head, owner in enumerate(out.owners):
        above = out.places[owner].above
        if out.styles[head] in _FINE and above:
            siblings.setdefault(above[-1], []).append(head)
    named = {h for h in (h for hs in siblings.values() for h in hs) if _names_units(paras, out, h)}
    titled = {
        parent: heads
        for parent, heads in siblings.items()
        if out.styles[parent] in ("chinese", "bracket", "section", "chapter")
        and all(len(out.headings[h].title) <= 40 and not re.search("[；：]", out.headings[h].title) for h in heads)
    }
    usual = any(len(heads) >= 2 for heads in titled.values())  # then one alone is a task too
    found = {h for heads in titled.values() if usual for h in heads}
    return found | {h for heads in siblings.values() if len(named & {*heads}) * 2 > len(heads) > 1 for h in heads}


def _names_units(paras: list[Paragraph], out: Outline, head: int) -> bool:
    text = paras[out.owners[head]].text
    return opens_units(text, 0, len(text)) is not None


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
    issued: dt.date | None,
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
    if not unique:
        unique = [_unit(p, u, False) for p in paras[first : last + 1] for u in said_units(p)]
    body = paras[last]
    due, due_quote, dates = _due(paras[first : last + 1], issued)
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


def _due(body: list[Paragraph], issued: dt.date | None) -> tuple[dt.date | None, str, int]:
    """The latest deadline in the text of a task, its words, and how many different ones there are."""
    found = [(d.day, p.quote(d.start, d.end)) for p in body for d in deadlines(p.text, issued)]
    if not found:
        return None, "", 0
    day, quote = max(found)
    return day, quote, len({d for d, _ in found})


def _unit(para: Paragraph, unit: Named, inherited: bool) -> Unit:
    start, end = para.span(unit.start, unit.end)
    name = para.printed(unit.start, unit.end).strip()
    return Unit(quote=para.source[start:end], start=start, end=end, name=name, role=unit.role, inherited=inherited)
