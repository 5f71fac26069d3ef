"""An edition as a form: its tree of conditions with their fields, what it gives, the words of the choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from gangshen.apps.policies import services
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.forms import OPERATOR_WORDS
from gangshen.engines import benefits
from gangshen.engines.rules import AtLeast, Clause, Decision, Node, period_words, places
from gangshen.engines.vocabulary import Access, Attribute, AttributeType
from gangshen.web.formatting import label

__all__ = ["Part", "choices", "giving_form", "readings", "tree"]

OPERATORS = [*OPERATOR_WORDS, ("between", gettext_lazy("between"))]
NEW_GROUPS = [
    ("any", gettext_lazy("a new group: any one of these")),
    ("at_least 2", gettext_lazy("a new group: at least two of these")),
    ("at_least 3", gettext_lazy("a new group: at least three of these")),
    ("none", gettext_lazy("a new group: none of these may hold")),
]
PERIODS = ("last_year", "this_year", "last_2_years", "last_3_years", "last_quarter")
UNITS = ("万元", "元", "亿元", "%", "人", "家", "项", "平方米", "年")
BLANK = {"tier": 3, "cap": 2, "more": 1, "ceiling": 1}  # rows offered at first; then one more than there are
MONEY_UNITS = ("万元", "元", "亿元")
DECISION_WORDS = {
    Decision.YES.value: gettext_lazy("Gets it"),
    Decision.NO.value: gettext_lazy("Not met"),
    Decision.UNKNOWN.value: gettext_lazy("Unknown"),
}
_NUMBERS = frozenset({AttributeType.COUNT, AttributeType.NUMBER})


@dataclass(frozen=True, slots=True)
class Part:
    """A condition (``line`` holds its fields, ``n`` their number in the form) or a group of ``parts``.

    ``place`` is the path in the rule, ``number`` counts the groups from 1, ``words`` say what it asks.
    """

    place: str
    words: str
    number: int = 0
    line: Mapping[str, str] | None = None
    n: int = 0
    parts: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The group as a place to move to."""
        return _("Group %(n)d: %(words)s") % {"n": self.number, "words": self.words}


def tree(rule: Node, lines: Sequence[Mapping[str, str]]) -> tuple[Part, list[Part]]:
    """The rule as what must all hold, with the fields of ``lines``; and its groups in the order of the text."""
    at = {line["id"]: n for n, line in enumerate(lines)}
    found: dict[str, Part] = {}
    groups: list[Part] = []
    for place, node in places(services.whole(rule)):
        if isinstance(node, Clause):
            n = at.get(node.id, -1)
            found[place] = Part(place, services.said(node), line=lines[n] if n >= 0 else {"id": node.id}, n=n)
        else:
            found[place] = Part(place, _group_words(node), number=len(groups) if place else 0)
            groups.append(found[place])
        if place:
            found[place.rpartition(".")[0]].parts.append(found[place])
    return found[""], groups[1:]


def _group_words(node: Node) -> str:
    if isinstance(node, AtLeast):
        return _("at least %(k)d of these") % {"k": node.at_least}
    words = {"All": _("all of these must hold"), "Any_": _("any one of these"), "None_": _("none of these may hold")}
    return words[type(node).__name__]


def choices(rule: benefits.PolicyVersion, year: int) -> dict[str, Any]:
    """What the boxes offer: attributes by their names, operators, periods and units in words."""
    language = get_language() or "zh"
    periods = [(one, period_words(one, language).strip(", ")) for one in (*PERIODS, str(year - 1), str(year))]
    judged = sorted(_judged(rule.entity), key=lambda one: label(one.label))
    return {
        "attributes": [(services.spoken(one.id), _unit(one)) for one in judged],
        "money_attributes": [services.spoken(one.id) for one in judged if one.type is AttributeType.MONEY],
        "counted": [services.spoken(one.id) for one in judged if one.type in _NUMBERS],
        "operators": OPERATORS,
        "periods": periods,
        "period_keys": [key for key, _words in periods],
        "new_groups": NEW_GROUPS,
        "units": UNITS,
        "money_units": MONEY_UNITS,
        "decisions": DECISION_WORDS.items(),
        "example": "；".join(f"{services.spoken(id)}=" for id in dict.fromkeys(_asked(rule))),
    }


def _unit(attribute: Attribute) -> str:
    return f"{label(attribute.label)} ({attribute.unit})" if attribute.unit else attribute.id


def _asked(rule: benefits.PolicyVersion) -> list[str]:
    """The attributes that the conditions and the amount read."""
    gives = rule.benefit
    asked = [node.attribute for _place, node in places(rule.eligibility) if isinstance(node, Clause)]
    return [one for one in (*asked, gives.base, gives.count, gives.ladder) if one]


def _judged(entity: str) -> list[Attribute]:
    """What a condition may ask: of the firm, and of what is judged where that is not the firm."""
    words = registers.vocabulary()
    known = {**registers.attributes(), **registers.attributes(entity)}.values()
    return [one for one in known if words.access(one.id) is not Access.STATISTICS]


def giving_form(fields: Mapping[str, str]) -> dict[str, Any]:
    """What is given as the template shows it: plain fields under ``f``, rows by kind with empty ones to fill."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for kind, names in services.GIVING_ROWS.items():
        count = 1 + max((int(name.split(".")[1]) for name in fields if _row_of(name) == kind), default=-1)
        rows[kind] = [
            {"n": n, **{name: fields.get(f"{kind}.{n}.{name}", "") for name in names}}
            for n in range(max(count + 1, BLANK[kind]))
        ]
    return {
        "f": fields,
        "rows": rows,
        "of": services.GIVING_OF,
        "ways": services.WAY_WORDS.items(),
        "kinds": [(kind.value, words) for kind, words in services.KIND_WORDS.items()],
        "words": services.FIELD_WORDS,
        "pers": [(one, services.per_words(one)) for one in ("firm", "item", "person", "mu")],
        "overs": [(one, services.per_words(one)) for one in ("year", "total", "quarter", "month")],
    }


def _row_of(name: str) -> str:
    kind, _dot, rest = name.partition(".")
    return kind if rest.partition(".")[0].isdecimal() and len(rest) < 24 else ""


def readings(rule: benefits.PolicyVersion) -> list[dict[str, Any]]:
    """Conditions and benefit in sentences, Chinese and English."""
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            gives = services.benefit_lines(rule.benefit)
            found.append({"language": language, "rule": services.said(rule.eligibility), "gives": gives})
    return found
