"""Conditions on everything a document offers: its scope, its list of conditions, its closing part."""

from __future__ import annotations

import re

from gangshen.engines.rules import Clause

from ._beside import only_threshold
from ._conditions import worded
from ._figures import figures
from ._linker import Linker
from ._outline import Outline
from ._thresholds import numeric
from ._view import Paragraph, sentences

__all__ = ["bare_sentences", "clauses_of", "general_conditions"]

_APPLIES = re.compile(
    r"适用于|(?:支持|扶持)对象(?:为|是)|申报(?:主体|单位|企业|对象)(?:须|应|需|为|必须)|(?:须|应当?|需)(?:信用|依法|具有|具备|在)"
    r"|未被?(?:列入|纳入)[^，。；]{0,12}(?:失信|异常|黑名单)|近[一二三两123]年(?:内|来)?(?:无|未|没有)|(?:申报|申请)(?:单位|企业)[^，。；]{0,4}(?:未|无)"
)
_WHOM = re.compile(
    r"适用于(?P<who>[^。；]+)|(?:支持|扶持|适用)(?:对象|范围)[为是：](?P<who2>[^。；]+)|^凡(?P<who3>[^，。；]{4,40}?)的?，(?=[^。；]*(?:申请|申报|享受|适用))"
)
_DEFINES = re.compile(r"所称|是指|特指|主要包括|分为|包含")
_FURTHER = re.compile(r"，以及|，及|以及其他|。")
_AND = re.compile(r"(?:并且|且|同时|以及)+")
_SEPARATE = re.compile(r"、(?=(?:在|具有|具备|未|无|从事|依法|符合|信用|近|拥有|有))")
_NUMBER = re.compile(r"\s*(?:（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、．）](?!\d)|[①-⑳]|[-—•·●])\s*")
_ASIDE = re.compile(
    r"(?:具体|最终)?[^，。；]{0,24}(?:负责解释|负责$|解释权)|并?(?:指导|配合|协助)|包括|紧扣|主要是|即|申报材料|提交|须提供"
)


def general_conditions(paras: list[Paragraph], out: Outline, linker: Linker, offered: set[int]) -> list[Clause]:
    """Clauses in the order of the text; ``offered`` are paragraphs that were read as offers."""
    made: list[Clause] = []
    for index, para in enumerate(paras):
        part = out.part(index)
        if index in offered or part in ("goal", "background", "principle", "safeguard"):
            continue
        listed = _listed(out, index)
        if part not in ("scope", "supplement") and not re.search(
            r"适用于|申报(?:主体|单位|企业)(?:须|应|需)", para.text
        ):
            continue
        place = out.places[index]
        for start, end in sentences(para.text, "。；"):
            start = max(start, place.body if para.text[place.title - 1 : place.title] == "【" else place.title)
            text = para.text[start:end]
            bare_title = place.heading is not None and end <= place.body and len(text) <= 8
            if end <= start or bare_title or text.endswith("：") or _DEFINES.search(text):
                continue
            whom = _WHOM.search(text)
            if whom or _APPLIES.search(text) or listed:
                made += clauses_of(para, start, text, whom, f"g{len(made) + 1}", linker)
    return made


def bare_sentences(para: Paragraph, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a stretch without the numbers that open them."""
    out = []
    for a, b in sentences(para.text[start:end], "。；"):
        opened = _NUMBER.match(para.text, start + a, start + b)
        begin = opened.end() if opened else start + a
        if para.text[begin : start + b].strip("。；："):
            out.append((begin, start + b))
    return out


def _listed(out: Outline, index: int) -> bool:
    """In a list of conditions each sentence is one; of 适用对象 only the paragraph that says so in its heading."""
    place = out.places[index]
    own = out.headings[place.heading] if place.heading is not None else None
    above = [out.headings[h] for h in place.above]
    if (
        own is not None
        and own.part == "scope"
        and re.search(r"条件$|(?:适用|支持|扶持|申报)对象$|适用范围$", own.title)
    ):
        return True
    return any("条件" in h.title and h.part == "scope" for h in above)


def clauses_of(
    para: Paragraph, offset: int, text: str, whom: re.Match[str] | None, key: str, linker: Linker, listed: bool = False
) -> list[Clause]:
    made: list[Clause] = []
    where: list[tuple[int, int]] = []
    for figure in figures(text):
        edge = where[-1][1] if where else 0
        clause = numeric(para, offset, text, figure, f"{key}.n{len(made) + 1}", linker, edge, listed=listed)
        if clause is not None:
            made.append(clause)
            where.append((max(text.rfind("，", 0, figure.start) + 1, figure.start - len(clause.label)), figure.end))
    label = "适用对象" if whom else "申报条件"
    for number, (a, b) in enumerate(_spans(text, whom)):
        joined = _AND.match(text, a, b)
        start, end = para.trimmed(offset + (joined.end() if joined else a), offset + b)
        words = para.text[start:end]
        if (
            len(words) < 4
            or _ASIDE.match(words)
            or (only_threshold(text, a, b, tuple(where)) and not linker.kinds(words))
        ):
            continue
        fresh = worded(para, 0, start, end, words, f"{key}.w{number + 1}", linker)
        made += [c if c.attribute else c.model_copy(update={"label": label}) for c in fresh]
    return made


def _spans(text: str, whom: re.Match[str] | None) -> list[tuple[int, int]]:
    """The stretches that are one condition each; an item that says 或者 stays whole."""
    if whom:
        name = next(name for name, said in whom.groupdict().items() if said)
        start, end = whom.start(name), whom.end(name)
        further = _FURTHER.search(text, start, end)
        end = further.start() if further else end
    else:
        must = re.search(r"(?:须|应当?|需|必须)", text)
        start, end = (must.end() if must else 0), len(text)
    if "或者" in text[start:end]:
        return [(start, end)]
    out, depth, first = [], 0, start
    separate = {hit.start() for hit in _SEPARATE.finditer(text, start, end)}
    for i in range(start, end):
        if text[i] in "（〔":
            depth += 1
        elif text[i] in "）〕":
            depth = max(0, depth - 1)
        elif not depth and (text[i] in "，。；" or i in separate):
            out.append((first, i))
            first = i + 1
    return [*out, (first, end)]
