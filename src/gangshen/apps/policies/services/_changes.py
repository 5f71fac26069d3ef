"""Moves of a drafter on one edition: a number set, a clause dropped or added; the edition with them made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import All, AtLeast, Clause, ClauseKind, Node, Operator, children, clauses, combining
from gangshen.engines.vocabulary import Attribute, AttributeType, UnknownAttribute, unit_factor, yes_or_no
from gangshen.web.errors import Refused
from gangshen.web.formatting import label, unit_words

from ._words import per_words

__all__ = [
    "NUMBERS",
    "Changes",
    "Setting",
    "clause_value",
    "fen_of",
    "made",
    "number_typed",
    "rate_of",
    "rebuilt",
    "settings_of",
    "truth",
    "typed",
]

FEN = {"元": 100, "万元": 10**6, "亿元": 10**10}
NUMBERS = frozenset({AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER, AttributeType.PERCENT})
SIGNS = {">=": "ge", "≥": "ge", "<=": "le", "≤": "le", ">": "gt", "<": "lt", "=": "eq"}
_LISTED = frozenset(
    {Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH, Operator.CONTAINS, Operator.HAS_ANY, Operator.HAS_ALL}
)
COMPARED = frozenset({Operator.GE, Operator.GT, Operator.LE, Operator.LT})  # on a list: how many entries
_SPLIT = re.compile(r"[,，、;；]\s*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One number (or list) of an edition that can be moved: ``value`` as it would be typed, in ``unit``.

    ``key`` is a clause's id (``ID.low`` and ``ID.high`` of a range), ``rate``, ``amount``, ``cap.N`` or ``tier.N``.
    """

    key: str
    words: str
    value: str
    unit: str = ""
    numeric: bool = True
    clause: str = ""

    @property
    def shown(self) -> str:
        return f"{self.value}{'' if self.unit in ('%', '') else ' '}{unit_words(self.unit)}".rstrip()


@dataclass(frozen=True, slots=True)
class Changes:
    """``values``: setting → what was typed; ``drop``: clause ids; ``add``: ``ATTRIBUTE OPERATOR VALUE[UNIT]``."""

    values: Mapping[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.drop or self.add)


def settings_of(edition: benefits.PolicyVersion) -> list[Setting]:
    """Everything of an edition that can be moved, in the order of the text: conditions, then what is given."""
    return [*(one for clause in clauses(edition.eligibility) for one in _of_clause(clause)), *_of(edition.benefit)]


def _of_clause(clause: Clause) -> list[Setting]:
    known = registers.any_attribute(clause.attribute)
    value = clause.value
    if clause.kind is not ClauseKind.DATA or known is None or value is None or isinstance(value, bool):
        return []
    words = clause.label or label(known.label)
    unit = clause.unit or (known.unit or "") if known.type in NUMBERS else ""
    if clause.operator is Operator.WITHIN_YEARS:
        unit = _("years")
    numeric = not isinstance(value, tuple | str | dt.date)
    if clause.operator is Operator.BETWEEN and isinstance(value, tuple):
        ends = zip(("low", "high"), (_("from"), _("to")), value, strict=True)
        return [
            Setting(f"{clause.id}.{end}", f"{words} {way}", typed(one), unit, not isinstance(one, dt.date), clause.id)
            for end, way, one in ends
        ]
    text = "、".join(typed(one) for one in value) if isinstance(value, tuple) else typed(value)
    return [Setting(clause.id, words, text, unit, numeric, clause.id)]


def _of(benefit: benefits.Benefit) -> list[Setting]:
    found = []
    if isinstance(benefit.rate, float):
        found.append(Setting("rate", _("Rate"), typed(benefit.rate * 100), "%"))
    if benefit.amount_fen is not None:
        found.append(Setting("amount", _("Amount"), *_money(benefit.amount_fen)))
    for i, tier in enumerate(benefit.tiers):
        step = tier.types[0] if tier.types else typed(tier.at)
        if tier.amount_fen is not None:
            found.append(Setting(f"tier.{i}", _("Step %(at)s") % {"at": step}, *_money(tier.amount_fen)))
        elif tier.rate is not None:
            found.append(Setting(f"tier.{i}", _("Step %(at)s") % {"at": step}, typed(tier.rate * 100), "%"))
    for i, cap in enumerate(benefit.caps):
        found.append(Setting(f"cap.{i}", _("Ceiling %(per)s") % {"per": per_words(cap.per)}, *_money(cap.amount_fen)))
    return found


def _money(fen: int) -> tuple[str, str]:
    return typed(Decimal(fen) / 10**6), "万元"


