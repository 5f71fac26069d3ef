"""Targets: quantified intended results with subject, comparator and deadline."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Literal

from gangshen.engines.quantities import Quantity, When, find, find_dates

from ._indicators import indicators
from ._intent import announces, clause_around, is_intended
from ._model import Part, Phase, Target
from ._outline import Outline, Place
from ._respective import Share, respective
from ._subject import achieved, subject_of
from ._tables import TaskRecord, row_cells, task_records
from ._view import Paragraph, sentences

__all__ = ["targets"]

_AIMED = re.compile(r"到20\d\d年|到“十|力争")
_HOLLOW = re.compile(
    r"(?:累计|总数|总量|其中|达|共|合计|数量|新增|[较比](?:20\d\d年|上年|去年)|每(?:批|年|期|季度|月))?"
)
_DENOMINATOR = re.compile(
    r"占(?!比)(?P<of>[^，。；占]{1,20}?)(?:的)?(?:比重|比例|份额|的比)?(?:均|都|达|达到|超|超过|为|约|不低于|提高|提升|至|到|突破|力争|分别|稳定|保持|在|的)*$"
)


@dataclass(slots=True)
class _Setting:
    """What holds for the sentence being read."""

    para: Paragraph
    part: Part
    section: str
    task: str | None
    taken: list[tuple[int, int]]
    stages: list[tuple[int, Phase]]  # phases of the paragraph by position, one carried over at -1
    lead: When | None  # the date that a sentence before has set
    made: list[Target] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Due:
    year: int | None = None
    day: dt.date | None = None
    source: Literal["sentence", "lead-in", "phase"] | None = None


def targets(
    paras: list[Paragraph],
    out: Outline,
    stages: list[tuple[int, int, Phase]],
    taken: dict[int, list[tuple[int, int]]],
    owner: dict[int, str],
) -> list[Target]:
    """All targets. ``taken`` are stretches per paragraph read as units or offers; ``owner`` the task of a paragraph."""
    made, counted = indicators(paras, out)
    tabled = {i: r for r in task_records(paras) for i in range(r.first, r.last + 1)}
    leads: dict[tuple[int, ...], When | None] = {}
    for index, para in enumerate(paras):
        part = "task" if index in tabled else out.part(index)
        if index in counted:
            continue
        if part == "principle" and _AIMED.search(para.text):
            part = "goal"  # 总体思路 often ends in the goals
        if part in ("background", "scope", "supplement", "principle"):
            leads.clear()
            continue
        if part == "front" and not re.search(r"目标|力争|到20\d\d年", para.text):
            continue
        scope = _scope(out, index)
        if part not in ("goal", "front"):
            leads.clear()
        lead = next((leads[scope[:n]] for n in range(len(scope), -1, -1) if scope[:n] in leads), None)
        setting = _Setting(
            para,
            part,
            out.section(index, own=True),
            owner.get(index),
            taken.get(index, []),
            _stages(stages, index, out),
            lead,
        )
        if index in tabled:
            setting.lead = _date_of(tabled[index]) or lead
        body = _body(para, out.places[index], part)
        titled = [w for w in find_dates(para.text[:body]) if w.grain in ("year", "half", "quarter", "month")]
        if titled and part == "goal":  # （一）2026年目标: the heading dates what stands below it
            setting.lead = titled[-1]
        for start, end in _pieces(para, setting.taken):
            if end > body:
                _sentence(setting, max(start, body), end)
        made += setting.made
        if part in ("goal", "front"):
            leads[scope] = setting.lead
    return made


def _pieces(para: Paragraph, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences of a paragraph without its brackets of units, or of each cell of a row."""
    if not para.row:
        brackets = [(x, y) for x, y in taken if para.text[x] in "（〔【["]
        return [piece for sentence in sentences(para.text, "。；") for piece in _without(sentence, brackets)]
    found = []
    for cell in row_cells(para):
        found += [(cell.start + a, cell.start + b) for a, b in sentences(cell.text, "。；")]
    return found


