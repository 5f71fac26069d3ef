"""Responsible units: labelled brackets, bare brackets of units, and "A牵头负责，B配合"."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import Literal

from ._view import Paragraph, sentences

__all__ = [
    "Convention",
    "Named",
    "begins_with_units",
    "duty_units",
    "is_office",
    "opens_units",
    "units_in",
    "units_of_cell",
]

Role = Literal["lead", "cooperating", "responsible"]

_OPEN, _CLOSE = "（〔[【", "）〕]】"
_SCALE = r"(?:(?:市|区|省|县|州|国家)级|主要|具体|第一|共同|其他|相关)?"
_BODY = r"(?:责任)?(?:单位|部门|主体|处室|科室)"
_AFTER = r"(?:（[^）]{1,24}）|〔[^〕]{1,24}〕)?\s*(?:：|为(?=[市区省县州各国]))"
_LABEL = re.compile(
    rf"{_SCALE}(?:(?P<lead>(?:牵头(?:负责)?(?:及|和|、)?{_BODY}|牵头|主责{_BODY}|主办{_BODY}|主要责任{_BODY}){_AFTER})"
    rf"|(?P<coop>(?:(?:配合|协同|协办|协助|协作|参与|参加|支持|会办){_BODY}|配合|协同){_AFTER})"
    r"|(?P<other>(?:完成时限|完成时间|时间节点|完成期限|办结时限|时限要求|时限|时间安排|时间要求|进度要求|进度安排|进度|责任人|联系人|主要领导"
    r"|分管领导|(?:牵头|责任|负责|分管|联系|包保|挂钩)+(?:省|市|区|县)?领导(?:同志)?|考核指标|工作目标)\s*：)"
    rf"|(?P<plain>(?:(?:责任|负责|落实|实施|承办|承担|主管|职责|完成|建设|推进){_BODY}|责任|(?:责任|任务|职责)?分工){_AFTER}))"
)
_UNIT_END = re.compile(
    r"(?:委|局|厅|办|部|署|院|会|中心|集团|公司|政府|区|所|行|处|社|校|组|团|办公室|街道|镇|乡|县|市|州|园|学院|大学|单位|部门|专班|海关|银行|分行|支队|总队|队|企业|机构|平台|联盟|协会|资本|控股|街镇|园区|馆|站|科协|社科联|工商联|妇联|残联|联合会|总工会|工会|商会|贸促会|市委|区委|省委|县委|政法委|检察院|银保监|证监局|监管局|税务局|局委|组织|各有关方面|相关区|各区)$"
)
_OFFICE = re.compile(
    r"^(?:[市区县省州镇旗]|各|国家|中国|人民银行|上海|相关|有关|高新|经开|开发)[\u4e00-\u9fff]{0,14}(?:委|局|办|厅|部|院|中心|公司|集团|政府|管委会|街镇|街道|乡镇|联|会|行)$"
)
_TOGETHER_CALLED = re.compile(
    r"^(?:各|各有关|各相关|有关|相关)?(?:镇|乡|街镇|乡镇|镇街|街道|区|县|部门|单位|园区)(?:办事处|人民政府|政府|管委会)?$"
)
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
        for index, (a, b) in enumerate(sentences(inner, "。；")):
            piece = inner[a:b]
            note = _note(para, piece, start + 1 + a, convention)
            convention = note or convention
            duty = _strip_duty(piece.rstrip("。；，、 "))[1] is not None
            if _LABEL.match(piece.strip()) or index == 0 or (note is None and (duty or _only_units(piece))):
                found += _segment(para, start + 1 + a, start + 1 + b)
        stretches.append((start, end))
    bare = None if stretches else _bare_label(text)
    if bare is not None:
        stop = next((h.start() for h in _STOP.finditer(text, bare.end())), len(text))
        found += _segment(para, bare.start(), stop)
        stretches.append((bare.start(), stop))
        if _FIRST_LEADS.search(bare[0]):
            convention = replace(convention, first_leads=True)
    return _with_lead(para.text, found, stretches, convention), stretches, convention


def _only_units(piece: str) -> bool:
    """区商务局；各镇人民政府、各街道办事处: what follows the semicolon names units and nothing else."""
    names = [re.sub(r"[（〔].*?[）〕]$", "", name) for name, _, _ in _split(piece.rstrip("。；，、 "), 0)]
    return bool(names) and all(len(name) <= 24 and _UNIT_END.search(name) for name in names)


def is_office(name: str) -> bool:
    """A government's office or body by its name, or such bodies together (各镇, 各有关部门)."""
    return bool(_OFFICE.search(name) or _TOGETHER_CALLED.search(name))


