"""Responsible units: labelled brackets, bare brackets of units, and "A牵头负责，B配合"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from ._view import Paragraph, sentences

__all__ = ["Convention", "Named", "units_in"]

Role = Literal["lead", "cooperating", "responsible"]

_OPEN, _CLOSE = "（〔[【", "）〕]】"
_LABEL = re.compile(
    r"(?P<lead>牵头(?:责任)?(?:单位|部门)?|主责(?:单位|部门)|主办(?:单位|部门)|主要责任单位|第一责任单位)\s*："
    r"|(?P<coop>(?:配合|协同|协办|参与|参加|支持)(?:单位|部门))\s*："
    r"|(?P<other>(?:完成时限|完成时间|时间节点|完成期限|办结时限|时限要求|时限|进度要求|进度|责任人|联系人|主要领导|分管领导|牵头领导|责任领导))\s*："
    r"|(?P<plain>(?:责任|负责|落实|实施|承办|承担|主管|职责|完成)(?:单位|部门|主体|处室|科室)|(?:分工|责任分工))\s*："
)
_UNIT_END = re.compile(
    r"(?:委|局|厅|办|部|署|院|会|中心|集团|公司|政府|区|所|行|处|社|校|组|团|办公室|街道|镇|乡|县|市|州|园|学院|大学|单位|部门|专班|海关|银行|分行|支队|总队|队|企业|机构|平台|联盟|协会|资本|控股|街镇|园区|馆|站|科协|社科联|工商联|妇联|残联|联合会|总工会|工会|商会|贸促会|市委|区委|省委|县委|政法委|检察院|银保监|证监局|监管局|税务局|局委|组织|各有关方面|相关区|各区)$"
)
_NAMES = re.compile(r"等?(?:有关|相关)?(?:部门|单位|市级部门|区级部门|职能部门)?$")
_DUTY = re.compile(
    r"(?P<lead>(?:共同|联合)?牵头(?:负责|推进|落实|实施)?|为?牵头单位)$|(?P<coop>(?:按职责(?:分工)?)?(?:配合|参与|协助|协同)(?:落实|推进|实施|做好)?)$"
    r"|(?P<plain>(?:按(?:照)?(?:各自)?职责(?:分工)?|分工|分别|共同)?(?:负责|落实|推进|实施)(?:落实|推进)?|按职责分工)$"
)
_INHERITED = re.compile(
    r"(?:以下|下列|其他|其余|各项|上述)?(?:任务)?均(?:需|须|由|请)?(?P<names>.+?)(?:负责|落实|配合|参与|组织实施|推进)[^。]*?(?:不再(?:一一)?列出|不再列|下同|不再赘述)"
)
_FIRST_LEADS = re.compile(
    r"(?:列|排|排名)(?:在)?(?:第一位|首位|第一|最前|第一名)(?:的)?(?:单位|部门)?(?:的)?为牵头|首位为牵头"
)
_ASIDE = re.compile(r"^以下|^下列|均[需须由]|下同$|为牵头(?:单位|部门)|不再(?:一一)?列")
_COMMA_LEADS = re.compile(r"第一个逗号前为牵头")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as printed, at ``start``:``end`` of the clean paragraph."""

    name: str
    start: int
    end: int
    role: Role = "responsible"


@dataclass(frozen=True, slots=True)
class Convention:
    """What a note in an early bracket says about all that follow."""

    first_leads: bool = False
    comma_leads: bool = False
    everywhere: tuple[tuple[Paragraph, Named], ...] = ()


def units_in(para: Paragraph, convention: Convention) -> tuple[list[Named], list[tuple[int, int]], Convention]:
    """Units named in a paragraph, the stretches that name them, and the convention from here on."""
    found: list[Named] = []
    stretches: list[tuple[int, int]] = []
    text = para.text
    for start, end in _brackets(text):
        inner = text[start + 1 : end - 1]
        labelled = _LABEL.match(inner.strip())
        if not labelled and not _bare_list(text, start, end, inner):
            continue
        parts = sentences(inner, "。；")
        for index, (a, b) in enumerate(parts):
            piece = inner[a:b]
            note = _note(para, piece, start + 1 + a, convention)
            convention = note or convention
            duty = _strip_duty(piece.rstrip("。；，、 "))[1] is not None
            if _LABEL.match(piece.strip()) or (note is None and (index == 0 or duty)):
                found += _segment(inner, a, b, start + 1)
        stretches.append((start, end))
    bare = _LABEL.search(text)
    if (
        bare
        and not stretches
        and (bare.start() == 0 or text[bare.start() - 1] in "。；" or len(text) - bare.start() < 120)
    ):
        stop = text.find("。", bare.end())
        stop = len(text) if stop < 0 else stop
        found += _segment(text, bare.start(), stop, 0)
        stretches.append((bare.start(), stop))
    return _with_lead(para.text, found, stretches, convention), stretches, convention


def _with_lead(text: str, found: list[Named], stretches: list[tuple[int, int]], convention: Convention) -> list[Named]:
    if not (convention.first_leads or convention.comma_leads) or any(u.role != "responsible" for u in found):
        return found
    out = list(found)
    for start, end in stretches:
        inside = [i for i, u in enumerate(out) if start <= u.start < end]
        if not inside:
            continue
        stop = out[inside[0]].end
        if convention.comma_leads:
            comma = text.find("，", start, end)
            stop = comma if comma > 0 else end
        for i in inside:
            out[i] = replace(out[i], role="lead" if out[i].start < stop else "cooperating")
    return out