def typed(value: Any) -> str:
    """A value as one would type it: no trailing zeros, dates as 2027-01-31."""
    if isinstance(value, float | int | Decimal) and not isinstance(value, bool):
        text = f"{Decimal(str(round(value, 10))):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def made(edition: benefits.PolicyVersion, changes: Changes) -> benefits.PolicyVersion:
    """``edition`` with ``changes``; raises :class:`Refused` naming the setting that can't be and what to write."""
    known = {one.key: one for one in settings_of(edition)}
    for key in changes.values:
        if key not in known:
            raise Refused(
                _("There is nothing called %(key)s to set.") % {"key": key},
                _("It can be: %(there)s.") % {"there": ", ".join(known) or "—"},
            )
    there = {one.id for one in clauses(edition.eligibility)}
    for id in changes.drop:
        if id not in there:
            raise Refused(
                _("There is no clause %(id)s.") % {"id": id}, _("It can be: %(there)s.") % {"there": ", ".join(there)}
            )
    rule = rebuilt(edition.eligibility, lambda clause: _moved(clause, changes, known))
    added = tuple(_added(text, there) for text in changes.add)
    if rule is None and not added:
        raise Refused(_("Without a condition everyone would get it."), _("Keep or add one condition."))
    if added:
        kept = rule.all if isinstance(rule, All) else (rule,) if rule is not None else ()
        rule = All(all=(*kept, *added))
    benefit = _benefit(edition.benefit, changes, known)
    return edition.model_copy(update={"eligibility": rule, "benefit": benefit})


def rebuilt(node: Node, change: Callable[[Clause], Clause | None]) -> Node | None:
    """The rule with each clause changed, or left out where ``change`` gives None; None where nothing is left."""
    if isinstance(node, Clause):
        return change(node)
    kept = tuple(one for child in children(node) if (one := rebuilt(child, change)) is not None)
    if not kept:
        return None
    if isinstance(node, AtLeast) and node.at_least > len(kept):
        raise Refused(_("Fewer conditions are left than must be met."), _("Keep one of them."))
    return combining(node, kept)


def _moved(clause: Clause, changes: Changes, known: Mapping[str, Setting]) -> Clause | None:
    if clause.id in changes.drop:
        return None
    if clause.operator is Operator.BETWEEN and isinstance(clause.value, tuple):
        ends = [changes.values.get(f"{clause.id}.{end}") for end in ("low", "high")]
        if not any(ends):
            return clause
        value = tuple(
            old if text is None else _value(text, clause, known[f"{clause.id}.{end}"])[0]
            for old, text, end in zip(clause.value, ends, ("low", "high"), strict=True)
        )
        if value[0] > value[1]:  # type: ignore[operator]
            raise Refused(_("%(name)s: the lower end is above the upper.") % {"name": clause.label}, _("Swap them."))
        return clause.model_copy(update={"value": value})
    text = changes.values.get(clause.id)
    if text is None:
        return clause
    value, unit = _value(text, clause, known[clause.id])
    return clause.model_copy(update={"value": value, "unit": unit})


def _value(text: str, clause: Clause, setting: Setting) -> tuple[Any, str | None]:
    attribute = registers.vocabulary().get(clause.attribute or "")
    if clause.operator in _LISTED:
        parts = tuple(part.strip() for part in _SPLIT.split(text) if part.strip())
        if not parts:
            raise Refused(_("%(name)s is empty.") % {"name": setting.words}, _("Give a value, or drop the clause."))
        return parts, clause.unit
    if attribute.type is AttributeType.DATE and clause.operator is not Operator.WITHIN_YEARS:
        try:
            return dt.date.fromisoformat(text.strip()), clause.unit
        except ValueError:
            raise Refused(
                _("%(name)s: “%(text)s” is no date.") % {"name": setting.words, "text": text}, _("Write 2027-01-31.")
            ) from None
    if not setting.numeric:
        return text.strip(), clause.unit
    number, unit = number_typed(text, setting)
    if unit is not None and unit_factor(attribute, unit) is None:
        raise Refused(
            _("%(name)s is not counted in %(unit)s.") % {"name": setting.words, "unit": unit},
            _("Write it in %(unit)s.") % {"unit": setting.unit or "—"},
        )
    whole = int(number) if number == int(number) else float(number)
    return whole, unit or clause.unit


def number_typed(text: str, setting: Setting) -> tuple[Decimal, str | None]:
    """The figure and, where one is written that is not the setting's own, its unit."""
    found = re.fullmatch(r"\s*([+-]?[\d,，]*\.?\d+)\s*(\D*?)\s*", text)
    try:
        number = Decimal(re.sub(r"[,，]", "", found[1])) if found else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if found is None or not number.is_finite() or abs(number) > 10**15:
        raise Refused(
            _("%(name)s: “%(text)s” is no number.") % {"name": setting.words, "text": text[:40]},
            _("Write it in %(unit)s.") % {"unit": setting.unit or "1"},
        )
    return number, found[2] if found[2] and found[2] != setting.unit else None


