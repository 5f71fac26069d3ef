"""Leaders' instructions (批示) and minutes (纪要): what was ordered, to whom, by when."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from ._deadlines import deadlines
from ._model import Task, Unit
from ._outline import Outline
from ._units_named import Named, duty_units
from ._view import Paragraph, sentences

__all__ = ["genre", "instructions"]

Genre = Literal["minutes", "directive"]

_MINUTES = re.compile(
    r"(?:会议|办公会|协调会|专题会|推进会|调度会|座谈会)?纪要$|^(?:会议)?纪要(?:（|〔|第|\d|$)|会议纪要"
)
_DIRECTIVE = re.compile(r"批示|督办(?:通知|单|函|事项)|交办(?:单|函|事项|通知)|领导(?:指示|签批)")
_NOBODY = re.compile(
    r"^(?:参加|出席|列席|请假|主持|记录|整理|审核|主送|抄送|抄报|分送|发送|地点|时间|会议时间|会议地点|附件)(?:人员?|单位|会议)?\s*：?"
)
_UNIT = (
    r"(?:(?!会议|同志|我们|各位|进一步|由|请|和|及|与)[\u4e00-\u9fff]){0,14}?"
    r"(?:发改委|经信委|委|局|办公室|办|厅|部|院|中心|公司|集团|政府|街道|镇|乡|管委会|园区|专班|工作组|处室?|科室?|支队|街镇|(?:成员|责任|相关|有关|各)?单位|部门)(?:（[^）]{1,12}）)?"
)
_CUE = (
    r"(?:等(?:有关|相关)?(?:部门|单位)?)?(?:(?:按(?:照)?职责)?(?:分工)?(?:牵头|负责|会同|配合|要(?!求)|应当?|须|需要?|抓紧|尽快|加快|继续|切实|认真|主动|积极|立即|及时|进一步|组织|做好|研究|提出|拿出"
    r"|制定|拟定|落实|对接|梳理|汇总|跟进|推进|完成|开展|加强|协调|督促|启动|(?:务必)?于|在|年内|上半年|下半年|本月|[\d一二三四五六七八九十]+月))"
)
_ACTOR = re.compile(rf"(?P<names>{_UNIT}(?:(?:、|和|及|与|，){_UNIT})*)(?={_CUE})")
_OPENING = re.compile(
    r"^(?:[一二三四五六七八九十]是|（?[一二三四五六七八九十\d]{1,3}）|[①-⑳]|——)?\s*(?:会议)?(?:要求|明确|决定|指出|强调|议定|同意|确定|认为|原则同意)?(?:，|：)?(?:请|由|同意由|责成|委托)?"
)
_FILLER = re.compile(
    r"(?:[，、]|要|应当?|须|需要?|务必|负责|牵头|于?(?:\d{1,2}月)?[^，。]{0,8}前|在[^，。]{0,10}前|年内|上半年|下半年|尽快|抓紧)+"
)


def genre(paras: list[Paragraph]) -> Genre | None:
    """What the head of the document says it is."""
    for para in paras[:6]:
        text = para.text
        if len(text) > 45 or text.endswith("。"):
            continue
        if _MINUTES.search(text):
            return "minutes"
        if _DIRECTIVE.search(text):
            return "directive"
    return None


def instructions(paras: list[Paragraph], out: Outline, issued: dt.date | None) -> list[Task]:
    """One task for each sentence that orders a named unit to do something."""
    made: list[Task] = []
    for index, para in enumerate(paras):
        if _NOBODY.match(para.text):
            continue
        place = out.places[index]
        number = out.headings[place.heading].number if place.heading is not None else ""
        begin = place.title if place.heading is not None else 0
        for start, end in sentences(para.text, "。；"):
            task = _task(para, max(start, begin), end, number, out.section(index), issued) if end > begin else None
            if task is not None:
                made.append(task)
                number = ""
    return [t if t.number else t.model_copy(update={"number": str(i)}) for i, t in enumerate(made, 1)]


def _task(para: Paragraph, start: int, end: int, number: str, section: str, issued: dt.date | None) -> Task | None:
    text = para.text
    opening = _OPENING.match(text[start:end])
    at = start + (opening.end() if opening else 0)
    actor = _ACTOR.match(text, at, end)
    if actor is None:
        return None
    units, after = duty_units(para, at, end, actor.end())
    filler = _FILLER.match(text, after, end)
    first, last = para.trimmed(filler.end() if filler else after, end)
    if last - first < 4 or not units:
        return None
    due = deadlines(text[start:end], issued)
    a, b = para.trimmed(start, end)
    s, e = para.span(a, b)
    doubts = ("year not printed",) if due and not due[-1].year_printed else ()
    return Task(
        quote=para.source[s:e],
        start=s,
        end=e,
        doubts=doubts,
        number=number,
        title=para.printed(first, last),
        section=section,
        units=tuple(_unit(para, u) for u in units),
        due=max((d.day for d in due), default=None),
        due_quote=para.quote(start + due[-1].start, start + due[-1].end) if due else "",
        body_start=s,
        body_end=e,
    )


def _unit(para: Paragraph, unit: Named) -> Unit:
    start, end = para.span(unit.start, unit.end)
    name = para.printed(unit.start, unit.end).strip()
    return Unit(quote=para.source[start:end], start=start, end=end, name=name, role=unit.role)
