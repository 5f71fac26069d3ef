"""Units of Chinese documents and conversion between those of one dimension."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from ._numeral import QuantityError

__all__ = ["COUNTERS", "MEASURES", "MONEY", "SCALES", "TIMES", "convert", "scale_of"]

SCALES: dict[str, int] = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
}

#: measure words of things that are counted
COUNTERS = (
    *(
        "台（套）",
        "套（次）",
        "个（项）",
        "项（次）",
        "人（次）",
        "家（次）",
        "件（套）",
        "台(套)",
        "套(次)",
        "批次",
        "架次",
        "人次",
        "家次",
        "场次",
        "台套",
        "家",
        "个",
        "项",
        "名",
        "人",
        "位",
        "户",
        "件",
        "款",
        "台",
        "套",
        "辆",
        "条",
        "座",
    ),
    *(
        "处",
        "所",
        "种",
        "场",
        "次",
        "只",
        "支",
        "艘",
        "架",
        "颗",
        "发",
        "份",
        "篇",
        "部",
        "间",
        "栋",
        "幢",
        "宗",
        "笔",
        "单",
    ),
    *(
        "例",
        "根",
        "盏",
        "株",
        "列",
        "班次",
        "标箱",
        "标准箱",
        "席",
        "门",
        "强",
        "卡",
        "张",
        "枚",
        "册",
        "班",
        "站",
        "组",
        "街区",
        "批",
        "轮",
    ),
)
TIMES = ("个工作日", "工作日", "个月", "年", "月", "周岁", "岁", "周", "天", "日", "小时", "分钟", "学年")
MONEY = ("元人民币", "元", "美元", "港元", "欧元", "日元")
MEASURES = (
    *("平方公里", "平方千米", "平方米", "平米", "㎡", "公顷", "亩", "公里", "千米", "米", "吨标准煤", "吨", "千瓦时"),
    *(
        "千瓦",
        "兆瓦",
        "个百分点",
        "百分点",
        "PFLOPS",
        "EFLOPS",
        "Pflops",
        "Eflops",
        "卡时",
        "TB",
        "PB",
        "GB",
        "EB",
        "P",
    ),
)

# unit → (dimension, size in the dimension's base unit)
_SIZES: dict[str, tuple[str, Fraction]] = {
    "分": ("money", Fraction(1)),
    "元": ("money", Fraction(100)),
    "元人民币": ("money", Fraction(100)),
    "平方米": ("area", Fraction(1)),
    "平米": ("area", Fraction(1)),
    "㎡": ("area", Fraction(1)),
    "m²": ("area", Fraction(1)),
    "亩": ("area", Fraction(2000, 3)),
    "公顷": ("area", Fraction(10_000)),
    "平方公里": ("area", Fraction(1_000_000)),
    "平方千米": ("area", Fraction(1_000_000)),
    "米": ("length", Fraction(1)),
    "公里": ("length", Fraction(1000)),
    "千米": ("length", Fraction(1000)),
    "%": ("ratio", Fraction(1, 100)),
    "‰": ("ratio", Fraction(1, 1000)),
    "成": ("ratio", Fraction(1, 10)),
    "折": ("ratio", Fraction(1, 10)),
    "倍": ("ratio", Fraction(1)),
    "月": ("months", Fraction(1)),
    "个月": ("months", Fraction(1)),
    "年": ("months", Fraction(12)),
    "人": ("persons", Fraction(1)),
    "名": ("persons", Fraction(1)),
    "位": ("persons", Fraction(1)),
    "家": ("firms", Fraction(1)),
    "户": ("firms", Fraction(1)),
    "P": ("compute", Fraction(1)),
    "PFLOPS": ("compute", Fraction(1)),
    "EFLOPS": ("compute", Fraction(1000)),
}
_SCALED = re.compile("(" + "|".join(SCALES) + ")(.+)")


def scale_of(unit: str) -> tuple[int, str]:
    """Split a printed unit into its scale and its base: 万元 → (10000, 元); 家 → (1, 家)."""
    found = _SCALED.fullmatch(unit)
    if found and unit not in _SIZES:
        return SCALES[found[1]], found[2]
    return 1, unit


def _size(unit: str) -> tuple[str, Fraction]:
    scale, base = scale_of(unit)
    if base not in _SIZES:
        return f"unit:{base}", Fraction(scale)
    dimension, size = _SIZES[base]
    return dimension, size * scale


def convert(value: int | float | Decimal | Fraction, unit: str, to: str) -> Fraction:
    """Convert between units of one dimension, exactly: 3 亩 → 2000 平方米, 540 万元 → 540_000_000 分.

    Raises :class:`QuantityError` when the units measure different things.
    """
    from_dimension, size = _size(unit)
    to_dimension, to_size = _size(to)
    if from_dimension != to_dimension:
        raise QuantityError(f"cannot convert {unit!r} to {to!r}")
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    return exact * size / to_size
