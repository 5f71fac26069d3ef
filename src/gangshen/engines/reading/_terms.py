"""Terms that hold for a whole document: validity, stacking, deferrals."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from gangshen.engines.quantities import find, find_dates

from ._model import Deferral, Stacking, Validity
from ._view import Paragraph, sentences

__all__ = ["deferrals", "stacking", "validity"]

_FROM_ISSUE = re.compile(
    r"自(?:印发|发布|公布|颁布|下发|发文|印发公布)之日|自(?:印发|发布|公布)(?:后|起)|(?:印发|发布|公布)之日起"
)
_VALID = re.compile(r"有效期|施行|试行期|实施期限|执行期|执行至|起实施|起执行|暂定")
_STACKING = re.compile(
    r"(?:就高|从高|从优|择优|就优)[^。；]{0,14}不重复|不(?:得)?重复(?:享受|申报|支持|奖励|补助|资助)|不可(?:同时|重复)享受|不(?:得|能)同时享受|按最高(?:标准|额度)[^。；]{0,8}(?:不重复|执行)|不(?:再)?叠加"
)
_DEFER = re.compile(
    r"(?:以[^。；]{0,20}(?:通知|指南|细则|规定)为准|另行(?:制定|规定|发布|通知)|(?:申报|实施)(?:指南|细则|通知)[^。；]{0,12}(?:明确|规定|发布|执行)|具体(?:[^。；]{0,12})(?:办法|细则|标准|实施期限|条件)[^。；]{0,12}(?:由|按|另|以)[^。；]{0,30}|从其规定|按[^。；]{0,12}(?:年度申报通知|申报指南)[^。；]{0,6}执行)"
)


def validity(paras: list[Paragraph], issued: dt.date | None) -> Validity | None:
    """From and until when the document holds: the last such statement, which stands in the closing part or notice."""
    best: Validity | None = None
    for para in paras:
        if not _VALID.search(para.text):
            continue
        for start, end in sentences(para.text, "。；"):
            made = _validity(para, start, end, issued)
            if made is not None and (best is None or _weight(made) >= _weight(best)):
                best = made
    return best


def _weight(item: Validity) -> int:
    return sum(x is not None for x in (item.effective_from, item.valid_to, item.months)) + (1 if item.from_issue else 0)


def _validity(para: Paragraph, start: int, end: int, issued: dt.date | None) -> Validity | None:
    text = para.text[start:end]
    if not re.search(r"(?:施行|实施|执行|生效|有效期|试行期|试行)", text) or (
        re.search(r"同时废止", text) and "起" not in text
    ):
        return None
    if re.search(r"项目(?:实施|建设|执行)(?:期|周期)", text):
        return None
    from_issue = bool(_FROM_ISSUE.search(text))
    effective = valid_to = None
    months = None
    for when in find_dates(text):
        before, after = text[: when.start], text[when.end :]
        if (
            when.grain == "day"
            and re.search(r"(?:自|从|为|是|：)$", before)
            and re.match(r"起|开始|之?日?起|至|到|[-—~～]|(?:正式)?(?:施行|实施|执行|生效)", after)
        ):
            effective = when.first
        elif re.search(r"(?:至|到|截至|止于)$", text[: when.start + 1]) or when.deadline:
            if re.search(r"有效|执行|实施|施行|试行|期限", before) or effective:
                valid_to = when.last
        elif when.grain == "years" and re.search("有效|期", before):
            effective, valid_to = when.first, when.last
    for q in find(text):
        span = q.kind == "time" and q.unit in ("年", "个月", "月")
        if (
            span
            and (
                re.search(r"有效期|试行|执行期|实施期|期限|暂定|有效|施行", text[max(0, q.start - 12) : q.core_start])
                or re.match("有效期|的有效期", text[q.end :])
            )
            and not isinstance(q.value, tuple)
            and q.value <= 600
        ):
            months = int(q.value * (12 if q.unit == "年" else 1))
    if not (effective or valid_to or months) and not (from_issue and re.search("施行|实施|执行|生效", text)):
        return None
    doubts: tuple[str, ...] = ()
    delay = re.search(r"之日起(?:满)?(\d{1,3})(?:日|天|个?工作日)后", text)
    if from_issue and effective is None:
        effective = issued + dt.timedelta(days=int(delay[1])) if issued and delay else issued
        doubts = ("effective from the day of issue",) if issued else ("day of issue unknown",)
    if "X月" in text or "×" in text:
        doubts += ("day left open in the text",)
    if months and effective and valid_to is None:
        valid_to = _later(effective, months)
    a, b = para.trimmed(start, end)
    first, last = para.span(a, b)
    return Validity(
        quote=para.source[first:last],
        start=first,
        end=last,
        doubts=doubts,
        effective_from=effective,
        valid_to=valid_to,
        months=months,
        from_issue=from_issue,
    )


def _later(day: dt.date, months: int) -> dt.date:
    """The last day of a period of ``months`` that begins on ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    begin = dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return begin - dt.timedelta(days=1) if begin.day == day.day else begin


def stacking(para: Paragraph) -> list[Stacking]:
    out = []
    for start, end in sentences(para.text, "。；"):
        if _STACKING.search(para.text[start:end]):
            a, b = para.trimmed(start, end)
            first, last = para.span(a, b)
            out.append(Stacking(quote=para.source[first:last], start=first, end=last))
    return out


def deferrals(para: Paragraph) -> list[Deferral]:
    out = []
    for start, end in sentences(para.text, "。；"):
        hit = _DEFER.search(para.text, start, end)
        if hit:
            a, b = para.trimmed(start, end)
            first, last = para.span(a, b)
            out.append(Deferral(quote=para.source[first:last], start=first, end=last))
    return out
