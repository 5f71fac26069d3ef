"""A rule said in a sentence, to be read beside the words it came from."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from gangshen.engines.quantities import unit_in_english
from gangshen.engines.vocabulary import Attribute, AttributeType, Vocabulary, convert

from ._model import All, Any_, AtLeast, Clause, ClauseKind, Node, None_, Operator
from ._walk import children

__all__ = ["period_words", "sentence"]

_COMPARED = {
    Operator.GE: ("不少于", "at least"),
    Operator.GT: ("超过", "more than"),
    Operator.LE: ("不超过", "at most"),
    Operator.LT: ("少于", "less than"),
    Operator.EQ: ("为", "is"),
    Operator.NE: ("不为", "is not"),
    Operator.APPROX: ("约为", "about"),
}
_DATED = {
    Operator.GE: ("不早于", "not before"),
    Operator.GT: ("晚于", "after"),
    Operator.LE: ("不晚于", "not after"),
    Operator.LT: ("早于", "before"),
}
_PERIODS = {
    "last_year": ("上年度", "last year's"),
    "this_year": ("本年度", "this year's"),
    "last_quarter": ("上季度", "last quarter's"),
}


def sentence(node: Node, language: str, vocabulary: Vocabulary) -> str:
    """The rule in Chinese or English (``language`` "en…"), groups in brackets; clauses nobody translated are quoted."""
    return _Teller(language.startswith("en"), vocabulary).say(node, top=True)


def period_words(period: str | None, language: str) -> str:
    """What a figure's name is led by: ``上年度``, ``last year's ``; nothing for no period."""
    english = language.startswith("en")
    if period is None:
        return ""
    many = re.fullmatch(r"last_(\d+)_years", period)
    if many:
        return f"in each of the last {many[1]} years, " if english else f"近 {many[1]} 年每年"
    named = _PERIODS.get(period)
    if named:
        return named[1] + " " if english else named[0]
    if english:
        return f"{period} "
    return f"{period} 年" if period.isdigit() else period


class _Teller:
    def __init__(self, english: bool, vocabulary: Vocabulary) -> None:
        self.english, self.vocabulary = english, vocabulary

    def pick(self, pair: tuple[str, str]) -> str:
        return pair[1] if self.english else pair[0]

    def say(self, node: Node, *, top: bool = False) -> str:
        if isinstance(node, Clause):
            return self._clause(node)
        if isinstance(node, None_):
            contraries = tuple(one for one in map(self._contrary, node.none) if one is not None)
            if len(contraries) == len(node.none):
                return self.say(All(all=contraries), top=top)
        parts = [self.say(child) for child in children(node)]
        if len(parts) == 1 and isinstance(node, All | Any_):
            return parts[0]
        listed = self.pick(("；", "; ")).join(parts)
        if isinstance(node, All):
            lead = self.pick(("同时满足：", "all of: "))
        elif isinstance(node, Any_):
            lead = self.pick(("满足下列之一：", "one of: "))
        elif isinstance(node, AtLeast):
            lead = self.pick((f"至少满足下列 {node.at_least} 项：", f"at least {node.at_least} of: "))
        else:
            lead = self.pick(("没有下列任一情形：", "none of: "))
        said = lead + listed
        return said if top else self.pick((f"（{said}）", f"({said})"))

    def _contrary(self, part: Node) -> Clause | None:
        """The clause that must hold where ``part`` must not, if it asks yes or no."""
        if not isinstance(part, Clause) or part.attribute is None or part.attribute not in self.vocabulary:
            return None
        if part.operator is Operator.EXISTS:
            return part.model_copy(update={"value": part.value is False})
        if self.vocabulary.get(part.attribute).type is AttributeType.BOOL:
            held = (part.value is True) == (part.operator is Operator.EQ)
            return part.model_copy(update={"operator": Operator.EQ, "value": not held})
        return None

    def _clause(self, clause: Clause) -> str:
        if clause.kind is not ClauseKind.DATA or clause.attribute is None or clause.attribute not in self.vocabulary:
            words = clause.quote or clause.label or clause.id
            if clause.kind is ClauseKind.JUDGEMENT:
                return self.pick((f"由主管单位认定：{words}", f"the authority decides: {words}"))
            return self.pick((f"“{words}”（未译）", f"“{words}” (not translated)"))
        attribute = self.vocabulary.get(clause.attribute)
        name = self._period(clause.period) + attribute.label.in_language("en" if self.english else "zh")
        if attribute.type is AttributeType.LIST:
            return self._list(clause, name)
        if attribute.type is AttributeType.BOOL:
            held = (clause.value is True) == (clause.operator is Operator.EQ)
            return name + self.pick(("：是" if held else "：否", ": yes" if held else ": no"))
        return self._scalar(clause, attribute, name)

    def _period(self, period: str | None) -> str:
        return period_words(period, "en" if self.english else "zh")

    def _scalar(self, clause: Clause, attribute: Attribute, name: str) -> str:
        operator, value = clause.operator, clause.value
        gap = " " if self.english else ""
        if operator is Operator.EXISTS:
            known = value is not False
            return name + self.pick(("：有" if known else "：无", " is on record" if known else " is not on record"))
        if operator is Operator.WITHIN_YEARS:
            return name + self.pick((f"在 {value} 年以内", f" within the last {value} years"))
        if operator is Operator.BETWEEN and isinstance(value, tuple):
            low, high = (self._value(part, clause.unit, attribute) for part in value)
            return name + self.pick((f"在 {low} 至 {high} 之间", f" between {low} and {high}"))
        if isinstance(value, tuple):
            listed = self.pick(("、", ", ")).join(self._value(part, None, attribute) for part in value)
            listed += self._unit(clause.unit)
            lead = {
                Operator.IN: ("为其中之一：", " is one of: "),
                Operator.NOT_IN: ("不在其中：", " is none of: "),
                Operator.STARTS_WITH: ("属于：", " falls under: "),
                Operator.CONTAINS: ("含有：", " mentions: "),
            }
            return name + self.pick(lead.get(operator, ("：", ": ")) if operator else ("：", ": ")) + listed
        words = _DATED if attribute.type is AttributeType.DATE and operator in _DATED else _COMPARED
        compared = self.pick(words.get(operator, ("", ""))) if operator else ""
        return f"{name}{gap}{compared}{gap or ' '}{self._value(value, clause.unit, attribute)}"

    def _value(self, value: Any, unit: str | None, attribute: Attribute) -> str:
        if isinstance(value, dt.date):
            return value.isoformat() if self.english else f"{value.year} 年 {value.month} 月 {value.day} 日"
        if attribute.type is AttributeType.MONEY and self.english and not isinstance(value, str):
            return f"{(convert(attribute, value, unit) or 0) / 100:,.15g} CNY"
        if isinstance(value, float):
            value = f"{value:g}"
        shown = unit or (attribute.unit if attribute.type is not AttributeType.MONEY else None)
        if isinstance(value, str) and not value.replace(".", "").isdigit():
            option = next((one for one in attribute.options if one.zh == value), None)
            return option.in_language("en" if self.english else "zh") if option else value
        return f"{value}{self._unit(shown)}"

    def _unit(self, unit: str | None) -> str:
        words = unit_in_english(unit) if unit and self.english else unit
        return f" {words}" if words else ""

    def _list(self, clause: Clause, name: str) -> str:
        operator, value = clause.operator, clause.value
        if operator is Operator.EXISTS:
            held = value is not False
            return name + self.pick(("：有" if held else "：无", ": on it" if held else ": not on it"))
        if operator is Operator.WITHIN_YEARS:
            return self.pick((f"近 {value} 年内有{name}", f"{name} within the last {value} years"))
        if operator in (Operator.GE, Operator.GT):
            compared = self.pick(_COMPARED[operator])
            return self.pick((f"{name}{compared} {value} 项", f"{compared} {value} {name}"))
        titles = value if isinstance(value, tuple) else (value,)
        listed = self.pick(("、", ", ")).join(self._title(str(title)) for title in titles)
        if len(titles) == 1:
            return self.pick((f"持有{listed}（有效期内）", f"holds {listed} (valid)"))
        if operator is Operator.HAS_ALL:
            return self.pick((f"同时持有{listed}（均在有效期内）", f"holds all of {listed} (valid)"))
        return self.pick((f"持有{listed}之一（有效期内）", f"holds one of {listed} (valid)"))

    def _title(self, words: str) -> str:
        name, _, level = words.partition("/")
        found = self.vocabulary.certificate(words) or self.vocabulary.certificate(name)
        shown = found.type.in_language("en" if self.english else "zh") if found else name
        level = level if found is None or level in found.levels else ""
        return shown + (self.pick((f"（{level}）", f" ({level})")) if level else "")