def begins_with_units(text: str) -> bool:
    label = _LABEL.match(text.strip())
    return label is not None and not label["other"]


def opens_units(text: str, start: int, stop: int) -> int | None:
    """Where between ``start`` and ``stop`` a title ends because a bracket or label of units begins."""
    for a, b in _brackets(text):
        inner = text[a + 1 : b - 1]
        if start < a < stop and (_LABEL.match(inner.strip()) or _bare_list(text, a, b, inner)):
            return a
    label = _LABEL.search(text, start + 2, stop + 1)
    return label.start() if label and label[0].endswith("：") and re.search("单位|部门|主体", label[0]) else None


def _bare_label(text: str) -> re.Match[str] | None:
    """A label outside brackets, at the head of a sentence or near the end."""
    for hit in _LABEL.finditer(text):
        if hit.start() == 0 or text[hit.start() - 1] in "。；" or len(text) - hit.start() < 120:
            return hit
    return None


def units_of_cell(para: Paragraph, start: int, end: int, column: str) -> list[Named]:
    """Units of a table's cell; the name of the column may give them their role."""
    role: Role = "responsible"
    if re.search("牵头|主办", column) and not re.search("配合|责任单位", column.replace("牵头责任", "")):
        role = "lead"
    elif re.search("配合|协同|参与|协办", column) and "牵头" not in column:
        role = "cooperating"
    found = _segment(para, start, end)
    return [replace(u, role=role) if u.role == "responsible" else u for u in found]


_DUTY_CLAUSE = re.compile(
    r"(?:请|由|并)?(?:会同|商)?[\u4e00-\u9fff、（）]{2,40}?(?:配合|参与|协助|协同|牵头(?:负责)?)(?=[，。；]|$)"
)
_TOGETHER = re.compile(
    r"(?:牵头|负责)?[，、]?(?:会同|商)(?P<names>[\u4e00-\u9fff、（）]{2,40}?)(?=[，。；]|认真|抓紧|尽快|研究|负责|组织实施|落实|提出|制定|做好|开展|推进|完成|加快|加强|于)"
)


def duty_units(para: Paragraph, start: int, end: int, after: int) -> tuple[list[Named], int]:
    """Units of an order (区经委牵头，会同区科委研究…): those up to ``after``, and those that help; where the order begins."""
    text = para.text
    found = _named(para, text[start:after].rstrip("，、 "), start, None)
    duty = re.compile(r"(?:等(?:有关|相关)?(?:部门|单位)?)?(?:共同)?(?:牵头|负责)(?:负责)?").match(text, after, end)
    leads = duty is not None and "牵头" in duty[0]
    if duty is not None:
        after = duty.end()
    while True:
        rest = after + (text[after : after + 1] in ("，", "、"))
        more = _TOGETHER.match(text, after, end)
        clause = _DUTY_CLAUSE.match(text, rest, end)
        if more:
            helpers = _named(para, more["names"], more.start("names"), "cooperating")
            after = more.end()
        elif clause:
            names, role = _strip_duty(clause[0])
            helpers = _named(para, names, rest, role)
            after = clause.end()
        else:
            break
        if role_of := [u for u in helpers if _UNIT_END.search(u.name)]:
            found += role_of
            leads = leads or all(u.role == "cooperating" for u in role_of)
    first = [replace(u, role="lead") if leads and u.role == "responsible" else u for u in found]
    return first, after


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
    """A bracket of nothing but units, after a full stop or at the end of its paragraph."""
    closing = text[end : end + 1] in ("", "。", "；")
    alone = start == 0  # broken off the paragraph before
    if (alone or text[start - 1] not in "。；;") and not closing:
        return False
    clauses = [
        c for c in re.split("[，；。]", inner) if not _ASIDE.search(c)
    ]  # 列第一位的为牵头单位，下同。以下均需…落实
    if re.search("：", inner) or ("。" in inner.rstrip("。") and len(clauses) == len(re.split("[，；。]", inner))):
        return False
    pieces, duty = [], False
    for clause in clauses:
        names, role = _strip_duty(clause)
        duty = duty or role is not None
        pieces += [name for name, _, _ in _split(names, 0)]
    plain = [re.sub(r"[（〔].*?[）〕]$", "", p) for p in pieces]
    units = [p for p in plain if _UNIT_END.search(p)]
    if not pieces or any(len(p) > 30 for p in pieces):
        return False
    if alone or text[start - 1] not in "。；;":
        return duty or all(_OFFICE.search(p) for p in plain)  # …体系（含企业、园区） is an aside
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


