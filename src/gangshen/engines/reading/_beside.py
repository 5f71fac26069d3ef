"""What stands beside the thresholds of one comma piece: 在本区纳税且存续期满1年的总部企业."""

from __future__ import annotations

import re

__all__ = ["beside", "only_threshold", "split"]

_PLAIN_PARTY = re.compile(
    r"(?:的|各类|相关|企业|项目|单位|机构|平台|社区|园区|主体|产品|OPC|个人|人员|团队|基地|载体|活动|创业|上述|该|其)*"
)


_PREDICATE = re.compile(
    r"(?:且|并|同时)*(?:对)?(?:在|具有|具备|未|无|信用|依法|注册|登记|拥有|从事|符合|已|为|属于|持有|参与|纳税|入驻|正常|合法|财务|经营|管理|完成|通过|取得|获|主营|纳入|列入|首次|提供|含|自[^、]{2,}起|[^、]{0,8}(?:使用|采购|购买|联合|开展|建设|实施|承担|租用|投资)|[^、]{2,20}(?:不高于|不低于|高于|低于|超过|优于|达到))"
)
_AND = re.compile(r"(?:并且|且|并(?=在|具|获|取|通|完|纳|实|达)|同时)+")


def beside(text: str, a: int, b: int, thresholds: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """What stands beside thresholds or negations in one piece: 在本区纳税且存续期满1年的总部企业."""
    ends = [min(b, y) for x, y in thresholds if x < b and a < y]
    denied = re.search(r"、(?=未|不|无(?!人|线)|没有)|(?:未(?!来)|无(?!人|线))[^、]{2,}、", text[a:b])
    if not ends and not denied:
        return _joined(text, a, b)
    last = max(ends, default=b)
    whom = _OF_WHOM.match(text, last, b) if ends else None
    parts = split(text, a, last if whom else b)
    listed = [(x, y) for x, y in parts if text[x - 1 : x] == "、" or text[y : y + 1] == "、"]
    bare = [text[x:y] for x, y in listed if not any(x < e <= y for e in ends)]
    if not denied and any(not _PREDICATE.match(words) for words in bare):
        return []  # 在校师生、科研团队、毕业五年内的人才: a list of parties, kept whole
    out: list[tuple[int, int]] = []
    for x, y in parts:
        out += _party(text, x, y, thresholds)
        closed = max((e for e in ends if x < e <= y), default=None)
        if closed is not None:
            tail = _OF_WHOM.match(text, closed, y)
            x = tail.end() if tail else closed if _AND.match(text, closed, y) else y
        out += _stripped(text, x, y)
    return out + (_stripped(text, whom.end(), b) if whom else [])


_OF_WHOM = re.compile(r"(?:（含）|\(含\))?(?:及?以上|以内|以下)?(?:之间)?的")


def _stripped(text: str, x: int, y: int) -> list[tuple[int, int]]:
    """The stretch without the words that only join it, unless nothing is left that says anything."""
    joined = _AND.match(text, x, y)
    x = joined.end() if joined else x
    x += len(text[x:y]) - len(text[x:y].lstrip("，、的"))
    y -= len(text[x:y]) - len(text[x:y].rstrip("的，、"))
    return [(x, y)] if y - x >= 4 and not _PLAIN_PARTY.fullmatch(text, x, y) else []


def _joined(text: str, a: int, b: int) -> list[tuple[int, int]]:
    """升级为国家级平台且国家没有配套要求: two conditions, where each side says enough."""
    sides, depth, first = [], 0, a
    for i in range(a, b):
        depth += (text[i] in "（〔“") - (text[i] in "）〕”")
        if text[i] == "且" and depth <= 0 and i - first >= 4 and text[i - 1] not in "并而尚":
            sides.append((first, i))
            first = i + 1
    if not sides or b - first < 4:
        return []
    return [side for x, y in (*sides, (first, b)) for side in _stripped(text, x, y)]


_WHO = re.compile(
    r"(?:对于?)?(?P<who>[^，、（）]{2,20}?(?:企业|项目|机构|平台|基地|团队|人才|园区|社区|中心))(?:（[^）]*）)?(?P<rest>.*)"
)
_DOES = re.compile(r"采购|购买|购置|新建|建设|引进|完成|实现|获得|取得|开发|租|提供|的")
_FIRST = re.compile(
    r"(?:对于?|凡)?(?:企业|单位|机构|项目|年度内|当年|年度)*(?P<does>(?:实施)?(?:符合|纳入|列入|入选|从事|属于|通过|购置|采购|购买|租用|租赁|建设|开展|引进|投保)[^，]{2,}(?:[》）”]|(?=等)))等?"
)


def _party(text: str, x: int, y: int, thresholds: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """规上工业企业 before 年产值同比增长超过1000万元; 符合《…》 before 总投资3000万元."""
    opened = min(((a, b) for a, b in thresholds if x < b <= y), default=None)
    if opened is None:
        return []
    does = _FIRST.fullmatch(text, x, max(x, opened[0]))
    if does is not None:
        return _stripped(text, *does.span("does"))
    who = _WHO.match(text, x, opened[1])
    if who is None or _DOES.search(who["rest"]):
        return []
    if len(re.sub(r"\d.*|达到?|超过?|突破|不低于|不少于|首次|合计|累计", "", who["rest"])) < 2:
        return []  # 入孵企业达到30户 counts them
    a, b = who.span("who")
    return [] if _PLAIN_PARTY.fullmatch(text, a, b) else [(a, b)]


def split(text: str, a: int, b: int) -> list[tuple[int, int]]:
    """At 、 and 且 outside brackets."""
    out, depth, first = [], 0, a
    for i in range(a, b):
        if text[i] in "（〔“":
            depth += 1
        elif text[i] in "）〕”":
            depth = max(0, depth - 1)
        elif not depth and text[i] in "、且":
            out.append((first, i))
            first = i + 1
    return [*out, (first, b)]


def only_threshold(text: str, a: int, b: int, thresholds: tuple[tuple[int, int], ...]) -> bool:
    """Nothing is left of the piece but the threshold that was read as a number."""
    inside = [(max(a, x), min(b, y)) for x, y in thresholds if x < b and a < y]
    if not inside:
        return False
    rest = text[a : min(x for x, _ in inside)]
    tail = text[max(y for _, y in inside) : b]
    if not re.fullmatch(r"(?!及?以[上下内]|的)[^，、的]{2,6}的?", tail):  # 签订3年以上劳动合同的 names what is measured
        rest += tail
    rest = re.sub(r"（[^）]*）|其?[^，、]{0,6}后\d+年内|部分$", "", rest)
    return len(re.sub(r"[的，且并及、和或 ]|以上|企业|项目|OPC|机构|平台|社区|主体|年度?", "", rest)) < 4
