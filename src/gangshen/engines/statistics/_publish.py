"""What of a count may be shown to everyone: small cells hidden, and with them those that would give them away."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl

from ._count import Cell, Counting
from ._model import Limits, Measure
from ._protect import Demands, Entry, Network, protect

__all__ = ["Key", "Published", "publish", "sensitive"]

Key = frozenset[tuple[str, str]]  # of a cell: its class on each axis; empty of the total
_TOTAL: Key = frozenset()
_MARGIN = 1_000.0  # a total is hidden last
Demand = dict[Key, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Published:
    """Which cells of a count are hidden; the others may be shown to everyone."""

    counting: Counting
    hidden: frozenset[Key]

    def shows(self, by: tuple[str, ...], cell: Cell) -> bool:
        return frozenset(zip(by, cell.key, strict=True)) not in self.hidden

    @property
    def total_shown(self) -> bool:
        return _TOTAL not in self.hidden


def sensitive(cell: Cell, measure: Measure, limits: Limits) -> bool:
    """Too few firms in it, or one that makes nearly all of it; an empty cell gives nobody away."""
    if 0 < cell.n < limits.units:
        return True
    if measure is Measure.SHARE:
        return 0 < cell.num < limits.units or 0 < cell.n - cell.num < limits.units
    return any(_dominated(top, whole, limits) for top, whole in _magnitudes(cell, measure))


def _magnitudes(cell: Cell, measure: Measure) -> Iterator[tuple[float, float]]:
    if measure in (Measure.SUM, Measure.PER_HEAD) and cell.n:
        yield cell.top, abs(float(cell.num))
    if measure is Measure.PER_HEAD and cell.n:
        yield cell.top_den, abs(float(cell.den))


def _dominated(top: float, whole: float, limits: Limits) -> bool:
    return top > 0 and top > whole * limits.dominance / 100


def publish(
    counting: Counting, limits: Limits, *, wider: Sequence[Counting] = (), earlier: Counting | None = None
) -> Published:
    """Hide what is too small in the tables of the statistic, seen together.

    ``wider`` are counts published beside it of which this one is a part: where the rest is too small the cell is hidden
    too. ``earlier`` is what was last published of it: a sum that since changed by too few firms is hidden.
    """
    every = {_key(by, cell): cell for by in [(), *_tables(counting)] for cell in counting.cells(by)}
    measure = counting.statistic.measure
    total = every.get(_TOTAL)
    if total is None or not every or sensitive(total, measure, limits):
        return Published(counting, frozenset(every) | {_TOTAL})
    demands = _demands(every, measure, limits)
    for other in wider:
        _rest(demands, counting, other, limits)
    if earlier is not None and measure is not Measure.COUNT:
        _changed(demands, counting, earlier, limits)
    hidden = frozenset(key for demand in demands.values() for key in demand)
    networks = [{name: _network(counting, by, every, of) for name, of in _LAYERS.items()} for by in _networks(counting)]
    while True:
        before = hidden
        for layers in networks:
            for name, network in layers.items():
                wanted = {key: amounts for key, amounts in demands[name].items() if key in network.entries}
                here = {key for key in hidden if key in network.entries}
                if here:
                    hidden |= cast("frozenset[Key]", protect(network, cast("Demands", wanted), here))
        if hidden == before:
            return Published(counting, hidden)


_LAYERS: dict[str, Callable[[Cell], float]] = {
    "n": lambda cell: cell.n,
    "num": lambda cell: abs(float(cell.num)),
    "rest": lambda cell: abs(float(cell.n - cell.num)) if isinstance(cell.num, int) else 0.0,
    "den": lambda cell: abs(float(cell.den)),
}


def _key(by: tuple[str, ...], cell: Cell) -> Key:
    return frozenset(zip(by, cell.key, strict=True))


def _tables(counting: Counting) -> list[tuple[str, ...]]:
    """The tables of the statistic, and of each cross its two margins."""
    found: list[tuple[str, ...]] = []
    for by in counting.statistic.tables:
        found += [by, *((name,) for name in by)]
    return list(dict.fromkeys(found))


def _networks(counting: Counting) -> list[tuple[str, ...]]:
    """Crosses, and the axes that stand in none: they meet in the grand total only, which is always shown."""
    crosses = [by for by in counting.statistic.tables if len(by) == 2]
    crossed = {name for by in crosses for name in by}
    return [*crosses, *dict.fromkeys(by for by in counting.statistic.tables if len(by) == 1 and by[0] not in crossed)]


def _demands(every: dict[Key, Cell], measure: Measure, limits: Limits) -> dict[str, Demand]:
    demands: dict[str, Demand] = {name: {} for name in _LAYERS}
    for key, cell in every.items():
        if not sensitive(cell, measure, limits):
            continue
        demands["n"][key] = _few(cell.n, limits)
        if measure is Measure.SHARE:
            demands["num"][key] = _few(int(cell.num), limits)
            demands["rest"][key] = _few(int(cell.n - cell.num), limits)
        elif measure is not Measure.COUNT:
            demands["num"][key] = _near(float(cell.num), limits)
        if measure is Measure.PER_HEAD:
            demands["den"][key] = _near(float(cell.den), limits)
    return demands


def _few(n: int, limits: Limits) -> tuple[float, float]:
    """A count below the limit could be at the limit, and one less than it is."""
    return (1.0, float(limits.units - n)) if 0 < n < limits.units else (0.0, 0.0)


def _near(value: float, limits: Limits) -> tuple[float, float]:
    wide = math.ceil(max(abs(value) * limits.protect / 100, 1.0))
    return min(float(wide), abs(value)), float(wide)


def _rest(demands: dict[str, Demand], part: Counting, whole: Counting, limits: Limits) -> None:
    """Cells whose complement in a wider count is too small."""
    inside = part.rows.filter(pl.col("known"))["id"]
    if not frozenset(inside.to_list()) <= frozenset(whole.rows.filter(pl.col("known"))["id"].to_list()):
        return
    for by in [(), *_tables(part)]:
        if not all(name in whole.rows.columns for name in by):
            continue
        around = {cell.key: cell for cell in whole.cells(by)}
        for cell in part.cells(by):
            rest = around[cell.key].n - cell.n if cell.key in around else 0
            if 0 < rest < limits.units and cell.n:
                down, up = float(min(limits.units - rest, cell.n)), 1.0
                held = demands["n"].get(_key(by, cell), (0.0, 0.0))
                demands["n"][_key(by, cell)] = (max(held[0], down), max(held[1], up))


def _changed(demands: dict[str, Demand], now: Counting, before: Counting, limits: Limits) -> None:
    """Cells of which the difference to the last publication rests on too few firms."""
    told = ("id", "known", "num", "den")
    pairs = now.rows.select(told).join(before.rows.select(told), on="id", how="full", coalesce=True, suffix="_before")
    differs = pl.any_horizontal(
        [~pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in ("known", "num", "den")]
    )
    ids = pairs.filter(differs & (pl.col("known").fill_null(False) | pl.col("known_before").fill_null(False)))["id"]
    touched = now.among(ids.to_list())
    for by in [(), *_tables(now)]:
        changes = {cell.key: cell.n for cell in touched.cells(by)}
        for cell in now.cells(by):
            if 0 < changes.get(cell.key, 0) < limits.units and by:
                held = demands["num"].get(_key(by, cell), (0.0, 0.0))
                wide = _near(float(cell.num), limits)
                demands["num"][_key(by, cell)] = (max(held[0], wide[0]), max(held[1], wide[1]))


def _network(counting: Counting, by: tuple[str, ...], every: dict[Key, Cell], of: Callable[[Cell], float]) -> Network:
    """The table as a network; totals are sums of its cells, so that classes that overlap are held to more, not less."""
    cells = [(_key(by, cell), cell) for cell in counting.cells(by)]
    values = {key: of(cell) for key, cell in cells}
    whole = sum(values.values())
    entries = [Entry(_TOTAL, ("row", ""), ("col", ""), whole, fixed=True)] if len(by) == 2 else []
    if len(by) == 1:
        entries = [Entry(key, "in", "out", values[key], _cost(values[key])) for key, _cell in cells]
        return Network([*entries, Entry(_TOTAL, "out", "in", whole, fixed=True)])
    for key, cell in cells:
        entries.append(
            Entry(key, ("row", "=" + cell.key[0]), ("col", "=" + cell.key[1]), values[key], _cost(values[key]))
        )
    for place, name in enumerate(by):
        sums: dict[str, float] = {}
        for key, cell in cells:
            sums[cell.key[place]] = sums.get(cell.key[place], 0.0) + values[key]
        for value, total in sums.items():
            tail, head = (("col", ""), ("row", "=" + value)) if place == 0 else (("col", "=" + value), ("row", ""))
            entries.append(Entry(frozenset({(name, value)}), tail, head, total, _MARGIN + _cost(total)))
    return Network(entries)


def _cost(value: float) -> float:
    """A large cell is dearer to hide than a small one, but not in proportion: few hidden cells are better than many."""
    return 1.0 + math.log2(1.0 + abs(value))