def _brackets(text: str) -> list[tuple[int, int]]:
    """Outermost bracket pairs; an unclosed one ends with the text."""
    out, depth, start = [], 0, 0
    for index, char in enumerate(text):
        if char in _OPEN:
            if depth == 0:
                start = index
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                out.append((start, index + 1))
    if depth and _LABEL.match(text[start + 1 :].strip()):
        out.append((start, len(text) + 1))
    return out


def _bare_list(text: str, start: int, end: int, inner: str) -> bool:
    """A bracket of nothing but units, after a full stop, at the end of its paragraph or before another sentence."""
    if start == 0 or text[start - 1] not in "。；;":
        return False
    if re.search(r"[。：]", inner):
        return False
    pieces, duty = [], False
    for clause in re.split("[，；]", inner):
        names, role = _strip_duty(clause)
        duty = duty or role is not None
        pieces += [name for name, _, _ in _split(names, 0)]
    units = [p for p in pieces if _UNIT_END.search(re.sub(r"[（〔].*?[）〕]$", "", p))]
    if not pieces or any(len(p) > 30 for p in pieces):
        return False
    return len(units) == len(pieces) or (duty and len(units) * 2 >= len(pieces))  # 广州、深圳市政府 shares its ending


def _note(para: Paragraph, piece: str, offset: int, convention: Convention) -> Convention | None:
    if _FIRST_LEADS.search(piece):
        return replace(convention, first_leads=True)
    if _COMMA_LEADS.search(piece):
        return replace(convention, comma_leads=True)
    hit = _INHERITED.search(piece)
    if hit:
        names = [
            Named(n, offset + hit.start("names") + a, offset + hit.start("names") + b)
            for n, a, b in _split(hit["names"], 0)
        ]
        return replace(convention, everywhere=tuple((para, n) for n in names))
    return None


def _segment(text: str, start: int, end: int, base: int) -> list[Named]:
    """Units of ``text[start:end]``, which may change role at a label or at 牵头 and 配合."""
    out: list[Named] = []
    labels = list(_LABEL.finditer(text, start, end))
    cuts: list[tuple[int, int, Role | None]] = [
        (m.end(), labels[i + 1].start() if i + 1 < len(labels) else end, _label_role(m))
        for i, m in enumerate(labels)
        if not m["other"]
    ]
    if not labels:
        cuts = [(start, end, None)]
    for first, last, role in cuts:
        pending: list[Named] = []
        for a, b in _clauses(text, first, last):
            clause = text[a:b].rstrip("。；，、 ")
            if _ASIDE.search(clause):
                continue
            names, duty = _strip_duty(clause)
            own = [Named(n, base + a + x, base + a + y, role or "responsible") for n, x, y in _split(names, 0)]
            if role in (None, "responsible") and duty:
                pending = [replace(u, role=duty) for u in [*pending, *own]]
                out += pending
                pending = []
            else:
                pending += own
        out += pending
    return [u for u in out if u.name]


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    out, depth, first = [], 0, start
    for index in range(start, min(end, len(text))):
        char = text[index]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in "，；,;" and not depth:
            out.append((first, index))
            first = index + 1
    if first < end:
        out.append((first, min(end, len(text))))
    return out


def _label_role(found: re.Match[str]) -> Role:
    return "lead" if found["lead"] else "cooperating" if found["coop"] else "responsible"


def _strip_duty(clause: str) -> tuple[str, Role | None]:
    hit = _DUTY.search(clause)
    if not hit:
        return clause, None
    role: Role = "lead" if hit["lead"] else "cooperating" if hit["coop"] else "responsible"
    return clause[: hit.start()], role


_PROTECTED = re.compile(
    r"各[市区县镇乡州旗街道]{1,3}(?:、[市区县镇乡州旗]{1,2})+(?=[（〔]|人民政府|政府|管委会)|[县市区]、[县市区](?=[（〔]|政府)"
)


def _split(text: str, base: int) -> list[tuple[str, int, int]]:
    """Names at 、 and ， outside brackets; 各区、县（市）政府 stays whole; a trailing 等有关部门 is dropped."""
    kept: set[int] = set()
    for hit in _PROTECTED.finditer(text):
        kept.update(range(hit.start(), hit.end()))
    out: list[tuple[str, int, int]] = []
    depth, start = 0, 0
    for index in range(len(text) + 1):
        char = text[index] if index < len(text) else "、"
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        if index == len(text) or (char in "、，,；;/" and not depth and index not in kept):
            a, b = start, index
            while a < b and text[a] in " 由":
                a += 1
            while b > a and text[b - 1] in " 。.":
                b -= 1
            name = text[a:b]
            cut = re.search(r"等(?:有关|相关|市级|区级|各)*(?:职能)?(?:部门|单位|市直部门|区直部门)?(?:和单位)?$", name)
            if cut and cut.start() > 0:
                name, b = name[: cut.start()], a + cut.start()
            if name and not re.fullmatch(r"等(?:有关|相关)?(?:部门|单位)?", name):
                out.append((name, base + a, base + b))
            start = index + 1
    return out
