"""The outline: numbered headings of any style, their nesting, and what part of a document each opens."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from ._model import Heading, Part
from ._units_named import opens_units
from ._view import Paragraph

__all__ = ["Outline", "Place", "outline"]

_N = "[一二三四五六七八九十百零〇]{1,4}"
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("volume", re.compile(rf"第({_N})(?:编|篇|部分)[\s：、]*")),
    ("chapter", re.compile(rf"第({_N}|\d+)章[\s：、]*")),
    ("section", re.compile(rf"第({_N}|\d+)节[\s：、]*")),
    (
        "article",
        re.compile(
            rf"(?:第({_N}|\d{{1,3}})条|(?:措施|任务|行动|举措|工程|专项)({_N}|\d{{1,2}})(?=[：、.\s]))[\s：、.]*"
        ),
    ),
    ("chinese", re.compile(rf"({_N})、")),
    ("bracket", re.compile(rf"（({_N})）、?")),
    (
        "dotted3",
        re.compile(r"(\d{1,2}\.\d{1,2}\.\d{1,2})\.?(?=[ \u4e00-\u9fff“]) ?"),
    ),
    (
        "dotted",
        re.compile(r"(\d{1,2}\.\d{1,2})\.?(?=[ \u4e00-\u9fff“])(?!亿|万|千|%|平方|公里|元|个|倍|米) ?"),
    ),
    ("annex", re.compile(r"(附件)\s*\d{0,2}[：:\s]*")),
    ("box", re.compile(r"(专栏\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3}))[\s：、]*")),
    ("arabic", re.compile(r"(\d{1,3})\s*(?:[.、](?!\d)|(?=[\u4e00-\u9fff“])(?<=\d)\.)\s*")),
    ("bracket_arabic", re.compile(r"（(\d{1,2})）|(\d{1,2})）")),
    ("circled", re.compile(r"([①-⑳])")),
)
_RANK: dict[str, float] = {
    "annex": 0,
    "volume": 0,
    "chapter": 1,
    "section": 2,
    "plain": 3,
    "chinese": 4,
    "bracket": 6,
    "arabic": 8,
    "bracket_arabic": 9,
    "circled": 10,
    "dotted": 9,
    "dotted3": 9.5,
    "decimal": 4,
    "box": 7,
}

_OPENS: dict[str, Part] = {"box": "goal", "annex": "supplement"}
_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    (
        "supplement",
        re.compile(
            r"^(?:附则|附件|其[他它](?:事项)?|施行说明|有关说明|政策兑现|兑现流程|申报流程|监督管理|名词解释|解释)$|^附则"
        ),
    ),
    (
        "safeguard",
        re.compile(
            r"保障(?:措施|机制|体系)?$|^(?:组织|实施|政策|工作|强化|配套)保障|组织实施|组织领导|下一步工作|(?:工作|有关|实施)要求$"
            r"|(?:推进|工作|实施)机制$|推进措施$|配套措施$"
        ),
    ),
    (
        "principle",
        re.compile(
            r"^(?:指导思想|基本原则|总体思路|总体考虑|布局原则|工作原则|建设原则|功能定位|总体定位|核心定位|发展定位|战略定位"
            r"|发展思路|工作思路)"
        ),
    ),
    (
        "goal",
        re.compile(
            r"(?:总体|发展|工作|主要|建设|行动|阶段|具体|预期)?目标$|目标(?:和|与|及|、)(?:重点|方向|思路|路径|定位|指标|要求)$|^目标(?!任务)|实施计划|总体要求|^愿景|分步实施|发展愿景"
            r"|(?:实施|建设|工作)(?:阶段|步骤)|进度安排|阶段安排|时间安排"
        ),
    ),
    (
        "background",
        re.compile(
            r"^(?:发展|产业|工作|建设|区域|面临)?(?:的)?(?:现状|形势|背景|基础|概况)(?:[和与及].{2,8})?$|基本情况|发展现状|面临形势|重要意义"
            r"|^(?:引言|前言)$"
        ),
    ),
    (
        "scope",
        re.compile(
            r"(?:适用|支持|扶持|资助|申报|奖励|政策)(?:范围|对象|主体)$|^(?:核心)?定义|(?:申报|支持|基本|准入)条件|^总则|^概念"
        ),
    ),
)
_PLAIN = re.compile(
    r"^(?:(?:适用|支持)范围|(?:适用|支持|扶持)对象|具体举措|(?:具体|主要|保障)措施|重点举措|支持(?:内容|政策)|政策内容|附则"
    r"|总体要求|(?:发展|工作|总体|主要|建设)目标|(?:主要|重点|工作)任务|组织保障|基本原则|指导思想|申报条件)[：:]?$"
)
_PLAIN_VERB = re.compile(
    r"^(?:支持|提供|鼓励|加强|打造|建设|推动|培育|强化|完善|加大|优化|实施|开展|促进|给予|落实|降低|健全|引导)[^。；：]{2,26}[。]?$"
)
_AIMS_AND_TASKS = re.compile(r"^(?:工作|主要|总体|发展|建设|行动)?目标(?:和|与|及|、)?任务$")
_TASKS_APART = re.compile(r"^(?:主要|重点|工作|具体|重大|实施)?(?:任务|举措|措施|工程|行动)(?:安排|内容)?$")
_LABEL = re.compile(r"^(?:责任|牵头|配合)(?:单位|部门)|^政策咨询|^联系(?:方式|电话)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: its own heading (if it opens with one) and the headings above it."""

    heading: int | None
    above: tuple[int, ...]
    body: int  # where the text after number and title begins
    title: int = 0  # where the title begins


