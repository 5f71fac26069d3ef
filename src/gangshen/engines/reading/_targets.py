"""Targets: quantified intended results with subject, comparator and deadline."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Literal

from gangshen.engines.quantities import Quantity, When, find, find_dates

from ._intent import announces, clause_around, is_intended
from ._model import Part, Phase, Target
from ._outline import Outline, Place
from ._view import Paragraph, sentences

__all__ = ["targets"]

_LEAD_WORDS = re.compile(
    r"(?:(?:[\d一二两三四五十]+年内|全年|目标|即|力争|确保|争取|努力|到时|届时|其中|并|同时|累计|每年|预计|全面|积极|加快|大力|重点|进一步|新(?![增建兴型材能一])|着力|持续|力争实现|基本|共|总共|逐步|初步|先行|首期|年均|在[^，]{2,14}(?:内|上|方面))\s*)*"
    r"(?:(?:实现|打造|培育|引进|引入|引育|招引|建成(?!区)|建设|建立|新建|形成|集聚|汇聚|聚集|吸引|突破|新增|开放|发布|推出|遴选|举办|组建|落地|孵化|推动|完成|创建|提升|提高|增长|降低|压缩|缩短|培养|开展|制定|研制并获批|研制|开发|开拓|推进|布局|认定|储备|攻克|转化|覆盖|提供|争创|保持|获批|构建|上线|扶持|服务|使|将|把)(?:和|与|或|、|并)?)*"
)
_AIMED = re.compile(r"到20\d\d年|到“十|力争")
_HOLLOW = re.compile(r"(?:累计|总数|总量|其中|达|共|合计|数量|新增)?")
_DENOMINATOR = re.compile(
    r"占(?P<of>[^，。；占]{1,20}?)(?:的)?(?:比重|比例|份额|的比)?(?:均|都|达|达到|超|超过|为|约|不低于|提高|提升|至|到|突破|力争|分别|稳定|保持|在|的)*$"
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
    made: list[Target] = []
    lead: When | None = None
    scope: tuple[int, ...] = ()
    for index, para in enumerate(paras):
        part = out.part(index)
        if part == "principle" and _AIMED.search(para.text):
            part = "goal"  # 总体思路 often ends in the goals
        if part in ("background", "scope", "supplement", "principle"):
            lead = None
            continue
        if part == "front" and not re.search(r"目标|力争|到20\d\d年", para.text):
            continue
        if scope != _scope(out, index) or part not in ("goal", "front"):
            lead = None
        setting = _Setting(
            para,
            part,
            out.section(index, own=True),
            owner.get(index),
            taken.get(index, []),
            _stages(stages, index, out),
            lead,
        )
        body = _body(para, out.places[index])
        titled = [w for w in find_dates(para.text[:body]) if w.grain in ("year", "half", "quarter", "month")]
        if titled and part == "goal":  # （一）2026年目标: the heading dates what stands below it
            setting.lead = titled[-1]
        for start, end in sentences(para.text, "。；"):
            if end > body:
                _sentence(setting, max(start, body), end)
        made += setting.made
        if part in ("goal", "front"):
            lead, scope = setting.lead, _scope(out, index)
    return made


def _scope(out: Outline, index: int) -> tuple[int, ...]:
    """The goal section a paragraph is in: items numbered below it share its lead-in."""
    place = out.places[index]
    chain = [*place.above, *([place.heading] if place.heading is not None else [])]
    return tuple(h for h in chain if out.styles[h] in ("volume", "chapter", "section", "plain", "chinese", "bracket"))


def _opens_clause(text: str, when: When) -> bool:
    """2026年完成10个场景，2027年完成20个: a bare year at the head of a clause is when the rest is due."""
    if when.grain not in ("year", "plan"):
        return False
    return when.start <= 1 or text[when.start - 1] in "，；：。（、—"


def _body(para: Paragraph, place: Place) -> int:
    """Where targets may begin: after a title, but inside a whole sentence that is numbered as one."""
    if place.heading is None:
        return 0
    sentence = place.body >= len(para.text) - 1 and len(para.text) > 30
    return place.title if sentence else place.body


def _stages(stages: list[tuple[int, int, Phase]], index: int, out: Outline) -> list[tuple[int, Phase]]:
    """The phases of a paragraph, or the last one before it in the same section."""
    own = [(position, phase) for paragraph, position, phase in stages if paragraph == index]
    if own:
        return own
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
    for position, quantity in enumerate(aims):
        a, b = start + quantity.start, start + quantity.end
        if any(x < b and a < y for x, y in setting.taken) and not announces(text, quantity):
            continue
        made = _target(setting, start, text, aims, position, _due(setting, a, quantity, deadlines))
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


def _target(setting: _Setting, start: int, text: str, aims: list[Quantity], position: int, due: _Due) -> Target | None:
    para, q = setting.para, aims[position]
    (a, b), (x, y) = _subject(text, q, aims, position)
    subject = para.printed(start + a, start + b).strip(" 的、，。") if b > a else ""
    if _HOLLOW.fullmatch(subject) and setting.made:
        subject = setting.made[-1].subject  # 累计达到1万家 goes on with the target before
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
        unit=q.unit or "个",
        comparator=q.comparator,
        deadline_year=due.year,
        deadline=due.day,
        deadline_from=due.source,
        denominator=relative["of"] if relative else None,
        growth=q.growth,
        section=setting.section,
        task=setting.task,
    )


def _subject(text: str, q: Quantity, aims: list[Quantity], position: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Span of the subject and span of the quote, in the sentence; ``aims`` are the targets of the sentence."""
    left, right = clause_around(text, q.core_start)
    right = max(right, q.end)
    stop, begin = right, left
    following = aims[position + 1] if position + 1 < len(aims) else None
    if following and q.end <= following.start < right:
        cut = max(text.rfind(c, q.end, following.start) for c in "、和及与")
        stop = cut if cut >= q.end else following.start
    previous = aims[position - 1] if position else None
    if previous and left < previous.end <= q.start:
        cut = max(text.rfind(c, previous.end, q.start) for c in "、和及与")
        begin = cut + 1 if cut >= previous.end else previous.end
    after = q.end + len(text[q.end : stop].rstrip("。；，、 "))
    noun = (q.end, after)
    own = _before(text, begin, q.start)
    if q.kind in ("count", "group"):
        measured = re.fullmatch(r"总?(?:面积|规模|产值|投资)", text[q.end : after]) is not None
        follows = after - q.end >= 2 and text[q.end] not in "，。；、）" and not measured
    else:
        reached = re.search(r"(?:达到|达|为|占|均|至|到|增长|提高)$", text[begin : q.core_start])
        empty = re.fullmatch(r"的?(?:目标|台阶|水平|大关|规模)", text[q.end : after]) is not None
        follows = after > q.end and q.comparator == "eq" and not reached and not empty and own[1] - own[0] < 12
    if follows:
        return noun, (begin, after)
    if own[1] - own[0] >= 2:
        return own, (begin, q.end)
    last = text.rfind("的", q.end, right)  # 打造10个以上、面积…的社区: the noun closes the clause
    if last >= 0 and right - last > 2:
        return (last + 1, right), (begin, right)
    if after - q.end >= 2:
        return noun, (begin, after)
    if previous:
        return (q.start, q.start), (left, q.end)
    wider = max(text.rfind(c, 0, max(left - 1, 0)) for c in "，：；") + 1
    return _before(text, wider, max(left - 1, wider)), (wider, q.end)  # …起降点，2026年底前建成60个


def _before(text: str, start: int, end: int) -> tuple[int, int]:
    """The noun before a quantity: dates, verbs and 达到 stripped."""
    for when in find_dates(text[:end]):
        if start <= when.start and when.end <= end and re.fullmatch(r"[\s，到至在]*", text[start : when.start]):
            start = when.end
    while start < end and text[start] in "，、：:—-① ②③④⑤⑥⑦⑧⑨":
        start += 1
    stripped = _LEAD_WORDS.match(text, start, end)
    if stripped:
        start = stripped.end()
    tail = re.search(
        r"(?:(?:由|从)[^，。；]{1,14}|(?:达到?)?(?:19|20)\d\d年|均|都|分别|力争|稳定|保持|迈上|迈向|站上|跨上|原则上|实现|总数|数量|共计|累计|已|达|达到|的|提高到|至|到|约|占|在)+$",
        text[start:end],
    )
    if tail and tail.start() > 0 and not text[start : start + tail.start()].endswith("占"):
        end = start + tail.start()
    return start, end
