"""The subject of a target: the noun before or behind its figure, without dates and verbs."""

from __future__ import annotations

import re

from gangshen.engines.quantities import Comparator, Quantity, find_dates

from ._intent import clause_around

__all__ = ["achieved", "subject_of"]

_LEAD_WORDS = re.compile(
    r"(?:(?:[\d一二两三四五十]+年内|全年|目标|即|力争|确保|争取|努力|到时|届时|其中|并|同时|累计|每年|预计|全面|积极|加快|大力|重点|进一步|新(?=[引培认落打形集开推设组布入招孵获创研])(?!(?:设备|产品|品种|品牌|开发区|研究))|着力|持续|力争实现|基本|共|总共|逐步|初步|先行|首期|年均|在[^，]{2,14}(?:内|上|方面))\s*)*"
    r"(?:(?:实现|打造|培育|引进|引入|引育|招引|建成(?!区)|建设|建立|新建|形成|集聚|汇聚|聚集|吸引|突破|新增|开放|发布|推出|遴选|举办|组建|落地|孵化|推动|完成|创建|提升|提高|增长|降低|压缩|缩短|培养|开展|制定|研制并获批|研制|开发|开拓|推进|布局|认定|储备|攻克|转化|覆盖|提供|争创|保持|获批|构建|上线|扶持|服务|部署|铺设|接入|归集|使|将|把)(?:和|与|或|、|并)?)*"
)


def achieved(text: str, q: Quantity) -> Comparator | None:
    """突破百项关键技术: a break-through in each of a hundred, not more than a hundred; 突破百项以上, in at least so many."""
    apart = re.search(
        r"(?:不(?:少于|低于|(?P<most>高于|超过))|(?<!不)(?:超过|高于)(?=[^，。；、\d]+的$))[^，。；、\d]{1,10}$",
        text[: q.start],
    )
    if apart and q.comparator == "eq" and q.kind != "money":
        return "le" if apart["most"] else "ge"  # 不少于企业300家
    if (
        q.kind != "count"
        or text[q.start : q.core_start] != "突破"
        or not re.match(r"[\u4e00-\u9fff]{2}", text[q.end :])
    ):
        return None
    left, _ = clause_around(text, q.core_start)
    if _before(text, left, q.start)[0] < q.start:
        return None
    return "ge" if text[q.core_end : q.end].endswith("以上") else "eq"


def subject_of(
    text: str, q: Quantity, aims: list[Quantity], position: int, found: list[Quantity]
) -> tuple[tuple[int, int], tuple[int, int]]:
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
    between = [o for o in found if begin <= o.core_start and o.end <= q.start and o not in aims]
    if between and "、" in text[between[-1].end : q.start]:  # 赛事1次以上、活动10场
        begin = text.rfind("、", between[-1].end, q.start) + 1
    listed = re.search("[、和及与](?=N个|若干)", text[q.end : stop])
    if listed:
        stop = q.end + listed.start()
    after = q.end + len(text[q.end : stop].rstrip("。；，、 "))
    noun = (q.end + (text[q.end : q.end + 1] == "级"), after)
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
        r"(?:(?:由|从)[^，。；]{1,14}|(?:达到?)?(?:比|较|到)?(?:19|20)\d\d年|达?到?每(?:万|千|百万)人|较|由|从|级|均|都|分别|力争|稳定|保持|迈上|迈向|站上|跨上|原则上|实现|总数|数量|共计|累计|已|达|达到|的|提高到|至|到|约|占|在)+$",
        text[start:end],
    )
    if tail and tail.start() > 0 and not text[start : start + tail.start()].endswith("占"):
        end = start + tail.start()
    return start, end
