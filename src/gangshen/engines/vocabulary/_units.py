"""Units as printed, and what one of them is in the unit a value is stored in."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ._model import Attribute, AttributeType

__all__ = ["convert", "foreign_currency", "unit_factor"]

_MONEY = {"分": 1, "元": 100, "千元": 10**5, "万元": 10**6, "百万元": 10**8, "千万元": 10**9, "亿元": 10**10}
_PERCENT = {"%": Decimal(1), "百分点": Decimal(1), "个百分点": Decimal(1), "‰": Decimal("0.1"), "小数": Decimal(100)}
_NUMBER: dict[str, dict[str, Decimal]] = {
    "m²": {
        "m²": Decimal(1),
        "平方米": Decimal(1),
        "亩": Decimal(2000) / 3,
        "公顷": Decimal(10**4),
        "平方公里": Decimal(10**6),
        "km²": Decimal(10**6),
    },
    "tce": {"tce": Decimal(1), "吨标准煤": Decimal(1), "吨标煤": Decimal(1), "万吨标准煤": Decimal(10**4)},
}
_YUAN = re.compile(r"人民币|RMB|CNY", re.IGNORECASE)
_CURRENCIES = {
    "美元": r"美元|美金|USD|US\$|(?<![A-Z])\$",
    "欧元": r"欧元|EUR|€",
    "港元": r"港[币元]|HKD|HK\$",
    "日元": r"日[元圆币]|JPY",
    "英镑": r"英镑|GBP|£",
    "韩元": r"韩[元圆币]|KRW",
    "新台币": r"台币|TWD|NT\$",
    "澳门元": r"澳门[元币]|MOP",
    "新加坡元": r"新加坡[元币]|SGD",
    "加元": r"加拿大元|加[元币]|CAD",
    "澳元": r"澳大利亚元|澳[元币]|AUD",
    "瑞士法郎": r"瑞士法郎|CHF",
    "外币": r"外[币汇]|其他币种",
}
_FOREIGN = re.compile("|".join(f"({said})" for said in _CURRENCIES.values()), re.IGNORECASE)
_COUNTED = "人名个家件项台套条款次张户篇种辆"


def foreign_currency(text: str) -> str:
    """The currency other than yuan that a cell, unit or header names: 500万美元 → 美元; empty for none.

    >>> foreign_currency("单位：万美元"), foreign_currency("1000万元人民币")
    ('美元', '')
    """
    found = _FOREIGN.search(unicodedata.normalize("NFKC", text))
    return list(_CURRENCIES)[(found.lastindex or 1) - 1] if found else ""


def unit_factor(attribute: Attribute, unit: str | None) -> Decimal | None:
    """How many of the stored unit one ``unit`` is; None where the unit does not measure this attribute.

    Without a unit the attribute's own is meant (for money 元, stored as fen).
    """
    return _factor(attribute.type, attribute.unit or "", unit or "")


@lru_cache(maxsize=1024)  # asked for every figure of a file
def _factor(kind: AttributeType, own: str, unit: str) -> Decimal | None:
    name = unicodedata.normalize("NFKC", unit).strip()
    name = {"m2": "m²"}.get(name, name)
    if kind is AttributeType.MONEY:
        if name and not (name := _YUAN.sub("", name).strip(" ()")):
            return None  # 人民币 says which money, not how many yuan
        name = f"{name}元" if name in ("万", "百万", "千万", "亿") else name
        factor = _MONEY.get(name or own or "元")
        return None if factor is None else Decimal(factor)
    if kind is AttributeType.PERCENT:
        return _PERCENT.get(name or "%")
    if kind in (AttributeType.COUNT, AttributeType.NUMBER):
        if not name or name == own:
            return Decimal(1)
        known = _NUMBER.get(own)
        if known is not None:
            return known.get(name)
        bare = name.removeprefix("万")
        if bare == own or (bare in _COUNTED and (own or "个") in _COUNTED):
            return Decimal(10**4 if bare != name else 1)
    return None


def convert(attribute: Attribute, number: Decimal | float, unit: str | None) -> int | float | None:
    """``number`` in ``unit`` as stored: fen and counts whole, others float; None where the unit does not fit."""
    factor = unit_factor(attribute, unit)
    if factor is None:
        return None
    stored = (number if isinstance(number, Decimal) else Decimal(repr(number))) * factor
    if attribute.type in (AttributeType.MONEY, AttributeType.COUNT):
        return int(stored.to_integral_value(ROUND_HALF_UP))
    return float(stored)