@dataclass(frozen=True, slots=True)
class Outline:
    headings: tuple[Heading, ...]
    styles: tuple[str, ...]
    owners: tuple[int, ...]  # paragraph of each heading
    places: tuple[Place, ...]  # one per paragraph

    def part(self, paragraph: int) -> Part:
        """The part that paragraph belongs to."""
        place = self.places[paragraph]
        if place.heading is not None:
            return self.headings[place.heading].part
        return self.headings[place.above[-1]].part if place.above else "front"

    def section(self, paragraph: int, own: bool = False) -> str:
        place = self.places[paragraph]
        above = [self.headings[i].quote for i in place.above]
        if own and place.heading is not None:
            above.append(self.headings[place.heading].quote)
        return "/".join(above)


@dataclass(frozen=True, slots=True)
class _Found:
    style: str
    number: str
    title: tuple[int, int]


def outline(paras: list[Paragraph]) -> Outline:
    """Headings of all paragraphs, nested by style; restarting and mixed numbering is fine."""
    decimal = sum(_DECIMAL_PART.match(p.text) is not None for p in paras) >= 2
    found = [_match(paras, i, decimal) for i in range(len(paras))]
    _main_annex(found)
    _labels_apart(paras, found)
    others = any(hit and _TASKS_APART.search(paras[i].text[slice(*hit.title)]) for i, hit in enumerate(found))
    ranks = dict(_RANK, article=_article_rank(found))
    headings: list[Heading] = []
    styles: list[str] = []
    owners: list[int] = []
    places: list[Place] = []
    stack: list[int] = []
    for index, para in enumerate(paras):
        hit = found[index]
        if hit is None:
            places.append(Place(None, tuple(stack), 0))
            continue
        while stack and ranks[styles[stack[-1]]] >= ranks[hit.style]:
            stack.pop()
        start, end = hit.title
        title = para.printed(start, end).strip()
        first, last = para.span(0, end)
        parent: Part | None = headings[stack[-1]].part if stack else None
        part = _OPENS.get(hit.style) or _part(title, parent, para.text)
        if part == "task" and others and _AIMS_AND_TASKS.search(title.rstrip("。")):
            part = "goal"  # 目标任务 beside 主要任务 holds no tasks
        path = tuple(headings[i].quote for i in stack)
        headings.append(
            Heading(
                quote=para.quote(0, end),
                start=first,
                end=last,
                level=len(stack) + 1,
                number=hit.number,
                title=title,
                part=part,
                path=path,
            )
        )
        styles.append(hit.style)
        owners.append(index)
        body = end
        while body < len(para.text) and para.text[body] in "。：】 ":
            body += 1
        places.append(Place(len(headings) - 1, tuple(stack), body, start))
        stack.append(len(headings) - 1)
    return Outline(tuple(headings), tuple(styles), tuple(owners), tuple(places))


_LABEL_ALONE = re.compile(rf"(?:第({_N}|\d{{1,3}})条|(?:措施|任务|行动|举措|工程|专项)({_N}|\d{{1,2}}))[：:、.]?")


def _labels_apart(paras: list[Paragraph], found: list[_Found | None]) -> None:
    """行动一： on a line of its own numbers the title on the next."""
    for index, para in enumerate(paras[:-1]):
        alone = _LABEL_ALONE.fullmatch(para.text) if found[index] is None else None
        title, there = paras[index + 1].text, found[index + 1]
        if alone and (there is None or there.style == "plain") and 4 <= len(title) <= 40 and title[-1] not in "。；：":
            found[index + 1] = _Found("article", alone[1] or alone[2], (0, len(title)))


def _main_annex(found: list[_Found | None]) -> None:
    """附件 opens an annex only after the document proper; before it, the annex is the document."""
    seen = 0
    for index, hit in enumerate(found):
        if hit is not None and hit.style == "annex" and seen < 4:
            found[index] = None
        seen += hit is not None and hit.style in ("chinese", "bracket", "arabic", "article")


