"""The bones of a firm: what it is, how large and how old, before anyone states anything."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from ._codes import synthetic_uscc
from ._draw import Draw
from ._model import Place
from ._names import brand
from ._trades import Trade, trades, weights

__all__ = ["Core", "core", "last_year", "yuan"]

_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Core:
    """Figures are of the last closed year; money in fen."""

    index: int
    uscc: str
    trade: Trade
    industry: str
    industrial: bool
    name: str
    brand: str
    legal_form: str
    ownership: str
    registered_on: dt.date
    active: bool
    town: str
    park: str | None
    local: bool  # registered in the district
    size: float  # how large among its like, 0 to 1
    candour: float  # how readily it states its figures, 0 to 1
    capital: int  # registered
    employees: int
    revenue: int
    growth: float  # of revenue over the year before, %
    rd_expense: int
    in_directory: bool  # of above-scale firms


def last_year(as_of: dt.date) -> int:
    """The last year whose accounts are closed and audited (by the end of May)."""
    return as_of.year - 1 if as_of.month >= 6 else as_of.year - 2


def yuan(amount: float, step: int = 100) -> int:
    """An amount in fen rounded to whole ``step`` yuan."""
    return round(amount / (step * 100)) * step * 100


@lru_cache(maxsize=16)
def _town_weights(place: Place) -> tuple[float, ...]:
    return tuple(accumulate(town.weight for town in place.towns))


@lru_cache(maxsize=64)
def _parks_of(place: Place, town: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    parks = [park for park in place.parks if park.town == town]
    return tuple(park.key for park in parks), tuple(accumulate(park.weight for park in parks))


def core(seed: int, index: int, as_of: dt.date, place: Place) -> Core:
    """The ``index``-th firm of ``seed``: the same whatever is drawn of the others."""
    draw = Draw(seed, "firm", index)
    trade = draw.weighted(trades(), weights())
    industry = trade.industries[0] if draw.chance(0.7) else draw.pick(trade.industries)
    largeness = draw.normal()
    age = min(40.0, draw.around(trade.age, 0.6) * math.exp(0.18 * largeness))
    registered_on = as_of - _DAY * max(40, round(age * 365.25))
    employees = max(1, round(trade.staff * math.exp(1.2 * largeness - 1.3)))
    earning = draw.unit() < 1 - math.exp(-1.1 * age) or trade.rd < 5
    per_head = draw.around(trade.per_head, 0.45) * min(1.0, 0.3 + age / 5)
    founded_after = registered_on.year > last_year(as_of)
    revenue = 0 if founded_after or not earning else yuan(employees * per_head)
    rd = 0.0 if draw.chance(0.5 if trade.rd < 4 else 0.06) else min(90.0, draw.around(trade.rd, 0.55))
    rd_expense = yuan(revenue * rd / 100) if revenue else yuan(employees * trade.per_head * 0.35 * (trade.rd > 8))
    industrial = trade.is_industry(industry)
    floor = 20_000_000_00 if industrial or industry[:2] in {"63", "64", "65"} else 10_000_000_00
    name, title, form, ownership = _named(seed, index, draw, trade, largeness, place)
    town = draw.weighted(place.towns, _town_weights(place)).name
    keys, cumulative = _parks_of(place, town)
    return Core(
        index=index,
        uscc=synthetic_uscc(seed, index),
        trade=trade,
        industry=industry,
        industrial=industrial,
        name=name,
        brand=title,
        legal_form=form,
        ownership=ownership,
        registered_on=registered_on,
        active=not draw.chance(0.035),
        town=town,
        park=draw.weighted(keys, cumulative) if keys and draw.chance(0.72) else None,
        local=not draw.chance(0.05) or not place.elsewhere,
        size=1 / (1 + math.exp(-1.6 * largeness)),
        candour=draw.unit(),
        capital=yuan(max(100_000_00.0, draw.around(employees * 9_000_000.0, 0.8)), 100_000),
        employees=employees,
        revenue=revenue,
        growth=round(max(-60.0, min(300.0, 30 / (1 + age / 3) + 4 + 18 * draw.normal())), 1),
        rd_expense=0 if founded_after else rd_expense,
        in_directory=revenue >= floor and age > 1.5 and draw.chance(0.9),
    )


def _named(
    seed: int, index: int, draw: Draw, trade: Trade, largeness: float, place: Place
) -> tuple[str, str, str, str]:
    """Name, brand, legal form and ownership."""
    title, word = brand(seed, index), draw.pick(trade.words)
    ownership, form, ending = "民营", "有限责任公司", "有限公司"
    luck = draw.unit()
    if luck < 0.045:
        ownership, form = ("外资" if luck < 0.03 else "港澳台"), "外商投资企业"
    elif luck < 0.06 + 0.03 * (largeness > 1):
        ownership, form = "国有", "国有独资公司" if draw.chance(0.4) else form
    elif largeness > 1.1 and draw.chance(0.45):
        form, ending = "股份有限公司", "股份有限公司"
    city = place.city
    shape = draw.unit()
    name = f"{city}{title}{word}{ending}" if shape < 0.86 else f"{title}（{city}）{word}{ending}"
    return name, title, form, ownership
