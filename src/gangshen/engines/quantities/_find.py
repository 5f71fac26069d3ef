"""Find quantities in Chinese text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ._numeral import QuantityError, decimal_of, numeral
from ._units import COUNTERS, MEASURES, MONEY, SCALES, TIMES, convert, scale_of

__all__ = ["Comparator", "Kind", "Quantity", "find"]

Comparator = Literal["ge", "gt", "le", "lt", "eq", "approx", "range"]
Kind = Literal["money", "percent", "discount", "fraction", "multiple", "doubling", "time", "count", "measure", "group"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as printed: ``text[start:end]`` with its comparing words, ``text[core_start:core_end]`` without.

    ``low`` and ``high`` are equal unless a range is printed; both are in ``unit`` (万元 stays 万元). ``per`` is what
    follows a slash or a 每 ("亩" in 100元/亩). ``growth`` is ``annual`` for 年均增长, ``change`` for 增长 or 下降.
    """

    start: int
    end: int
    core_start: int
    core_end: int
    low: Decimal
    high: Decimal
    unit: str
    kind: Kind
    comparator: Comparator = "eq"
    approximate: bool = False
    implied_unit: bool = False  # 2万 for 2万元
    numeral: bool = False  # printed in Chinese numerals
    per: str | None = None
    growth: Literal["annual", "change"] | None = None

    @property
    def value(self) -> int | float | tuple[int | float, int | float]:
        """One number, or low and high of a range."""
        low, high = _plain(self.low), _plain(self.high)
        return low if low == high else (low, high)

    @property
    def fen(self) -> tuple[int, int] | None:
        """Low and high in fen; None unless it is money in yuan."""
        if self.kind != "money" or scale_of(self.unit)[1] not in ("元", "元人民币"):
            return None
        return int(convert(self.low, self.unit, "分")), int(convert(self.high, self.unit, "分"))

    @property
    def ratio(self) -> Decimal | tuple[Decimal, Decimal] | None:
        """As a fraction of one: 30% → 0.3, 5折 → 0.5, 翻两番 → 4; None for other kinds."""
        if self.kind in ("percent", "discount"):
            low, high = (Decimal(0), Decimal(0))
            ratios = [convert(x, self.unit, "倍") for x in (self.low, self.high)]
            low, high = (Decimal(r.numerator) / Decimal(r.denominator) for r in ratios)
        elif self.kind == "doubling":
            low = high = Decimal(2) ** self.low
        elif self.kind in ("fraction", "multiple"):
            low, high = self.low, self.high
        else:
            return None
        return low if low == high else (low, high)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


_AR = r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９]))*(?:[.．][0-9０-９]+)?"
_CN = "[零〇一二两三四五六七八九十百千万亿]+"
_NUM = f"(?:{_AR}|{_CN})"
_SCALE = "|".join(SCALES)
_UNIT_WORDS = sorted({*COUNTERS, *TIMES, *MEASURES, *MONEY}, key=len, reverse=True)
_NO_UNIT = {"部": "部(?![分门委署级])", "单": r"单(?=[，。；、（）以及\s]|左右|$)"}  # 超出1亿部分
_UNIT = "|".join(_NO_UNIT.get(word) or re.escape(word) for word in _UNIT_WORDS)
_DASH = r"\s*(?:-|—+|–|－|~|～|至|到)\s*"

