"""Whether the golden cases would notice a slip: each clause and each figure is bent, and some case must fail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gangshen.engines.formats import Text
from gangshen.engines.rules import All, Any_, AtLeast, Clause, ClauseKind, Node, None_, Operator, RuleError, children
from gangshen.engines.vocabulary import Vocabulary

from ._cases import run_cases
from ._model import Benefit, Cap
from ._policy import Policy, PolicyVersion

__all__ = ["Mutant", "mutants", "survivors"]

_FLIPPED = {
    Operator.GE: (Operator.GT, Operator.LT),
    Operator.GT: (Operator.GE, Operator.LE),
    Operator.LE: (Operator.LT, Operator.GT),
    Operator.LT: (Operator.LE, Operator.GE),
    Operator.EQ: (Operator.NE,),
    Operator.NE: (Operator.EQ,),
    Operator.IN: (Operator.NOT_IN,),
    Operator.NOT_IN: (Operator.IN,),
    Operator.HAS_ANY: (Operator.HAS_ALL,),
    Operator.HAS_ALL: (Operator.HAS_ANY,),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """An edition bent at one place: ``place`` is its path in the edition, ``clause`` the id where it is one."""

    place: str
    clause: str | None
    change: Text
    edition: PolicyVersion


def survivors(policy: Policy, edition: PolicyVersion, vocabulary: Vocabulary) -> tuple[list[Mutant], int]:
    """The mutants that no golden case notices, and how many were tried. A case that fails anyway notices nothing."""
    sound = frozenset(_passing(policy, edition, vocabulary))
    alive, tried = [], 0
    for mutant in mutants(edition, vocabulary):
        tried += 1
        if sound <= _passing(policy, mutant.edition, vocabulary):
            alive.append(mutant)
    return alive, tried


def _passing(policy: Policy, edition: PolicyVersion, vocabulary: Vocabulary) -> set[int]:
    """The cases that pass; none where the rule no longer compiles, which is noticed at once."""
    bent = policy.model_copy(update={"versions": (edition,)})
    try:
        return {i for i, result in enumerate(run_cases(bent, vocabulary)) if result.passed}
    except RuleError:
        return set()


def mutants(edition: PolicyVersion, vocabulary: Vocabulary) -> Iterator[Mutant]:
    """Every operator flipped, every group turned into its contrary, every clause left out, every figure moved.

    What would change nothing is not tried: a rate of a base nobody knows, a cap per item where nobody counts the items,
    VAT of a figure that is net.
    """
    for place, clause, change, rule in _bent(edition.eligibility, "eligibility"):
        yield Mutant(place, clause, change, edition.model_copy(update={"eligibility": rule}))
    for place, change, benefit in _moved(edition.benefit, vocabulary):
        yield Mutant(f"benefit.{place}", None, change, edition.model_copy(update={"benefit": benefit}))


_Bent = tuple[str, str | None, Text, Node]


def _bent(node: Node, place: str) -> Iterator[_Bent]:
    if isinstance(node, Clause):
        yield from _clause(node, place)
        return
    parts = children(node)
    key = {All: "all", Any_: "any", None_: "none", AtLeast: "of"}[type(node)]
    yield from _group(node, parts, place)
    for i, part in enumerate(parts):
        here = f"{place}.{key}[{i}]"
        if len(parts) > 1 and not (isinstance(node, AtLeast) and len(parts) - 1 < node.at_least):
            without = _rebuilt(node, (*parts[:i], *parts[i + 1 :]))
            named = part.id if isinstance(part, Clause) else None
            yield here, named, Text(zh="漏掉此条", en="left out"), without
        for below, clause, change, bent in _bent(part, here):
            yield below, clause, change, _rebuilt(node, (*parts[:i], bent, *parts[i + 1 :]))


def _rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    match node:
        case All():
            return All(all=parts)
        case Any_():
            return Any_(any=parts)
        case None_():
            return None_(none=parts)
        case AtLeast():
            return AtLeast(at_least=node.at_least, of=parts)
        case _:
            return node


def _group(node: Node, parts: tuple[Node, ...], place: str) -> Iterator[_Bent]:
    if isinstance(node, None_):
        yield place, None, Text(zh="“没有”改为“满足其一”", en="none of turned into one of"), Any_(any=parts)
    elif isinstance(node, AtLeast):
        for k in (node.at_least - 1, node.at_least + 1):
            if 1 <= k <= len(parts):
                change = Text(zh=f"至少 {node.at_least} 项改为 {k} 项", en=f"at least {node.at_least} turned into {k}")
                yield place, None, change, AtLeast(at_least=k, of=parts)
    elif len(parts) > 1:
        if isinstance(node, All):
            yield place, None, Text(zh="“同时”改为“其一”", en="all of turned into one of"), Any_(any=parts)
        else:
            yield place, None, Text(zh="“其一”改为“同时”", en="one of turned into all of"), All(all=parts)


def _clause(clause: Clause, place: str) -> Iterator[_Bent]:
    if clause.kind is not ClauseKind.DATA or clause.operator is None:
        return
    for operator in _FLIPPED.get(clause.operator, ()):
        if operator in (Operator.HAS_ALL, Operator.HAS_ANY) and not (
            isinstance(clause.value, tuple) and len(clause.value) > 1
        ):
            continue
        change = Text(zh=f"{clause.operator} 改为 {operator}", en=f"{clause.operator} turned into {operator}")
        yield place, clause.id, change, clause.model_copy(update={"operator": operator})
    if clause.operator not in _FLIPPED:
        yield place, clause.id, Text(zh="取反", en="negated"), None_(none=(clause,))
    for words, value in _values(clause):
        yield place, clause.id, words, clause.model_copy(update={"value": value})


def _values(clause: Clause) -> Iterator[tuple[Text, Any]]:
    """Thresholds moved by a tenth or a year, bounds of a range, sets without their last member."""
    value, operator = clause.value, clause.operator
    if operator is Operator.BETWEEN and isinstance(value, tuple) and len(value) == 2:
        low, high = value
        yield Text(zh="下限提高", en="lower bound raised"), (_up(low), high)
        yield Text(zh="上限提高", en="upper bound raised"), (low, _up(high))
    elif isinstance(value, tuple) and len(value) > 1:
        yield Text(zh=f"漏掉 {value[-1]}", en=f"{value[-1]} left out"), value[:-1]
    elif operator in (Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.WITHIN_YEARS):
        yield Text(zh=f"{value} 改为 {_up(value)}", en=f"{value} turned into {_up(value)}"), _up(value)


def _up(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(value, int) and not isinstance(value, bool):
        return value + max(1, value // 10)
    return round(value * 1.1 + 0.1, 6) if isinstance(value, float) else value


def _moved(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[tuple[str, Text, Benefit]]:
    if benefit.judgement:
        return
    rated = benefit.base is not None or benefit.matches is not None
    for field in ("rate", "amount_fen", "floor_fen") if rated else ("amount_fen", "floor_fen"):
        value = getattr(benefit, field)
        if value is not None:
            yield field, _lowered(field), benefit.model_copy(update={field: _less(value)})
    for field, figure in (("caps", "amount_fen"), ("tiers", "rate"), ("tiers", "amount_fen"), ("tiers", "at")):
        held = getattr(benefit, field)
        for i, one in enumerate(held):
            value = getattr(one, figure)
            uncounted = isinstance(one, Cap) and one.subject != "firm" and benefit.count is None
            if value and not uncounted:
                bent = (*held[:i], one.model_copy(update={figure: _less(value)}), *held[i + 1 :])
                yield f"{field}[{i}].{figure}", _lowered(figure), benefit.model_copy(update={field: bent})
    for i in range(len(benefit.uplifts)):
        without = (*benefit.uplifts[:i], *benefit.uplifts[i + 1 :])
        change = Text(zh="漏掉此项上浮", en="uplift left out")
        yield f"uplifts[{i}]", change, benefit.model_copy(update={"uplifts": without})
    for flag in ("net_of_vat", "up_to", "top_up"):
        net = benefit.base in vocabulary and vocabulary.get(benefit.base or "").extra.get("vat") == "net"
        if getattr(benefit, flag) and not (flag == "net_of_vat" and (net or not rated)):
            yield flag, Text(zh=f"去掉 {flag}", en=f"{flag} left out"), benefit.model_copy(update={flag: False})


def _lowered(field: str) -> Text:
    return Text(zh=f"{field} 降低一成", en=f"{field} lowered by a tenth")


def _less(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_less(part) for part in value)
    return value - max(1, value // 10) if isinstance(value, int) else round(value * 0.9, 6)