def _added(text: str, there: set[str]) -> Clause:
    found = re.fullmatch(r"\s*(\w+)\s*(>=|<=|[<>=≥≤]|\s\w+\s)\s*(.+?)\s*", text)
    operator = SIGNS.get(found[2].strip(), found[2].strip()) if found else ""
    if found is None or operator not in set(Operator):
        raise Refused(
            _("“%(text)s” is no condition.") % {"text": text[:60]},
            _("Write ATTRIBUTE OPERATOR VALUE, for example: insured_employees >= 50."),
        )
    try:
        attribute = registers.vocabulary().get(found[1])
    except UnknownAttribute as error:
        raise Refused(label(error.message)) from None
    id = next(one for n in range(1, 1000) if (one := f"added-{n}") not in there)
    there.add(id)
    clause = Clause(id=id, attribute=attribute.id, operator=Operator(operator), label=attribute.label.zh, value=0)
    value, unit = clause_value(found[3], clause, attribute)
    return clause.model_copy(update={"value": value, "unit": unit})


def clause_value(text: str, clause: Clause, attribute: Attribute) -> tuple[Any, str | None]:
    """What was typed for a clause, as its operator and attribute ask for it, and the unit it is in."""
    if clause.operator is Operator.EXISTS or attribute.type is AttributeType.BOOL:
        if clause.operator is Operator.EXISTS and not text.strip():
            return None, None
        return truth(text, clause.label or label(attribute.label)), None
    listed = attribute.type is AttributeType.LIST and clause.operator in COMPARED
    numeric = attribute.type in NUMBERS or listed or clause.operator is Operator.WITHIN_YEARS
    unit = clause.unit or (attribute.unit or "" if attribute.type in NUMBERS else "")
    if clause.operator is Operator.WITHIN_YEARS:
        unit = ""
    setting = Setting(clause.id, clause.label or label(attribute.label), "", unit, numeric, clause.id)
    if clause.operator is not Operator.BETWEEN:
        return _value(text, clause, setting)
    ends = re.split(r"\s*(?:–|—|~|～|至|、|,|，| - )\s*", text.strip())
    if len(ends) != 2:
        raise Refused(
            _("%(name)s: “%(text)s” is no range.") % {"name": setting.words, "text": text[:40]}, _("Write 5 – 10.")
        )
    single = clause.model_copy(update={"operator": Operator.GE})
    (low, unit_), (high, _other) = (_value(end, single, setting) for end in ends)
    if low > high:
        raise Refused(_("%(name)s: the lower end is above the upper.") % {"name": setting.words}, _("Swap them."))
    return (low, high), unit_


def truth(text: str, name: str) -> bool:
    """Yes or no as typed; raises :class:`Refused` for anything else."""
    said = yes_or_no(text)
    if said is None:
        raise Refused(
            _("%(name)s: “%(text)s” is neither yes nor no.") % {"name": name, "text": text.strip()[:40]},
            _("Write true or false."),
        )
    return said


def _benefit(benefit: benefits.Benefit, changes: Changes, known: Mapping[str, Setting]) -> benefits.Benefit:
    update: dict[str, Any] = {}
    caps, tiers = list(benefit.caps), list(benefit.tiers)
    for key, text in changes.values.items():
        kind, _dot, index = key.partition(".")
        if known[key].clause:
            continue
        if kind == "rate":
            update["rate"] = rate_of(text, known[key])
        elif kind == "amount":
            update["amount_fen"] = fen_of(text, known[key])
        elif kind == "cap":
            caps[int(index)] = caps[int(index)].model_copy(update={"amount_fen": fen_of(text, known[key])})
        else:
            rated = tiers[int(index)].rate is not None
            value = {"rate": rate_of(text, known[key])} if rated else {"amount_fen": fen_of(text, known[key])}
            tiers[int(index)] = tiers[int(index)].model_copy(update=value)
    return benefit.model_copy(update={**update, "caps": tuple(caps), "tiers": tuple(tiers)})


def rate_of(text: str, setting: Setting) -> float:
    """The fraction that a percentage means; raises :class:`Refused` naming the setting for a fraction or no figure."""
    number, unit = number_typed(text, setting)
    if unit is not None or not 0 < number <= 100 or (number < 1 and "%" not in text):
        raise Refused(
            _("%(name)s: “%(text)s” is no percentage.") % {"name": setting.words, "text": text[:40]},
            _("Write 30% as 30 or 30%; below one per cent write the sign too."),
        )
    return float(number / 100)


def fen_of(text: str, setting: Setting) -> int:
    """An amount in fen as typed in the setting's unit or its own; raises :class:`Refused` naming the setting."""
    number, unit = number_typed(text, setting)
    factor = FEN.get(unit or setting.unit)
    if factor is None or number < 0 or number * factor != int(number * factor):
        raise Refused(
            _("%(name)s: “%(text)s” is no amount of money.") % {"name": setting.words, "text": text[:40]},
            _("Write it in 万元, or with 元, 万元 or 亿元."),
        )
    return int(number * factor)
