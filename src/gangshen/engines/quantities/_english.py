"""Units of Chinese documents in English."""

from __future__ import annotations

__all__ = ["unit_in_english"]

# Units as figures carry them: their value is in this unit, so only the word changes with the language.
_UNITS = {
    "家": "firms",
    "户": "firms",
    "个": "",
    "名": "people",
    "人": "people",
    "万人": "10k people",
    "人次": "visits",
    "台": "units",
    "套": "sets",
    "台套": "sets",
    "台（套）": "sets",
    "辆": "vehicles",
    "条": "lines",
    "项": "items",
    "件": "items",
    "款": "models",
    "场": "events",
    "次": "times",
    "支": "teams",
    "元": "CNY",
    "万元": "10k CNY",
    "亿元": "100m CNY",
    "平方米": "m²",
    "万平方米": "10k m²",
    "平方公里": "km²",
    "公里": "km",
    "公顷": "ha",
    "亩": "mu",
    "年": "years",
    "月": "months",
    "天": "days",
    "小时": "hours",
    "分": "points",
    "个百分点": "points",
    "百分点": "points",
}


def unit_in_english(unit: str) -> str:
    """``家`` → ``firms``, ``万元/人`` → ``10k CNY/person``; a unit without a word here stays as it is written."""
    of, *per = (_UNITS.get(part, part) for part in unit.split("/"))
    return "/".join((of, *("person" if one == "people" else one.removesuffix("s") for one in per)))
