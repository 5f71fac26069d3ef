"""A value in words, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.engines.vocabulary import EDITIONS, Attribute, AttributeType, industry_path
from gangshen.web import formatting

from ._law import is_part
from ._named import named
from ._vocabulary import vocabulary

__all__ = ["listed", "period_shown", "shown"]


def shown(attribute: Attribute, value: Any) -> str:
    """``value`` (typed) as it is read by people: 5,420 万元, 4.6%, 86 人, 是, 高新技术企业、…"""
    if value is None:
        return _("Unknown")
    match attribute.type:
        case AttributeType.MONEY:
            return formatting.money_text(value)
        case AttributeType.PERCENT:
            return formatting.percent(value, 2)
        case AttributeType.COUNT | AttributeType.NUMBER:
            return formatting.measured(value, attribute.unit)
        case AttributeType.DATE:
            return formatting.day(value)
        case AttributeType.BOOL:
            return _("yes") if value else _("no")
        case AttributeType.ENUM:
            return next((formatting.label(one) for one in attribute.options if one.zh == value), str(value))
        case AttributeType.LIST:
            return listed(value) or _("none")
        case AttributeType.CODE if attribute.extra.get("scheme") == "gbt4754":
            return _industry(str(value), str(attribute.extra.get("edition", "")))
    return named(str(value))


def period_shown(period: str) -> str:
    """``2026-01/10`` → 2026年1-10月; other periods stand as they are kept."""
    if not is_part(period):
        return period
    return _("%(year)s, months %(first)s to %(last)s") % {
        "year": period[:4],
        "first": int(period[5:7]),
        "last": int(period[8:10]),
    }


def listed(entries: Iterable[Mapping[str, Any]]) -> str:
    """The types of a list's entries, each once; a title of the vocabulary by its name in the language."""
    known = vocabulary().certificates
    types = dict.fromkeys(entry["type"] for entry in entries)
    comma = ", " if (get_language() or "").startswith("en") else "、"
    return comma.join(formatting.label(known[one].type) if one in known else named(one) for one in types)


@lru_cache(maxsize=4096)
def _industry(code: str, edition: str) -> str:
    """``3491 工业机器人制造``; a code the edition does not have stands alone."""
    path = industry_path(code, edition) if edition in EDITIONS else ()
    return f"{code} {path[-1].name}" if path and code.endswith(path[-1].code) else code
