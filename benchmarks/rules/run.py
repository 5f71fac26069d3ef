"""Rules at district scale: 200 policies by 100,000 enterprises in three values, beside plain Polars and other engines.

``run.py [--rules N] [--rows N] [--repeat N] [--sample N]`` prints a table and, last, one line of JSON. CPU seconds are of
the whole process (every thread), the best of the repeats; memory is the most the process held before the others ran.
Other engines run where they are installed (see ``peers.py``); row engines decide ``--sample`` enterprises, and their
figures are scaled up to all.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from peers import Peer, Table, peers

from gangshen.engines.benefits import Offered, best_bundles
from gangshen.engines.rules import (
    All,
    Any_,
    Clause,
    Matrix,
    Node,
    None_,
    Operator,
    check,
    children,
    clauses,
    compile_rules,
    interpret,
    prepare,
)
from gangshen.engines.vocabulary import Vocabulary

DAY = dt.date(2026, 11, 21)
MONEY = (
    "revenue",
    "rd_expense",
    "tax_paid",
    "total_assets",
    "equipment_investment",
    "paid_in_capital",
    "registered_capital",
)
COUNTS = ("employees", "insured_employees", "rd_staff")
SHARES = ("rd_ratio", "segment_revenue_share", "debt_ratio")
DATES = ("registered_on", "last_visit")
WORDS = {
    "industry_registered": [str(code) for code in range(1300, 4400, 55)],
    "registered_division": [f"3101{code:02d}" for code in range(1, 21)],
    "tax_credit_grade": ["A", "B", "M", "C", "D"],
    "operating_status": ["存续", "吊销", "注销", "迁出", "停业", "清算"],
    "operating_division": [f"第{code}街镇" for code in range(14)],
}


def snapshot(rows: int, vocabulary: Vocabulary, seed: int) -> pl.DataFrame:
    """Synthetic enterprises, 8 % of each value missing, up to three certificates each."""
    draw = np.random.default_rng(seed)

    def holed(name: str, values: Any, dtype: Any) -> pl.Series:
        gone = draw.random(rows) < 0.08
        return pl.Series(name, values, dtype=dtype).set(pl.Series(gone), None)

    columns = [pl.Series("id", [str(i) for i in range(rows)])]
    columns += [holed(id, draw.lognormal(17, 2, rows).astype(np.int64), pl.Int64) for id in MONEY]
    columns += [holed(id, draw.lognormal(3.5, 1.4, rows).astype(np.int64), pl.Int64) for id in COUNTS]
    columns += [holed(id, draw.beta(1.2, 8, rows) * 100, pl.Float64) for id in SHARES]
    days = draw.integers(11_000, 20_700, (len(DATES), rows), dtype=np.int32)
    columns += [holed(id, days[i], pl.Int32).cast(pl.Date) for i, id in enumerate(DATES)]
    for id, names in WORDS.items():
        columns.append(holed(id, np.array(names)[draw.integers(0, len(names), rows)], pl.String))
    types = sorted(vocabulary.certificates)
    many = draw.integers(0, 4, rows)
    nothing = {name: pl.lit(None, dtype=pl.Date) for name in ("from", "to", "withdrawn_on")}
    entry = pl.struct("type", level=pl.lit(None, dtype=pl.String), number=pl.lit(None, dtype=pl.String), **nothing)
    held = pl.DataFrame(
        {"row": np.repeat(np.arange(rows), many), "type": np.array(types)[draw.integers(0, len(types), many.sum())]}
    )
    listed = held.group_by("row", maintain_order=True).agg(entry.alias("certificates"))
    every = pl.DataFrame({"row": np.arange(rows)}).join(listed, on="row", how="left", maintain_order="left")
    columns.append(every["certificates"].fill_null([]))
    return pl.DataFrame(columns)


def make_clause(draw: random.Random, id: str, types: list[str]) -> Clause:
    kind = draw.random()
    if kind < 0.35:
        value = round(draw.lognormvariate(8, 2), 2)
        return Clause(id=id, attribute=draw.choice(MONEY), operator=Operator.GE, value=value, unit="元")
    if kind < 0.45:
        return Clause(id=id, attribute=draw.choice(COUNTS), operator=Operator.GE, value=draw.randint(1, 300))
    if kind < 0.6:
        value, operator = round(draw.uniform(1, 40), 1), draw.choice([Operator.GE, Operator.LE])
        return Clause(id=id, attribute=draw.choice(SHARES), operator=operator, value=value, unit="%")
    if kind < 0.7:
        return Clause(id=id, attribute=draw.choice(DATES), operator=Operator.WITHIN_YEARS, value=draw.randint(1, 20))
    if kind < 0.85:
        attribute = draw.choice(sorted(WORDS))
        some = tuple(draw.sample(WORDS[attribute], min(4, len(WORDS[attribute]) - 1)))
        return Clause(id=id, attribute=attribute, operator=Operator.IN, value=some)
    return Clause(id=id, attribute="certificates", operator=Operator.HAS_ANY, value=tuple(draw.sample(types, 3)))


def make_rule(draw: random.Random, types: list[str]) -> Node:
    """Six clauses: an AND with an OR (half), AND with NOT and OR, or an OR of ANDs."""
    a, b, c, d, e, f = (make_clause(draw, f"c{i}", types) for i in range(6))
    shape = draw.random()
    if shape < 0.5:
        return All(all=(a, b, c, d, Any_(any=(e, f))))
    if shape < 0.75:
        return All(all=(a, b, c, None_(none=(d,)), Any_(any=(e, f))))
    return Any_(any=(All(all=(a, b, c)), All(all=(d, e, f))))


def plain_polars(frame: pl.DataFrame, rules: dict[str, Node], vocabulary: Vocabulary) -> pl.LazyFrame:
    """What one would write by hand: typed columns, one boolean column a certificate; then one expression a rule.

    Gives the plan of the decisions (true, false, null) on a prepared frame; no distances, no reasons.
    """
    prepared = (
        vocabulary.with_derived(frame, DAY)
        .with_columns(
            pl.col("certificates")
            .list.eval(pl.element().struct.field("type"))
            .list.contains(kind)
            .alias(f"certificates={kind}")
            for kind in sorted(vocabulary.certificates)
        )
        .with_columns(pl.col(id).cast(pl.Categorical) for id in WORDS)
    )

    def expression(node: Node) -> pl.Expr:
        if isinstance(node, Clause):
            return leaf(node)
        parts = [expression(child) for child in children(node)]
        if isinstance(node, All):
            return reduce(lambda x, y: x & y, parts)
        either = reduce(lambda x, y: x | y, parts)
        return ~either if isinstance(node, None_) else either

    def leaf(clause: Clause) -> pl.Expr:
        test = prepare(clause, vocabulary).test(clause)
        column = pl.col(clause.attribute or "")
        if clause.operator is Operator.GE:
            return column >= test.threshold
        if clause.operator is Operator.LE:
            return column <= test.threshold
        if clause.operator is Operator.WITHIN_YEARS:
            return column.is_between(DAY.replace(year=DAY.year - test.threshold), DAY)
        if clause.operator is Operator.IN:
            return reduce(lambda x, y: x | y, [column == word for word in test.threshold])
        return reduce(lambda x, y: x | y, [pl.col(f"certificates={kind}") for kind, _ in test.threshold])

    expressions = [expression(rule).alias(name) for name, rule in rules.items()]
    return prepared.lazy().select(expressions)


def timed(repeat: int, work: Callable[[], Any]) -> tuple[float, float, Any]:
    """The best CPU and wall seconds, and the last result."""
    best_cpu = best_wall = float("inf")
    result = None
    for _ in range(repeat):
        result = None  # or the one before would count into this one's memory
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        best_cpu = min(best_cpu, time.process_time() - cpu)
        best_wall = min(best_wall, time.perf_counter() - wall)
    return best_cpu, best_wall, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sample", type=int, default=300)
    asked = parser.parse_args()
    vocabulary = Vocabulary.load_builtin()
    frame = snapshot(asked.rows, vocabulary, seed=7)
    draw = random.Random(7)
    types = sorted(vocabulary.certificates)
    sound = (rule for rule in iter(lambda: make_rule(draw, types), None) if not check(rule, vocabulary))
    rules = {f"p{i}": next(sound) for i in range(asked.rules)}
    batch = compile_rules(rules, vocabulary)

    def prepared() -> Any:
        columns = batch.columns(frame, DAY)
        batch.evaluate(columns, DAY, distances=False)
        return columns

    lines: dict[str, tuple[str, float, float]] = {}

    def measure(key: str, words: str, work: Callable[[], Any], repeat: int = asked.repeat) -> Any:
        cpu, wall, result = timed(repeat, work)
        lines[key] = (words, cpu, wall)
        return result

    columns = measure("prepare", "prepare the snapshot and decide once", prepared, 1)
    measure("decisions", "decisions", lambda: batch.evaluate(columns, DAY, distances=False))
    matrix = measure(
        "with_distances", "decisions, every clause, distance of every pair", lambda: batch.evaluate(columns, DAY)
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    first = next(iter(rules))
    one = compile_rules({first: rules[first]}, vocabulary)
    measure("one_rule", "one edited rule", lambda: one.evaluate(columns, DAY))
    ready = [prepare(rule, vocabulary) for rule in rules.values()]
    subject = frame.row(0, named=True)
    measure(
        "one_enterprise",
        "one enterprise, all rules, explained",
        lambda: [interpret(rule, subject, vocabulary, DAY) for rule in ready],
    )
    measure("best_bundle", "best bundle of every enterprise", bundles(matrix, seed=7))
    plan = plain_polars(frame, rules, vocabulary)
    told = measure("polars_decisions", "plain Polars, decisions only", plan.collect)
    agree(matrix, told)
    del told
    table = Table(columns, rules, vocabulary)
    found, absent = peers(table, asked.sample, seed=7)
    for peer in found:
        cpu, wall, told = timed(1, peer.decide)
        equal(peer, told, matrix, table)
        scale = table.rows / len(peer.rows)
        shown = peer.name + ("" if scale == 1 else f" (of {len(peer.rows)} rows)")
        lines[peer.name.partition(",")[0]] = (shown, cpu * scale, wall * scale)
    facts = {"clauses": sum(len(clauses(rule)) for rule in rules.values()), "yes": int((matrix.decisions == 2).sum())}
    facts |= {"unknown": int((matrix.decisions == 1).sum())}
    report(asked, lines, memory, facts, absent)


def bundles(matrix: Matrix, seed: int) -> Callable[[], Any]:
    """The best bundles: exclusive groups of four for two policies in three, a tenth of the policies ruled out by another,
    twelve in twenty under a ceiling shared by twelve; a yes pays up to a million yuan, an unknown perhaps."""
    draw = np.random.default_rng(seed)
    names, shape = list(matrix.rules), matrix.decisions.shape
    offers = [
        Offered(
            name,
            None,
            f"g{i // 4}" if i % 3 else None,
            (names[(i + 2) % len(names)],) if i % 10 == 0 and i + 2 < len(names) else (),
            ceilings=(f"fund{i // 20}",) if i % 20 < 12 else (),
        )
        for i, name in enumerate(names)
    ]
    high = draw.integers(10**5, 10**8, shape)
    low = np.where(matrix.decisions == 2, high, 0)
    high[matrix.decisions == 0] = 0
    room = np.full(shape[1], 2 * 10**8)
    rooms = {f"fund{i}": (room, room) for i in range(len(names) // 20 + 1)}
    return lambda: best_bundles(offers, low, high, matrix.decisions > 0, rooms=rooms).low.sum()


def equal(peer: Peer, told: np.ndarray, matrix: Matrix, table: Table) -> None:
    """The peer gives the same answers; one that fills missing values only where nothing is missing."""
    wanted = matrix.decisions[:, peer.rows]
    if peer.filled:
        whole = np.logical_and.reduce(list(table.known.values()))[peer.rows]
        told, wanted = told[:, whole], wanted[:, whole]
    if not np.array_equal(told, wanted):
        sys.exit(f"{peer.name}: {int((told != wanted).sum())} answers differ")


def agree(matrix: Matrix, told: pl.DataFrame) -> None:
    """Both ways must give the same answers, or the figures mean nothing."""
    for i, name in enumerate(matrix.rules):
        answers = told[name].cast(pl.Int8).replace_strict({0: 0, 1: 2}, default=1, return_dtype=pl.UInt8).to_numpy()
        if not np.array_equal(answers, matrix.decisions[i]):
            sys.exit(f"rule {name}: Polars and the batch differ in {int((answers != matrix.decisions[i]).sum())} rows")


def report(
    asked: argparse.Namespace,
    lines: dict[str, tuple[str, float, float]],
    memory: float,
    facts: dict[str, int],
    absent: list[str],
) -> None:
    out = sys.stdout.write
    out(f"{asked.rules} rules, {facts['clauses']} clauses, {asked.rows} enterprises; all answers equal\n\n")
    out(f"{'':62}{'CPU s':>12}{'wall s':>12}\n")
    for words, cpu, wall in lines.values():
        out(f"{words:62}{cpu:12.4f}{wall:12.4f}\n")
    out(f"\npeak memory with input and libraries, up to the distances: {memory:.0f} MB\n")
    if absent:
        out(f"not installed: {', '.join(absent)}\n")
    figures = {key: {"cpu_s": round(cpu, 4), "wall_s": round(wall, 4)} for key, (_, cpu, wall) in lines.items()}
    head: dict[str, Any] = {"rules": asked.rules, "rows": asked.rows, "peak_mb": round(memory)}
    out(json.dumps(head | facts | figures | {"absent": absent}) + "\n")


if __name__ == "__main__":
    main()