def _part(title: str, parent: Part | None, text: str) -> Part:
    bare = re.sub(r"[。：:\s]", "", title)
    if text.endswith("：") and re.search(r"(?:下列|以下|如下)[^，。；]{0,6}(?:条件|要求|情形)", text):
        return "scope"
    if len(bare) <= 16:
        for part, pattern in _PARTS:
            if pattern.search(bare):
                if (
                    part == "safeguard"
                    and parent in ("task",)
                    and not re.fullmatch(r"(?:组织|实施)?保障(?:措施|机制)?", bare)
                ):
                    return "task"
                return part
    if parent in (None, "front"):
        return "task"
    return parent or "task"


_DECIMAL_PART = re.compile(r"\d{1,2}\.\d{1,2}\.?[\u4e00-\u9fff]")
_DECIMAL = re.compile(r"(\d{1,2})(?=[\u4e00-\u9fff])(?![年月日个家项名人万亿元])")


def _match(paras: list[Paragraph], index: int, decimal: bool) -> _Found | None:
    para = paras[index]
    text = para.text
    if para.row or (para.markup and index == 0):
        return None
    chapter = _DECIMAL.match(text) if decimal and len(text) <= 20 else None
    if chapter and not re.search("[。，；]", text):  # 1 总体要求 above 1.1
        return _Found("decimal", chapter[1], (chapter.end(), len(text)))
    for style, pattern in _STYLES:
        hit = pattern.match(text)
        if hit is None or (hit.end() >= len(text) and style != "annex"):
            continue
        if style == "annex":
            if len(text) > 40 or text.endswith(("。", "；")):
                continue
            return _Found(style, "", (0, len(text)))
        if style == "arabic" and re.match(r"\d{1,3}\.\d", text):
            continue
        number = next(g for g in hit.groups() if g)
        start, end = _title(text, hit.end(), _gap(para, hit.end()))
        if end <= start:
            continue
        return _Found(style, number, (start, end))
    if para.markup:
        return _Found("plain", "", (0, len(text)))
    following = paras[index + 1].text if index + 1 < len(paras) else ""
    bare = text.rstrip("。：:")
    if _PLAIN.match(text) or (
        len(bare) <= 28
        and _PLAIN_VERB.match(text)
        and len(following) > 40
        and not _LABEL.match(text)
        and not re.search(r"\d", text)
    ):
        return _Found("plain", "", (0, len(bare)))
    return None


def _gap(para: Paragraph, start: int) -> int | None:
    """Where a wide blank parts a title from its text: 建设平台　　支持企业…"""
    for index in range(start + 4, min(len(para.text), start + 32)):
        between = para.source[para.offsets[index - 1] + 1 : para.offsets[index]]
        if between.isspace() and "\n" not in between and ("\u3000" in between or len(between) >= 2):
            title = para.text[start:index]
            return index if len(para.text) - index > 8 and not re.search("[，。；：]", title) else None
    return None


def _title(text: str, start: int, gap: int | None = None) -> tuple[int, int]:
    """A title ends at the first full stop, at a colon after a short head, at a wide blank, or with 【】."""
    if text[start : start + 1] == "【" and "】" in text[start:]:
        return start + 1, text.index("】", start)
    stop = re.compile("[。]").search(text, start)
    end = stop.start() if stop else len(text)
    if gap is not None and gap < end:
        return start, gap
    colon = text.find("：", start, end)
    if 0 < colon - start <= 24 and colon < len(text) - 1 and not re.search("[，；]", text[start:colon]):
        end = colon
    mark = re.compile("[；！]").search(text, start, end)
    if mark and mark.start() - start <= 40:
        end = mark.start()
    units = opens_units(text, start, end)
    if units is not None:
        end = units
    while end > start and text[end - 1] in "：；，、 ":
        end -= 1
    return start, end


def _article_rank(found: list[_Found | None]) -> int:
    """第X条 stands under （一） when it occurs between two of them, above otherwise."""
    run = [f.style for f in found if f and f.style in ("bracket", "article", "chinese")]
    last = None
    between = False
    inside = 0
    for style in run:
        if style == "article" and last == "bracket":
            between = True
        elif style == "bracket" and last == "article":
            inside += 1
        last = style
    brackets = sum(s == "bracket" for s in run)
    return 7 if between and brackets and inside <= brackets and _alternates(run) else 5


def _alternates(run: list[str]) -> bool:
    """Each bracket is followed by at least one article before the next bracket, as a section would be."""
    pairs = [(a, b) for a, b in itertools.pairwise(run) if a == "bracket"]
    return bool(pairs) and sum(b == "article" for _, b in pairs) > len(pairs) / 2