def _without(sentence: tuple[int, int], brackets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    start, end = sentence
    out = []
    for x, y in sorted(brackets):
        if start <= x < end:
            out.append((start, x))
            start = min(y, end)
    return [(a, b) for a, b in [*out, (start, end)] if b > a]


def _date_of(record: TaskRecord) -> When | None:
    """What the column of deadlines says."""
    dates = find_dates(record.due.text) if record.due else []
    return dates[-1] if dates else None


def _scope(out: Outline, index: int) -> tuple[int, ...]:
    """The goal section a paragraph is in: what is numbered below it shares its lead-in until it has its own."""
    place = out.places[index]
    chain = [*place.above, *([place.heading] if place.heading is not None else [])]
    return tuple(h for h in chain if out.styles[h] in ("volume", "chapter", "section", "plain", "chinese", "bracket"))


def _opens_clause(text: str, when: When) -> bool:
    """2026年完成10个场景，2027年完成20个: a bare year at the head of a clause is when the rest is due."""
    if when.grain not in ("year", "plan") or when.since:
        return False
    return when.start <= 1 or text[when.start - 1] in "，；：。（、—"


def _body(para: Paragraph, place: Place, part: Part) -> int:
    """Where targets may begin: after a title, but inside a whole sentence that is numbered as one."""
    if place.heading is None:
        return 0
    rest = para.text[place.body :].lstrip("。； ")
    whole = len(para.text) > 30 or (part == "goal" and re.search(r"\d(?:%|亿元|万元|家|个)", para.text) is not None)
    sentence = (len(rest) <= 1 and whole) or (place.body > 0 and _opens_bracket(rest))
    return place.title if sentence else place.body


def _opens_bracket(rest: str) -> bool:
    """Nothing after the title but those who answer for it."""
    labelled = re.match(r"(?:牵头|责任|配合|分管|主管|联系|完成)[^。；：]{0,6}：", rest) is not None
    return labelled or re.fullmatch(r"[（〔【\[].*[）〕】\]][。；]?", rest) is not None


def _stages(stages: list[tuple[int, int, Phase]], index: int, out: Outline) -> list[tuple[int, Phase]]:
    """The phases of a paragraph, or the last one before it in the same section."""
    own = [(position, phase) for paragraph, position, phase in stages if paragraph == index]
    if own:
        return own
    above = {out.owners[h] for h in out.places[index].above}
    headed = [(-1, phase) for paragraph, _, phase in stages if paragraph in above]
    if headed:
        return headed[-1:]
    before = [s for s in stages if s[0] < index]
    if before and out.places[before[-1][0]].above == out.places[index].above and out.places[index].heading is None:
        return [(-1, before[-1][2])]
    return []


def _sentence(setting: _Setting, start: int, end: int) -> None:
    """Read the targets of one sentence, and let its date lead what follows."""
    text = setting.para.text[start:end]
    dates = [w for w in find_dates(text) if w.grain != "day" or w.deadline]
    deadlines = [w for w in dates if text[w.end : w.end + 1] != "的" and (w.deadline or _opens_clause(text, w))]
    found = find(text)
    aims = [q for q in found if is_intended(text, q, found, setting.part)]
    shares = respective(text, aims, dates)
    for position, quantity in enumerate(aims):
        a, b = start + quantity.start, start + quantity.end
        if any(x < b and a < y for x, y in setting.taken) and not announces(text, quantity):
            continue
        share = shares.get(position, Share())
        due = _due(setting, a, quantity, deadlines)
        if share.when is not None:
            due = _Due(share.when.year, share.when.last, "sentence")
        made = _target(setting, start, text, aims, position, due, share, found)
        if made is not None:
            setting.made.append(made)
    if deadlines and (deadlines[0].start <= 12 or setting.part == "goal"):
        setting.lead = deadlines[-1]


def _due(setting: _Setting, at: int, q: Quantity, deadlines: list[When]) -> _Due:
    before = [w for w in deadlines if w.start <= q.start]
    if before:
        return _Due(before[-1].year, before[-1].last, "sentence")
    stage = next((phase for position, phase in reversed(setting.stages) if position <= at), None)
    if stage is not None:
        return _Due(stage.end_year, dt.date(stage.end_year, 12, 31), "phase")
    if setting.lead is not None:
        return _Due(setting.lead.year, setting.lead.last, "lead-in")
    return _Due()


_COUNTED = re.compile(
    r"(?:用户|人口|人员|流量|参数|粉丝|人次|数量?|(?<!总)量)(?:总数|规模)?(?:力争|稳定|达到?|突破|超过?|为|约|至|到)*$"
)


def _unit(text: str, q: Quantity) -> str:
    """As printed; 用户数超过2亿 counts no money."""
    if q.implied_unit and _COUNTED.search(text[max(0, q.core_start - 12) : q.core_start]):
        return q.unit.removesuffix("元")
    return q.unit or "个"


def _target(
    setting: _Setting,
    start: int,
    text: str,
    aims: list[Quantity],
    position: int,
    due: _Due,
    share: Share,
    found: list[Quantity],
) -> Target | None:
    para, q = setting.para, aims[position]
    (a, b), (x, y) = subject_of(text, q, aims, position, found)
    subject = para.printed(start + a, start + b).strip(" 的、，。") if b > a else ""
    if _HOLLOW.fullmatch(subject) and setting.made:
        subject = setting.made[-1].subject  # 累计达到1万家 goes on with the target before
    subject = share.subject or subject
    if not subject:
        return None
    first, last = para.trimmed(start + x, start + y)
    s, e = para.span(first, last)
    relative = _DENOMINATOR.search(text[clause_around(text, q.core_start)[0] : q.start])
    doubts = {
        "approximate": q.approximate,
        "no deadline": due.year is None,
        "unit implied": q.implied_unit,
        "relative: check denominator and its year": bool(relative) or (q.kind == "percent" and q.growth is None),
    }
    return Target(
        quote=para.source[s:e],
        start=s,
        end=e,
        doubts=tuple(doubt for doubt, holds in doubts.items() if holds),
        subject=subject,
        value=q.value,
        unit=_unit(text, q),
        comparator=share.comparator or achieved(text, q) or q.comparator,
        deadline_year=due.year,
        deadline=due.day,
        deadline_from=due.source,
        denominator=relative["of"] if relative else None,
        growth=q.growth,
        section=setting.section,
        task=setting.task,
    )