_LEADS: tuple[tuple[str, Comparator], ...] = (
    (r"最高不超过|最多不超过|最长不超过|原则上不超过|不得超过|不超过|不高于|不得高于|不多于|不大于|不长于", "le"),
    (r"不少于|不低于|不小于|不得低于|不得少于|至少|最低|不短于", "ge"),
    (
        r"最高可达|最高达|最高|最多|至多|最长|上限为|上限|压缩至|压减至|缩短至|缩减至|控制在|降至|降低到|降到|降低至",
        "le",
    ),
    (r"达到或超过|超过|(?<=[售收入值额])过|突破|大于|高于|多于|逾|超出|超", "gt"),
    (r"低于|少于|小于|不足|不满|未满|未达到|未达", "lt"),
    (r"大约|约为|约|近|接近|左右", "approx"),
    (r"连续满|累计满|满", "ge"),
    (r"达到|达|增至|增加到|提高到|提高至|提升到|提升至|为", "eq"),
)
_LEAD = re.compile(
    r"(?:" + "|".join(f"(?P<l{i}>{p})" for i, (p, _) in enumerate(_LEADS)) + r")(?:人民币)?(?:约)?[\s“\"]*$"
)
_TRAILS: tuple[tuple[str, Comparator], ...] = (
    (r"(?:\s*[（(]?(?:含|含税)[)）]?)?\s*(?:及以上|及其以上|以上|或以上)", "ge"),
    (r"(?:\s*[（(]?含[)）]?)?\s*(?:及以下|以下|以内|之内|内(?!容|部|外|地|在|的?涵|资|陆|控|设))", "le"),
    (r"\s*(?:左右|上下)", "approx"),
)
_TRAIL = re.compile("|".join(f"(?P<t{i}>{p})" for i, (p, _) in enumerate(_TRAILS)))
_CORE = re.compile(
    rf"(?P<hundredth>百分之)(?P<hn>{_NUM})"
    rf"|(?P<den>{_CN})分之(?P<nom>{_CN})"
    rf"|(?P<double>翻)(?P<dn>[一两二三四])?番"
    rf"|(?P<a>{_NUM})\s*(?P<ascale>{_SCALE})?(?P<aunit>\s*(?:{_UNIT}|[%％]))?{_DASH}"
    rf"(?P<b>{_NUM})(?P<more2>余|多)?\s*(?P<bscale>{_SCALE})?(?P<more3>余|多)?\s*(?P<bunit>{_UNIT}|[%％‰倍]|折(?!算|旧|叠|股)|成(?![a-z立果效为员本长熟功就套品交型]))"
    rf"|(?P<n>{_NUM})(?P<more>余|多)?\s*(?P<scale>{_SCALE})?(?P<more1>余|多)?\s*"
    rf"(?P<unit>{_UNIT}|大(?=[\u4e00-\u9fff])|[%％‰倍]|折(?!算|旧|叠|股)|成(?![a-z立果效为员本长熟功就套品交型]))?"
)
_PER = re.compile(
    r"\s*[/／]\s*(年|月|人|亩|家|平方米|平米|㎡|天|次|套|场|季度|万人|千人|百万人|千瓦时|度|吨|台|辆|公里|立方米|床|课时|小时|件)(?:[·.]?(?:月|年|天))?"
)
_GROWTH = re.compile(
    r"(?P<annual>年均(?:复合)?(?:增长|增速|递增)[率]?)|(?P<change>(?:同比|比上年)?(?:增长|增速|提高|下降|降低|增幅)[率]?)"
)
_ORDINAL = re.compile(r"(?:第|No\.?|NO\.?|“十|‘十|十[一二三四五])\s*$")
_TIMES = set(TIMES)
_MEASURES = set(MEASURES)
_NOT_AFTER = {  # a Chinese numeral and a measure word that are a word of their own
    "次": ("性",),
    "个": ("人", "体", "性", "别"),
    "人": ("公司", "工", "才", "员", "机"),
    "家": ("庭", "居", "长", "校"),
    "名": ("单", "录", "称", "师", "企", "校", "优"),
    "件": ("事",),
    "项": ("目",),
    "位": ("一体", "置"),
    "台": ("阶", "账"),
    "条": ("件", "例", "龙", "款", "线"),
    "部": ("门", "委", "署", "分", "级"),
    "组": ("织", "团", "建", "成"),
    "站": ("式",),
    "张": ("网", "清单", "图", "床", "办公桌"),
    "间": ("办公室", "房"),
    "套": ("房",),
    "门": ("式",),
    "场": ("景", "地"),
    "处": ("理",),
    "种": ("子", "植"),
    "班": ("人",),
    "所": ("有", "属", "需"),
    "强": ("化", "链", "企"),
    "支": ("持", "撑"),
    "发": ("展", "布", "放", "挥"),
    "批": ("次",),
    "户": ("籍",),
    "份": ("额",),
    "日": ("办结",),
    "天": ("候",),
    "米": (),
    "P": (),
}


def find(text: str) -> list[Quantity]:
    """All quantities of ``text``, in order and without overlap.

    Numbers that only name something are left out: calendar years, ordinals (第3年), 5G, “4+4”, 一批, 一次性. A bare
    number without a unit is no quantity.
    """
    out: list[Quantity] = []
    position = 0
    while (found := _CORE.search(text, position)) is not None:
        position = found.end()
        made = _make(text, found, out[-1].end if out else 0)
        if made is not None:
            band = _band(text, out[-1], made) if out else None
            if band is not None:
                out[-1] = band
            else:
                out.append(made)
            position = max(position, made.end)
        elif found.end() == found.start():
            position = found.end() + 1
        elif found["b"] and found.end("b") > found.start():
            position = found.end("a")  # the first half may stand alone
    return out


_INCLUDED = r"\s*(?:[（(]不?含(?:本数)?[）)])?\s*"
_BAND = re.compile(rf"{_INCLUDED}(?:至|到|-|—+|–|－|～|~)\s*")
_BAND_BELOW = re.compile(rf"{_INCLUDED}[、，且但]*\s*")


