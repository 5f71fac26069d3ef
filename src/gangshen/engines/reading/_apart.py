"""Conditions printed apart from the offer they are for: lists under 申报条件, label lines, lead-ins with a colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gangshen.engines.rules import Clause

from ._amended import with_conditions
from ._general import bare_sentences, clauses_of, general_conditions
from ._items import ITEM
from ._linker import Linker
from ._model import OfferItem
from ._offers import Offered
from ._outline import Outline
from ._view import Paragraph, sentences

__all__ = ["Apart", "conditions_apart"]

_HEAD = re.compile(r"(?:条件|对象|要求)$|(?:认定|准入|入驻|申报|评定)标准$")
_NO_HEAD = re.compile(r"(?:材料|工作|有关|实施|总体|质量|管理|格式|报送|时间|程序)要求$|(?:奖惩|责任)对象$")
_LABEL = re.compile(
    r"(?:^|(?<=[。；]))(?:（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、])?"
    r"(?P<label>[\u4e00-\u9fff]{0,6}(?:条件|对象|要求|标准|额度|方式|内容|材料|程序|流程|依据|比例|方法|期限|时间|部门|范围))：(?=.)"
)
_LEAD_IN = re.compile(
    r"(?:(?:须|应当?|需|必须|并|同时|还|均|可)*(?:符合|满足|具备|具有|同时达到)(?:以下|下列|如下|前述)?[^，。；：]{0,12}"
    r"|(?:以下|下列|如下)[^，。；：]{0,8}(?:条件|要求|情形)[^。；：]{0,40}|^(?:（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])?(?!.{0,8}(?:材料|工作|程序|格式))[\u4e00-\u9fff]{0,8}(?:条件|对象|要求))："
)
_BARE_HEAD = re.compile(r"[\u4e00-\u9fff]{0,6}(?:条件|对象)")
_MODAL = re.compile(
    r"(?:申报|申请|参评|受助|入驻|承担)(?:企业|单位|项目|主体|机构|对象|人)?(?:应当?|须|需|必须)(?=[^。；]*\d)"
    r"|(?:不得|须|应当|应(?!用|对|急|届|收|税|纳|链|商)|(?<!急|所|供|按|刚)需(?!求|要)|必须)[^，。；]{0,24}?\d|(?:不得|须|应当?|需)(?:低于|高于|少于|超过|达到)"
)
_PROCEDURE = re.compile(r"提交|材料|公示|审核|拨付|办理|受理|收到|通知|网站|平台申报|备查|退回|追回|处罚|承诺")
_WHOLE = re.compile(r"(?:上述|以上|前述|前款|本条|享受上述)")
_EITHER = re.compile(r"之一|任一|任意一")


@dataclass(frozen=True, slots=True)
class Apart:
    """Offers with the conditions printed apart from them, and the conditions on everything."""

    general: tuple[Clause, ...]
    items: dict[int, list[OfferItem]]


@dataclass(slots=True)
class _Stretch:
    """A stretch of a paragraph that holds nothing but conditions."""

    paragraph: int
    start: int
    end: int
    listed: bool = False  # said to be conditions, so they hold for everything when no offer is near
    bounds: bool = False  # a plain sentence, of which only the thresholds count


def conditions_apart(paras: list[Paragraph], out: Outline, linker: Linker, offered: dict[int, Offered]) -> Apart:
    """Gives each stretch of conditions to the offers of the nearest heading that has any; the rest hold for all."""
    items = {index: list(made.items) for index, made in offered.items()}
    taken: set[int] = set()
    general: list[Clause] = []
    number = 0
    for stretches, either in _lists(paras, out, offered):
        whole = _WHOLE.match(paras[stretches[0].paragraph].text) is not None
        for lead, group in _grouped(paras, stretches):
            named = _named(lead, items)
            wanted = list(named) or _whose(group[0].paragraph, whole, out, items)
            if not wanted and not group[0].listed:
                continue
            number += 1
            found = [
                clause
                for n, s in enumerate(group)
                for clause in _read(paras[s.paragraph], s, f"a{number}.{n + 1}", linker)
            ]
            taken |= {s.paragraph for s in stretches}
            general += found if not wanted else []
            for index in wanted:
                items[index] = [
                    with_conditions(item, found, either) if not named or at in named[index] else item
                    for at, item in enumerate(items[index])
                ]
    general += general_conditions(paras, out, linker, set(offered) | taken)
    general.sort(key=lambda c: c.span.start if c.span else 0)
    return Apart(tuple(general), items)


def _grouped(paras: list[Paragraph], stretches: list[_Stretch]) -> list[tuple[str, list[_Stretch]]]:
    """A list in parts, each with the line that leads it: （一）一般项目，主要条件："""
    groups: list[tuple[str, list[_Stretch]]] = [("", [])]
    for stretch in stretches:
        text = paras[stretch.paragraph].text[stretch.start : stretch.end]
        if text.endswith("："):
            groups.append((text, []))
        else:
            groups[-1][1].append(stretch)
    return [group for group in groups if group[1]]


def _named(lead: str, items: dict[int, list[OfferItem]]) -> dict[int, set[int]]:
    """The offers that a lead-in names by whom they are for, where it does not name them all."""
    named = {
        index: found
        for index, made in items.items()
        if (found := {at for at, item in enumerate(made) if any(_is_named(c, lead) for c in item.conditions)})
    }
    return named if sum(map(len, named.values())) < sum(map(len, items.values())) else {}


def _is_named(clause: Clause, lead: str) -> bool:
    return isinstance(clause.value, str) and 3 <= len(clause.value) <= 12 and clause.value in lead


def _lists(paras: list[Paragraph], out: Outline, offered: dict[int, Offered]) -> Iterator[tuple[list[_Stretch], bool]]:
    """Lists of conditions: what stands under one heading or after one lead-in is one list."""
    index = 0
    while index < len(paras):
        if out.part(index) in ("background", "goal", "principle", "safeguard", "front"):
            index += 1
            continue
        own = list(_inline(paras[index], index, out, offered.get(index)))
        text = paras[index].text
        lead = (_LEAD_IN.search(text) if text.endswith("：") else None) or _BARE_HEAD.fullmatch(text)
        if own:
            yield own, _EITHER.search(paras[index].text[: own[0].start]) is not None
        following = list(_below(paras, out, index, offered)) if lead or _is_head(out, index) else []
        if following:
            yield following, lead is not None and _EITHER.search(lead[0]) is not None
        index = following[-1].paragraph + 1 if following else index + 1


def _is_head(out: Outline, index: int) -> bool:
    place = out.places[index]
    if place.heading is None:
        return False
    title = out.headings[place.heading].title.rstrip("。：")
    return len(title) <= 14 and _HEAD.search(title) is not None and not _NO_HEAD.search(title)


def _below(paras: list[Paragraph], out: Outline, index: int, offered: dict[int, Offered]) -> Iterator[_Stretch]:
    """The items after a lead-in or a heading; a paragraph that offers something, or is no item, ends them."""
    place = out.places[index]
    depth = len(place.above) + (place.heading is not None)
    style: str | None = None
    listed = not _is_head(out, index) or not out.headings[place.heading or 0].title.endswith("对象")
    for following in range(index + 1, len(paras)):
        text = paras[following].text
        there = out.places[following]
        inside = len(there.above) >= depth and (place.heading is None or place.heading in there.above)
        item = ITEM.match(text)
        if following in offered or not (inside or item) or (item is None and style is not None):
            return
        if item is not None:
            kind = item.lastgroup
            style = style or kind
            if kind != style and not inside:
                return
        if text.endswith("：") and len(text) > 30:
            return
        yield _Stretch(following, item.end() if item else 0, len(text), listed=listed)
        if item is None and text.endswith("。"):
            return


def _inline(para: Paragraph, index: int, out: Outline, made: Offered | None) -> Iterator[_Stretch]:
    """Stretches after a label (申报条件：…) or a lead-in inside a paragraph, and sentences that set a bound."""
    text = para.text
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)]
    for label, end in zip(labels, ends, strict=False):
        if _HEAD.search(label["label"]) and not _NO_HEAD.search(label["label"]):
            yield from _free(para, label.end(), end, index, made, listed=label["label"].endswith("条件"))
    if any(_HEAD.search(label["label"]) for label in labels):
        return
    place = out.places[index]
    if _is_head(out, index) and place.body < len(text):
        yield from _free(para, place.body, len(text), index, made)
        return
    lead = _LEAD_IN.search(text)
    if lead and lead.end() < len(text):
        yield from _free(para, lead.end(), len(text), index, made, listed=True)
    elif out.part(index) not in ("scope", "supplement"):
        for start, end in sentences(text, "。"):
            if (
                _MODAL.search(text, start, end)
                and not _PROCEDURE.search(text, start, end)
                and not _offers_in(made, start, end)
            ):
                yield _Stretch(index, start, end, bounds=True)


def _free(
    para: Paragraph, start: int, end: int, index: int, made: Offered | None, listed: bool = False
) -> Iterator[_Stretch]:
    """What of a stretch was not read as an offer."""
    for a, b in sentences(para.text[start:end], "。；"):
        if not _offers_in(made, start + a, start + b):
            yield _Stretch(index, start + a, start + b, listed=listed)


def _offers_in(made: Offered | None, start: int, end: int) -> bool:
    return made is not None and any(a < end and start < b for a, b in made.stretches)


def _whose(index: int, whole: bool, out: Outline, items: dict[int, list[OfferItem]]) -> list[int]:
    """Paragraphs with offers: the same one, or those under the nearest heading above that has any."""
    if items.get(index):
        return [index]
    place = out.places[index]
    above = place.above
    if whole and above and out.styles[above[-1]] in ("arabic", "bracket", "bracket_arabic", "circled"):
        above = above[:-1]  # 上述奖励 after numbered items speaks of them all
    own = () if place.heading is None else (place.heading,)  # what an article opens with holds for its items
    for heading in reversed((*above, *own)):
        under = [
            i
            for i, made in items.items()
            if made and (heading in out.places[i].above or heading == out.places[i].heading)
        ]
        if under:
            everything = sum(bool(made) for made in items.values())
            return [] if len(under) == everything and everything >= 4 else under
    return []


def _read(para: Paragraph, stretch: _Stretch, key: str, linker: Linker) -> list[Clause]:
    found: list[Clause] = []
    for start, end in bare_sentences(para, stretch.start, stretch.end):
        made = clauses_of(
            para, start, para.text[start:end], None, f"{key}.{len(found) + 1}", linker, not stretch.bounds
        )
        found += [c for c in made if c.unit] if stretch.bounds else made
    return found
