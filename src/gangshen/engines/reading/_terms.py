"""Terms that hold for a whole document: validity, stacking, deferrals, general conditions."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from gangshen.engines.quantities import find, find_dates
from gangshen.engines.rules import Clause, ClauseKind, Operator, Span

from ._amounts import figures
from ._conditions import Linker, numeric
from ._model import Deferral, Stacking, Validity
from ._outline import Outline
from ._view import Paragraph, sentences

__all__ = ["deferrals", "general_conditions", "stacking", "validity"]

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
    from_issue = bool(_FROM_ISSUE.search(text))
    effective = valid_to = None
    months = None
    for when in find_dates(text):
        before, after = text[: when.start], text[when.end :]
        if when.grain == "day" and re.search(r"自$|从$", before) and re.match(r"起|开始|之?日?起", after):
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
        ):
            months = int(q.value * (12 if q.unit == "年" else 1))
    if not (effective or valid_to or months) and not (from_issue and re.search("施行|实施|执行|生效", text)):
        return None
    doubts: tuple[str, ...] = ()
    if from_issue and effective is None:
        effective = issued
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


_APPLIES = re.compile(
    r"适用于|支持对象(?:为|是)|扶持对象(?:为|是)|申报(?:主体|单位|企业|对象)(?:须|应|需|为|必须)|应(?:当)?(?:同时)?(?:符合|具备|满足)(?:以下|下列)|(?:须|应当?|需)(?:信用|依法|具有|具备|在)|近[一二三两123]年(?:内|来)?(?:无|未|没有)"
)
_WHOM = re.compile(r"适用于(?P<who>[^。；]+)|(?:支持|扶持|适用)(?:对象|范围)[为是：](?P<who2>[^。；]+)")


def general_conditions(paras: list[Paragraph], out: Outline, linker: Linker, offered: set[int]) -> list[Clause]:
    """Conditions on everything a document offers, from its scope, its opening and its closing part."""
    made: list[Clause] = []
    for index, para in enumerate(paras):
        part = out.part(index)
        if index in offered or part in ("goal", "background", "principle", "safeguard"):
            continue
        if part not in ("scope", "supplement") and not re.search(
            r"适用于|申报(?:主体|单位|企业)(?:须|应|需)", para.text
        ):
            continue
        for start, end in sentences(para.text, "。；"):
            text = para.text[start:end]
            whom = _WHOM.search(text)
            if not whom and not _APPLIES.search(text):
                continue
            key = f"g{len(made) + 1}"
            for figure in figures(text):
                clause = numeric(para, start, text, figure, f"{key}.n{figure.start}", linker)
                if clause is not None:
                    made.append(clause)
            made += _whom(para, start, text, whom, key)
    return made


def _whom(para: Paragraph, offset: int, text: str, whom: re.Match[str] | None, key: str) -> list[Clause]:
    out: list[Clause] = []
    if whom:
        name = "who" if whom["who"] else "who2"
        spans = _split(text, whom.start(name), _first_cut(text, whom.start(name), whom.end(name)))
    else:
        body = re.search(r"(?:须|应当?|需|必须)", text)
        begin = body.end() if body else 0
        spans = _split(text, begin, len(text))
    for number, (a, b) in enumerate(spans):
        start, end = para.trimmed(offset + a, offset + b)
        if end - start < 4 or re.match("包括|紧扣|主要是|即", para.text[start:end]):
            continue
        words = para.text[start:end]
        first_at, last_at = para.span(start, end)
        negated = bool(re.search(r"(?:未|不|无|非|没有)(?:被)?(?:列入|纳入|存在|发生|受到|属于|有)", words))
        out.append(
            Clause(
                id=f"{key}.w{number + 1}",
                kind=ClauseKind.UNTRANSLATED,
                operator=Operator.NE if negated else None,
                value=words,
                label="适用对象" if whom else "申报条件",
                quote=para.source[first_at:last_at],
                span=Span(start=first_at, end=last_at),
            )
        )
    return out


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Comma pieces outside brackets."""
    out, depth, first = [], 0, start
    for i in range(start, end):
        if text[i] in "（〔":
            depth += 1
        elif text[i] in "）〕":
            depth = max(0, depth - 1)
        elif text[i] in "，。；" and not depth:
            out.append((first, i))
            first = i + 1
    return [*out, (first, end)]


def _first_cut(text: str, start: int, end: int) -> int:
    """The first party named; 以及按本政策可享受…的其他对象 adds no condition."""
    hit = re.compile(r"，以及|，及|以及其他|。").search(text, start, end)
    return hit.start() if hit else end