def _segment(para: Paragraph, start: int, end: int) -> list[Named]:
    """Units of ``text[start:end]``, which may change role at a label or at 牵头 and 配合."""
    out: list[Named] = []
    text = para.text
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
            own = _named(para, names, a, role)
            if role in (None, "responsible") and duty:
                pending = [u if u.role != "responsible" else replace(u, role=duty) for u in [*pending, *own]]
                out += pending
                pending = []
            else:
                pending += own
        out += pending
    return [u for u in out if u.name]


_STOP = re.compile("。|抄送|主送|此件")
_OWN_DUTY = re.compile(
    r"(?:（(?P<mark>牵头|主责|配合|参与|协同)[^）]{0,6}）|(?P<word>牵头(?:负责)?|为主|配合))$"  # 区经委（牵头）, 区经委牵头
)
_WITH = re.compile(r"^(?:由|(?:并)?(?:会同|会商|商|联合|请)(?=[市区省县州各]))(?=[\u4e00-\u9fff])")
_JOINS = re.compile(r"(?<=[委局办厅部院会室心司府])会同(?=[市区省县州各国])")
_NO_UNIT = re.compile(
    r"(?:19|20)\d\d|\d+月|(?:完成|启动|到位|见效|落地|长期|持续|坚持|推进)$|[底末年月日]前|^(?:长期|持续|常态化?|全年|年内|每年|每季度|按季度|按月)|^\d"
)


def _named(para: Paragraph, names: str, base: int, role: Role | None) -> list[Named]:
    """The units of one clause, each with a duty of its own if it has one."""
    out: list[Named] = []
    for piece, x, y in _split(names, base):
        for name, a, b in _at_gaps(para, piece, x, y):
            joined = _JOINS.search(name)
            parts = [(name, a, b)]
            if joined:
                parts = [
                    (name[: joined.start()], a, a + joined.start()),
                    (name[joined.end() :], a + joined.end(), b),
                ]
            for index, (word, first, last) in enumerate(parts):
                lead = _WITH.match(word)
                if lead:
                    word, first = word[lead.end() :], first + lead.end()
                own: Role = role or "responsible"
                duty = _OWN_DUTY.search(word)
                if duty and duty.start() >= 2:
                    own = "lead" if (duty["mark"] or duty["word"])[:2] in ("牵头", "主责", "为主") else "cooperating"
                    word, last = word[: duty.start()], first + duty.start()
                elif joined:
                    own = "cooperating" if index else "lead"
                if word and not _NO_UNIT.search(word):
                    out.append(Named(word, first, last, own))
    return out


def _at_gaps(para: Paragraph, name: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """区经委 区科委: blanks of the print part units when every piece is one."""
    gaps = [
        i
        for i in range(start + 1, end)
        if para.offsets[i] > para.offsets[i - 1] + 1
        and para.source[para.offsets[i - 1] + 1 : para.offsets[i]].isspace()
        and "\n" not in para.source[para.offsets[i - 1] + 1 : para.offsets[i]]
    ]
    edges = [start, *gaps, end]
    pieces = [(para.text[a:b], a, b) for a, b in itertools.pairwise(edges)]
    whole = all(_UNIT_END.search(re.sub(r"[（〔].*?[）〕]$", "", p)) and len(p) >= 3 for p, _, _ in pieces)
    return pieces if gaps and whole else [(name, start, end)]


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


_MARKS = "☆★◎●※▲△＊*"  # 标☆的为牵头单位


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
        if index == len(text) or (char in "、，,；;/／" and not depth and index not in kept):
            a, b = start, index
            while a < b and text[a] in _MARKS + " 由":
                a += 1
            while b > a and text[b - 1] in _MARKS + " 。.":
                b -= 1
            name = text[a:b]
            cut = re.search(r"等(?:有关|相关|市级|区级|各)*(?:职能)?(?:部门|单位|市直部门|区直部门)?(?:和单位)?$", name)
            if cut and cut.start() > 0:
                name, b = name[: cut.start()], a + cut.start()
            if name and not re.fullmatch(r"等(?:有关|相关)?(?:部门|单位)?", name):
                out.append((name, base + a, base + b))
            start = index + 1
    return out
