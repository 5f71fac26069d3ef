"""The head of a document: title, number, issuers, date, status, years."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from gangshen.engines.quantities import find_dates

from ._model import Fact, Header, Status
from ._view import Paragraph

__all__ = ["dated", "header", "main_kind_of_title"]

_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,14}[〔\[［（(【](?:19|20)\d{2}[〕\]］）)】]\s*(?:第)?\s*\d{1,4}\s*号")
_PLAN = (
    r"行动方案|行动计划|工作方案|实施方案|工作计划|三年行动|发展规划|规划纲要|规划|建设方案|发展方案|专项行动|工作要点"
    r"|实施计划|总体方案|任务(?:分工|清单|分解|书)|分工方案|分工表|责任清单|工作安排|工作部署|行动纲要|推进方案|攻坚方案|落实方案|试点方案"
)
_POLICY = (
    r"若干(?:政策)?(?:措施|举措|规定|意见|政策)|政策(?:措施|清单|意见)|支持(?:政策|办法|措施)|扶持(?:政策|办法)|奖励办法"
    r"|管理办法|实施细则|实施办法|申报指南|[十百]条(?:措施|举措|政策|意见|办法)|举措|办法|细则|政策"
)
_TITLE = re.compile(rf"(?:{_PLAN}|{_POLICY}|纪要|批示|督办通知|实施意见|指导意见|意见|通知|方案|计划|措施|条例|规定)")
_DRAFT = re.compile(r"征求意见稿|公开征求意见|草案|讨论稿|征求意见(?:期限|截止)|征集意见时间|送审稿")
_TRIAL = re.compile(r"（(?:试行|暂行)）|试行(?:办法|方案)|暂行办法")
_ISSUER = re.compile(
    r"^(?:中共)?[\u4e00-\u9fff（）、]{2,40}(?:人民政府(?:办公厅|办公室)?|国务院(?:办公厅)?|委员会(?:办公室)?|管委会|管理委员会|办公室|局|厅|部|委|院|署|中心|集团|银行|法院|专班办公室)$"
)


def main_kind_of_title(title: str) -> Literal["plan", "policy"] | None:
    """``plan`` or ``policy`` when the title says so."""
    plan = [m.end() for m in re.finditer(_PLAN, title)]
    policy = [m.end() for m in re.finditer(_POLICY, title)]
    if not plan and not policy:
        return None
    return "plan" if max(plan, default=-1) > max(policy, default=-1) else "policy"


def header(paras: list[Paragraph], headed: frozenset[int]) -> Header:
    """Read the head from the paragraphs before the first heading, and signatures from the end.

    ``headed`` are the paragraphs that open with a heading.
    """
    first_heading = min(headed, default=len(paras))
    front = paras[: max(first_heading, 1)]
    title = _title(front, paras)
    number = None
    for para in front[:15]:
        hit = _NUMBER.fullmatch(para.text) or (_NUMBER.search(para.text) if len(para.text) < 60 else None)
        if hit:
            number = _fact(para, hit.start(), hit.end(), hit[0])
            break
    tail = _tail(paras, headed)
    issuers, date = _signature(front, tail)
    head_text = (title.value if title else "") + "".join(p.text for p in front[:4] if len(p.text) < 80)
    status: Status = "issued"
    if _DRAFT.search(head_text) or any(_DRAFT.search(p.text) and len(p.text) < 160 for p in paras[-3:]):
        status = "draft_for_comment"
    elif _TRIAL.search(head_text):
        status = "trial"
    start, end = _years(title.value if title else "", front)
    return Header(title=title, number=number, issuers=issuers, date=date, status=status, start_year=start, end_year=end)


_YEAR_OF_NUMBER = re.compile(r"[〔\[（(【]\s*(20\d\d)\s*[〕\]）)】]\s*第?\s*\d{1,4}\s*[号期]")
_HELD = re.compile(r"(?<!\d)(?:(20\d\d)年)?(1[0-2]|[1-9])月(3[01]|[12]\d|[1-9])日")


def dated(head: Header, paras: list[Paragraph]) -> dt.date | None:
    """When the document was written: its date of signing, else the year of its number with the first day it names."""
    if head.issued_on is not None:
        return head.issued_on
    front = [p.text for p in paras[:8]]
    years = [hit[1] for text in front if (hit := _YEAR_OF_NUMBER.search(text))]
    for text in front:
        for hit in _HELD.finditer(text):
            year = hit[1] or (years[0] if years else None)
            if year is None or "前" in text[hit.end() : hit.end() + 2]:
                continue
            try:
                return dt.date(int(year), int(hit[2]), int(hit[3]))
            except ValueError:
                continue
    return dt.date(int(years[0]), 1, 1) if years else None


def _fact(para: Paragraph, start: int, end: int, value: str, doubts: tuple[str, ...] = ()) -> Fact:
    first, last = para.span(start, end)
    return Fact(quote=para.source[first:last], start=first, end=last, value=value, doubts=doubts)


def _title(front: list[Paragraph], paras: list[Paragraph]) -> Fact | None:
    if paras and paras[0].markup:
        text = paras[0].text
        end = text.find("|") if "|" in text else len(text)
        end = len(text[:end].rstrip())
        if end:
            return _fact(paras[0], 0, end, _inner(text[:end]))
    best: tuple[int, int] | None = None
    for index, para in enumerate(front[:25]):
        text = para.text
        if (
            para.row
            or len(text) > 90
            or text.endswith(("。", "："))
            or not _TITLE.search(text)
            or text.startswith(("现将", "《"))
        ):
            continue
        if re.search(r"[，。；]", text):
            continue
        weight = 2 if main_kind_of_title(text) and "通知" not in text[-3:] else 1
        if best is None or weight > best[0]:
            best = (weight, index)
    if best is None:
        return None
    index = best[1]
    first = index
    while first > 0 and _part_of_title(front[first - 1].text) and not _TITLE.search(front[first - 1].text):
        first -= 1
    last = index
    while (
        last + 1 < len(front)
        and re.fullmatch(r"（[^）]{2,20}）", front[last + 1].text)
        and not re.search("公开发布|此件", front[last + 1].text)
    ):
        last += 1
    value = "".join(p.text for p in front[first : last + 1])
    start, end = front[first].offsets[0], front[last].offsets[-1] + 1
    source = front[first].source
    doubts = ("title joined from several lines",) if last > first else ()
    return Fact(quote=source[start:end], start=start, end=end, value=_inner(value), doubts=doubts)


def _inner(title: str) -> str:
    """关于印发《X》的通知 → X."""
    hit = re.search(r"印发《?(.+?)》?的通知", title)
    return hit[1] if hit else title


def _part_of_title(text: str) -> bool:
    return 6 <= len(text) <= 30 and not re.search(r"[。，：；！]|\d{4}年|号$|文件$|人民政府$|委员会$|（此件", text)


def _tail(paras: list[Paragraph], headed: frozenset[int]) -> list[Paragraph]:
    """The short lines that close a document."""
    first = len(paras)
    while first > 0 and first - 1 not in headed and len(paras[first - 1].text) <= 80:
        first -= 1
    return paras[max(first, min(headed, default=len(paras))) :]


def _signature(front: list[Paragraph], tail: list[Paragraph]) -> tuple[tuple[Fact, ...], Fact | None]:
    issuers: list[Fact] = []
    date: Fact | None = None
    for para in [*front, *tail]:
        text = para.text
        if len(text) > 80 or re.search(r"施行|有效期|起实施|至20", text):
            continue
        when = [w for w in find_dates(text) if w.grain == "day"]
        bare = re.sub(r"[（）]", "", text)
        signed = when and re.match(r"[）)]?(?:印发|发布|在|于|$)", text[when[0].end :])
        if when and date is None and (len(text) - (when[0].end - when[0].start) <= 30 or signed):
            date = _fact(para, when[0].start, when[0].end, when[0].last.isoformat())
            before = text[: when[0].start].strip("（ ")
            if before and _ISSUER.match(before) and "印发" not in text and not issuers:
                issuers.append(_fact(para, text.index(before), text.index(before) + len(before), before))
        elif date is None and _ISSUER.match(text) and not bare.startswith(("各", "有关")) and "、" not in text:
            issuers.append(_fact(para, 0, len(text), text))
    if not issuers:
        for para in front[:6]:
            hit = re.match(r"(.{4,40}?)(?:文件|关于印发)", para.text)
            if hit and _ISSUER.match(hit[1]):
                return (_fact(para, 0, len(hit[1]), hit[1]),), date
    return tuple(issuers), date


def _years(title: str, front: list[Paragraph]) -> tuple[int | None, int | None]:
    for text in [title, *(p.text for p in front[:8] if len(p.text) < 60)]:
        for when in find_dates(text):
            if when.grain in ("years", "plan"):
                return when.first.year, when.last.year
    return None, None
