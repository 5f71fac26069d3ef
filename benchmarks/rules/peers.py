"""The same decisions in engines others use, each only where its package is installed.

    pip install openfisca-core zen-engine common-expression-language

OpenFisca knows no missing value, so three values are coded by hand (0, 1, 2; a value of -1 is missing), over columns
that are already ranked. CEL has no missing value either, but an error inside ``&&`` and ``||`` behaves as an unknown, so
what is missing is left out of the context. zen-engine stops at a null: its missing values are filled with 0 and false,
and its answers are right only where nothing is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from gangshen.engines.rules import All, Clause, Columns, Node, None_, Operator, children, clauses, prepare
from gangshen.engines.rules.columnar import bits
from gangshen.engines.vocabulary import AttributeType, Vocabulary

__all__ = ["Peer", "Table", "peers"]

NO, UNKNOWN, YES = 0, 1, 2


@dataclass(frozen=True)
class Peer:
    """``decide()`` gives ``[rule, row]`` for ``rows`` (indexes into the table); ``filled`` where missing became 0."""

    name: str
    rows: np.ndarray
    decide: Callable[[], np.ndarray]
    filled: bool = False


class Table:
    """The prepared columns as plain arrays: value, whether known, and one truth value a certificate."""

    def __init__(self, columns: Columns, rules: dict[str, Node], vocabulary: Vocabulary) -> None:
        self.columns, self.rules, self.vocabulary, self.rows = columns, rules, vocabulary, columns.rows
        self.values: dict[str, np.ndarray] = {}
        self.known: dict[str, np.ndarray] = {}
        for id in sorted({clause.attribute or "" for rule in rules.values() for clause in clauses(rule)}):
            attribute = vocabulary.get(id)
            if attribute.type is AttributeType.LIST:
                held = columns.titles(id, attribute)
                for kind in sorted(vocabulary.certificates):
                    self.values[kind] = bits(held.holding(kind, None), self.rows).astype(bool)
            elif attribute.type in (AttributeType.CODE, AttributeType.ENUM, AttributeType.TEXT):
                words = columns.words(id, attribute)
                self.values[id] = np.array(words.names)[words.codes]
                self.known[id] = bits(words.known, self.rows).astype(bool)
            else:
                found = columns.scalars(id, attribute)
                self.values[id] = np.asarray(found.values)
                self.known[id] = bits(found.known, self.rows).astype(bool)

    def test(self, clause: Clause) -> tuple[str, str, Any]:
        """A clause as (column, operator of four, operand): ge, le, within (two days), among (words), held (titles)."""
        test = prepare(clause, self.vocabulary).test(clause)
        id = clause.attribute or ""
        if clause.operator is Operator.WITHIN_YEARS:
            day = self.columns.as_of
            first = day.replace(year=day.year - test.threshold)
            return id, "within", tuple((one - dt.date(1970, 1, 1)).days for one in (first, day))
        if clause.operator is Operator.HAS_ANY:
            return id, "held", tuple(kind for kind, _ in test.threshold)
        if clause.operator is Operator.IN:
            return id, "among", tuple(test.threshold)
        return id, "ge" if clause.operator is Operator.GE else "le", test.threshold


def peers(table: Table, sample: int, seed: int) -> tuple[list[Peer], list[str]]:
    """The engines that are installed, and the names of those that are not; row engines get ``sample`` rows."""
    rows = np.sort(np.random.default_rng(seed).choice(table.rows, min(sample, table.rows), replace=False))
    found, absent = [], []
    for name, make in (("openfisca-core", _openfisca), ("common-expression-language", _cel), ("zen-engine", _zen)):
        try:
            found.append(make(table, rows))
        except ImportError:
            absent.append(name)
    return found, absent


def _openfisca(table: Table, _: np.ndarray) -> Peer:
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    firm = build_entity(key="firm", plural="firms", label="firm", is_person=True)
    system = TaxBenefitSystem([firm])
    ranks: dict[str, np.ndarray] = {}
    inputs: dict[str, np.ndarray] = {}

    def add(name: str, formula: Any = None) -> None:
        body: dict[str, Any] = {
            "value_type": int,
            "entity": firm,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (Variable,), body))

    names = {key: f"v{i}" for i, key in enumerate(table.values)}
    for key, name in names.items():
        add(name)
        if key in table.known:
            ranks[key], codes = np.unique(table.values[key], return_inverse=True)
            inputs[name] = np.where(table.known[key], codes, -1).astype(np.int32)
        else:
            inputs[name] = table.values[key].astype(np.int32)

    def leaf(clause: Clause) -> Any:
        id, operator, operand = table.test(clause)
        if operator == "held":
            return lambda firms, period: 2 * reduce(np.maximum, [firms(names[kind], period) for kind in operand])
        rank = ranks[id]
        if operator == "among":
            wanted = np.flatnonzero(np.isin(rank, operand))
            test = lambda x: np.isin(x, wanted)  # noqa: E731
        else:
            low, high = {"ge": (operand, None), "le": (None, operand)}.get(operator, operand)
            first = 0 if low is None else int(np.searchsorted(rank, low, "left"))
            last = len(rank) if high is None else int(np.searchsorted(rank, high, "right"))
            test = (lambda x: x >= first) if high is None else lambda x: (x >= first) & (x < last)

        def formula(firms: Any, period: Any) -> np.ndarray:
            x = firms(names[id], period)
            return np.where(x < 0, UNKNOWN, np.where(test(x), YES, NO))

        return formula

    def whole(rule: Node, prefix: str) -> Any:
        if isinstance(rule, Clause):
            add(prefix + rule.id, leaf(rule))
            return lambda firms, period: firms(prefix + rule.id, period)
        parts = [whole(child, prefix) for child in children(rule)]
        choose = np.minimum if isinstance(rule, All) else np.maximum
        flip = isinstance(rule, None_)

        def formula(firms: Any, period: Any) -> np.ndarray:
            told = reduce(choose, [part(firms, period) for part in parts])
            return 2 - told if flip else told

        return formula

    for name, rule in table.rules.items():
        add(f"rule_{name}", whole(rule, f"{name}_"))

    def decide() -> np.ndarray:
        simulation = SimulationBuilder().build_default_simulation(system, table.rows)
        for name, column in inputs.items():
            simulation.set_input(name, "2026", column)
        return np.array([simulation.calculate(f"rule_{name}", "2026") for name in table.rules], dtype=np.uint8)

    return Peer("OpenFisca-core, three values by hand, every clause", np.arange(table.rows), decide)


def _cel(table: Table, rows: np.ndarray) -> Peer:
    import cel

    def say(node: Node) -> str:
        if isinstance(node, Clause):
            id, operator, operand = table.test(node)
            if operator == "held":
                return "(" + " || ".join(f'"{kind}" in certificates' for kind in operand) + ")"
            if operator == "among":
                return "(" + " || ".join(f'{id} == "{word}"' for word in operand) + ")"
            if operator == "within":
                return f"({id} >= {operand[0]} && {id} <= {operand[1]})"
            number = float(operand) if isinstance(operand, float) else int(operand)
            return f"({id} {'>=' if operator == 'ge' else '<='} {number})"
        joined = " && " if isinstance(node, All) else " || "
        told = "(" + joined.join(map(say, children(node))) + ")"
        return f"!{told}" if isinstance(node, None_) else told

    programs = [cel.compile(say(rule)) for rule in table.rules.values()]
    subjects = _subjects(table, rows, fill=False)

    def one(program: Any, subject: Any) -> int:
        try:
            return YES if program.execute(subject) else NO
        except Exception:  # an error that no && or || absorbed
            return UNKNOWN

    def decide() -> np.ndarray:
        contexts = [cel.Context(subject) for subject in subjects]
        return np.array([[one(program, context) for context in contexts] for program in programs], dtype=np.uint8)

    return Peer("CEL (Rust), row by row", rows, decide)


def _zen(table: Table, rows: np.ndarray) -> Peer:
    import zen

    def say(node: Node) -> str:
        if isinstance(node, Clause):
            id, operator, operand = table.test(node)
            if operator == "held":
                return f"some(certificates, # in [{', '.join(map(repr, operand))}])"
            if operator == "among":
                return f"({id} in [{', '.join(map(repr, operand))}])"
            if operator == "within":
                return f"({id} >= {operand[0]} and {id} <= {operand[1]})"
            return f"({id} {'>=' if operator == 'ge' else '<='} {operand})"
        joined = " and " if isinstance(node, All) else " or "
        told = "(" + joined.join(map(say, children(node))) + ")"
        return f"not {told}" if isinstance(node, None_) else told

    programs = [zen.compile_expression(say(rule)) for rule in table.rules.values()]
    subjects = _subjects(table, rows, fill=True)

    def decide() -> np.ndarray:
        told = [[YES if program.evaluate(subject) else NO for subject in subjects] for program in programs]
        return np.array(told, dtype=np.uint8)

    return Peer("zen-engine, missing filled with 0, row by row", rows, decide, filled=True)


def _subjects(table: Table, rows: np.ndarray, *, fill: bool) -> list[dict[str, Any]]:
    held = [kind for kind in table.values if kind not in table.known]
    subjects = []
    for row in rows:
        subject: dict[str, Any] = {"certificates": [kind for kind in held if table.values[kind][row]]}
        for id, known in table.known.items():
            if known[row]:
                subject[id] = table.values[id][row].item()
            elif fill:
                subject[id] = "" if table.values[id].dtype.kind == "U" else 0
        subjects.append(subject)
    return subjects