def _band(text: str, low: Quantity, high: Quantity) -> Quantity | None:
    """1000万元及以上至5000万元, 2亿元（含）—5亿元 and 1亿元以上、5亿元以下 are one range, in the unit of the first."""
    if low.kind != high.kind or low.low != low.high or high.low != high.high or low.per != high.per:
        return None
    gap = text[low.end : high.start]
    joined = _BAND.fullmatch(gap) and (low.comparator in ("ge", "gt") or "含" in gap)
    if not joined and not (
        low.comparator in ("ge", "gt") and high.comparator in ("le", "lt") and _BAND_BELOW.fullmatch(gap)
    ):
        return None
    try:
        top = convert(high.high, high.unit, low.unit)
    except QuantityError:
        return None
    upper = Decimal(top.numerator) / Decimal(top.denominator)
    if upper <= low.low:
        return None
    return replace(low, end=high.end, core_end=high.core_end, high=upper, comparator="range")


def _make(text: str, found: re.Match[str], floor: int) -> Quantity | None:
    try:
        read = _numbers(text, found)
    except (QuantityError, ArithmeticError, ValueError):
        return None
    if read is None:
        return None
    low, high, unit, kind, approximate, implied = read
    start, end = found.span()
    while end > start and text[end - 1].isspace():
        end -= 1
    core_start, core_end = start, end
    comparator: Comparator = "range" if low != high else "eq"
    lead = _LEAD.search(text, max(floor, start - 12), start)
    if lead:
        index = next(i for i in range(len(_LEADS)) if lead[f"l{i}"])
        word = _LEADS[index][1]
        if not (lead[f"l{index}"] == "为" or (word == "gt" and text[max(0, lead.start() - 1)] in "反")):
            start = lead.start()
            approximate = approximate or word == "approx"
            if comparator == "eq":
                comparator = word
    trail = _TRAIL.match(text, end)
    if trail:
        index = next(i for i in range(len(_TRAILS)) if trail[f"t{i}"])
        word = _TRAILS[index][1]
        end = trail.end()
        approximate = approximate or word == "approx"
        if comparator in ("eq", "approx"):
            comparator = word
    if approximate and comparator == "eq":
        comparator = "approx"
    per = _PER.match(text, core_end)
    if per:
        end = max(end, per.end())
    growth = _growth(text, start)
    return Quantity(
        start=start,
        end=end,
        core_start=core_start,
        core_end=core_end,
        low=low,
        high=high,
        unit=unit,
        kind=kind,
        comparator=comparator,
        approximate=approximate,
        implied_unit=implied,
        numeral=found["n"] is not None and not found["n"][0].isdigit(),
        per=per[1] if per else None,
        growth=growth,
    )


def _growth(text: str, start: int) -> Literal["annual", "change"] | None:
    last = None
    for found in _GROWTH.finditer(text, max(0, start - 8), start):
        last = found
    if last is None or last.end() < start:
        return None
    return "annual" if last["annual"] else "change"


_Numbers = tuple[Decimal, Decimal, str, Kind, bool, bool]


def _numbers(text: str, found: re.Match[str]) -> _Numbers | None:
    if found["hn"]:
        value = decimal_of(found["hn"])
        return value, value, "%", "percent", False, False
    if found["den"]:
        if found["den"] in ("百", "千", "万"):
            value = Decimal(numeral(found["nom"])) * 100 / numeral(found["den"])
            return value, value, "%", "percent", False, False
        value = Decimal(numeral(found["nom"])) / Decimal(numeral(found["den"]))
        return value, value, "", "fraction", False, False
    if found["double"]:
        value = Decimal(numeral(found["dn"] or "一"))
        return value, value, "番", "doubling", False, False
    if _is_name(text, found):
        return None
    if found["b"]:
        return _range(found)
    return _single(text, found)


def _is_name(text: str, found: re.Match[str]) -> bool:
    """A number inside a name: 4+4, G60, 第3年, “十五五”, 2027年 (a year is a date)."""
    before = text[found.start() - 1] if found.start() else ""
    after = text[found.end()] if found.end() < len(text) else ""
    if _ORDINAL.search(text, max(0, found.start() - 4), found.start()):
        return True
    unit = found["unit"] or found["bunit"]
    if before and before in "+＋.":
        return True
    if after and after in "+＋" and not (unit and unit in MONEY):
        return True
    if before and before.isascii() and before.isalnum() and not (unit and unit in COUNTERS):
        return True
    if before and before in "〔[［" and unit is None:
        return True
    number = found["n"] or found["b"]
    if unit in ("年", "月", "日") and re.fullmatch(r"[0-9０-９]{4}|二[〇零][〇零一二三四五六七八九]{2}", number):
        return True
    tail = text[: found.start()]
    if unit in ("月", "日") and re.search(r"[年月]\s*$", tail):
        return True
    return bool(
        unit == "月" and not found["scale"] and re.match(r"\s*[0-9０-９]{1,2}\s*日|底|末|初|起|前", text[found.end() :])
    )


