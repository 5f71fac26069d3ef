"""Place names in the names of firms (民政部 行政区划, GB/T 2260: provinces, cities, counties by their present names)."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

__all__ = ["ABBREVIATIONS", "PLACE_ENDINGS", "is_place", "leading_place", "place_stem", "places"]

ABBREVIATIONS = {
    "京": ("北京",),
    "津": ("天津",),
    "沪": ("上海",),
    "申": ("上海",),
    "渝": ("重庆",),
    "冀": ("河北",),
    "晋": ("山西",),
    "蒙": ("内蒙古",),
    "辽": ("辽宁",),
    "吉": ("吉林",),
    "黑": ("黑龙江",),
    "苏": ("江苏", "苏州"),
    "浙": ("浙江",),
    "皖": ("安徽",),
    "闽": ("福建",),
    "赣": ("江西",),
    "鲁": ("山东",),
    "豫": ("河南",),
    "鄂": ("湖北",),
    "湘": ("湖南",),
    "粤": ("广东",),
    "穗": ("广州",),
    "桂": ("广西",),
    "琼": ("海南",),
    "川": ("四川",),
    "蜀": ("四川",),
    "蓉": ("成都",),
    "黔": ("贵州",),
    "贵": ("贵州",),
    "滇": ("云南",),
    "云": ("云南",),
    "陕": ("陕西",),
    "秦": ("陕西",),
    "甘": ("甘肃",),
    "陇": ("甘肃",),
    "青": ("青海", "青岛"),
    "宁": ("宁夏", "南京", "宁波"),
    "新": ("新疆",),
    "深": ("深圳",),
    "甬": ("宁波",),
    "杭": ("杭州",),
    "锡": ("无锡",),
    "厦": ("厦门",),
    "连": ("大连",),
    "汉": ("武汉",),
    "哈": ("哈尔滨",),
    "中": ("中国",),
    "国": ("中国",),
}
"""One character for a place, as short names write it."""

PLACE_ENDINGS = frozenset("省市区县州盟旗镇乡")
_PEOPLES = (
    "蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|"
    "拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|塔吉克族?|怒族|鄂温克族|"
    "保安族|裕固族|独龙族|鄂伦春|普米族|门巴族|各族"
)
_NATIONS = re.compile(rf"(?:{_PEOPLES})*自治[县州区旗]$|特别行政区$")
_ENDING = re.compile(r"(?:新区|林区|特区|地区|矿区|[省市区县州盟旗镇乡])$")
_LONGEST = 12


def place_stem(name: str) -> str:
    """A place name without its rank, where two characters stay: 合肥市 is 合肥, 寿县 stays 寿县."""
    for pattern in (_NATIONS, _ENDING):
        stem = pattern.sub("", name)
        if stem != name and len(stem) >= 2:
            return stem
    return name


@cache
def places() -> dict[str, str]:
    """Every name and stem → the stem. Districts of cities only in full, for 鼓楼 or 新城 are also mere words."""
    found: dict[str, str] = {"中国": "中国", "中华": "中国"}
    text = (files(__package__) / "data" / "places.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in (row["province"], *row["cities"].split(), *row["counties"].split()):
            stem = place_stem(name)
            found[name] = stem
            if (len(stem) >= 2 and not name.endswith("区")) or name in {row["province"], "浦东新区"}:
                found.setdefault(stem, stem)
                for ending in "市县":  # counties become cities; old names stay in registers
                    found.setdefault(stem + ending, stem)
    return found


def is_place(text: str) -> bool:
    """Is ``text`` the name or stem of a place?"""
    return text in places()


def leading_place(text: str, start: int = 0) -> int:
    """Where the place name that begins at ``start`` ends; ``start`` when none does.

    >>> leading_place("合肥市华联商厦")
    3
    """
    known = places()
    for end in range(min(len(text), start + _LONGEST), start + 1, -1):
        if text[start:end] in known:
            return end
    return start