def _range(found: re.Match[str]) -> _Numbers | None:
    unit = found["bunit"].replace("％", "%")
    first = (found["aunit"] or "").strip().replace("％", "%")
    if first and first != unit:
        return None
    low, high = decimal_of(found["a"]), decimal_of(found["b"])
    scale = found["bscale"] or ""
    if found["ascale"] and found["ascale"] != scale:
        low *= Decimal(SCALES[found["ascale"]]) / Decimal(SCALES.get(scale, 1))
    if low > high:
        return None
    low, scale, _ = _split(low, scale)
    high, high_scale, _ = _split(high, found["bscale"] or "")
    if scale != high_scale:
        return None
    return low, high, scale + unit, _kind(unit), bool(found["more2"] or found["more3"]), False


def _split(value: Decimal, scale: str) -> tuple[Decimal, str, bool]:
    """千亿 is written as 1000 亿, 百万 as 100 万; 千 and 百 before a measure word are part of the number."""
    for head, tail in (("千", "亿"), ("百", "亿"), ("万", "亿"), ("千", "万"), ("百", "万"), ("十", "万")):
        if scale == head + tail:
            return value * numeral(head), tail, True
    if scale in ("千", "百"):
        return value * SCALES[scale], "", True
    return value, scale, False


def _single(text: str, found: re.Match[str]) -> _Numbers | None:
    number, scale, unit = found["n"], found["scale"] or "", (found["unit"] or "").replace("％", "%")
    more = bool(found["more"] or found["more1"])
    chinese = not (number[0].isdigit())
    following = text[found.end() : found.end() + 4]
    if unit == "大":
        if (
            not chinese
            or len(number) > 2
            or number in ("一", "两", "十", "百", "千", "万", "亿")
            or following[:1] in "小力批量型"
        ):
            return None
        value = decimal_of(number)
        return value, value, "个", "group", False, True
    if chinese:
        if not unit and not number.endswith(("万", "亿")):
            return None
        if any(following.startswith(word) for word in _NOT_AFTER.get(unit, ())) or (number == "一" and unit == "批"):
            return None
        if number[0] in "零〇":
            return None
        read, scale, pair = _chinese(number, scale)
        more = more or pair is not None
        if read is None:
            return None
        value = read
        if not unit:
            money = re.match(r"(?=[、，。；;,]|以上|以下|的|元|规模)", text[found.end() :])
            if scale not in ("万", "亿") or not (money or number[0] in "千百十") or len(number) < 2:
                return None
            classed = re.match("级?(?:企业|龙头)|级(?:项目|园区|平台|镇|强)", following)
            if classed or (following.startswith("级") and text[found.start() - 1 : found.start()] in ("个", "家")):
                return None  # 百亿级企业, 3个千亿级集群: the name of a class
            return value, value, scale + "元", "money", more, True
        return value, pair or value, scale + unit, _kind(unit), more, False
    value = decimal_of(number)
    value, scale, _ = _split(value, scale)
    if not unit:
        if scale not in ("万", "亿"):
            return None
        return value, value, scale + "元", "money", more, True
    if unit == "P" and following[:1].isalpha() and following[:1].isascii():
        return None
    if unit == "强" or (unit == "P" and value in (480, 720, 1080, 2160)):
        return None
    return value, value, scale + unit, _kind(unit), more, False


def _chinese(number: str, scale: str) -> tuple[Decimal | None, str, Decimal | None]:
    """Value, printed scale and, for 五六家, the second value."""
    match = re.fullmatch(r"(.*?)(万|亿)", number)
    if match and not scale and number not in ("万", "亿"):
        head = match[1]
        return Decimal(numeral(head)), match[2], None
    if len(number) == 2 and all(c in "二两三四五六七八九" for c in number):
        first, second = numeral(number[0]), numeral(number[1])
        return (Decimal(first), scale, Decimal(second)) if second == first + 1 else (None, scale, None)
    return Decimal(numeral(number)), scale, None


def _kind(unit: str) -> Kind:
    if unit in ("%", "‰", "成"):
        return "percent"
    if unit == "折":
        return "discount"
    if unit == "倍":
        return "multiple"
    if unit in MONEY:
        return "money"
    if unit in _TIMES:
        return "time"
    if unit in _MEASURES:
        return "measure"
    return "count"
