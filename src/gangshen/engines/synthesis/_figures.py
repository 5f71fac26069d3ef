"""The yearly and monthly figures of a firm."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from ._core import Core, last_year, yuan
from ._draw import Draw

__all__ = ["closed_months", "month_output", "year_figures"]

_SEASON = (0.075, 0.062, 0.082, 0.081, 0.083, 0.086, 0.082, 0.083, 0.087, 0.085, 0.092, 0.102)
_FORM_DAY = 8  # of the next month, when the month's form is in


def year_figures(firm: Core, seed: int, year: int, as_of: dt.date) -> dict[str, Any]:
    """What a firm could state of ``year``: a closed year, not before the one in which it was founded."""
    back = last_year(as_of) - year
    pace = 1 + firm.growth / 100
    draw = Draw(seed, "year", firm.index, year)
    wobble = draw.around(1.0, 0.05) if back else 1.0
    revenue = yuan(firm.revenue / pace**back * wobble)
    staff = max(1, round(firm.employees / pace ** (back * 0.6)))
    research = yuan(firm.rd_expense / pace ** (back * 0.8) * wobble)
    margin = 0.07 + 0.08 * draw.normal() - 0.5 * min(0.4, firm.trade.rd / 100) * (revenue < 10_000_000_00)
    assets = yuan(max(revenue * draw.around(1.1, 0.4), staff * 12_000_000 + research), 1000)
    equipment = yuan(revenue * draw.around(0.035, 1.0), 1000) if firm.industrial and draw.chance(0.75) else 0
    values: dict[str, Any] = {
        "employees": staff,
        "revenue": revenue,
        "revenue_growth": firm.growth if not back else round(firm.growth + 4 * draw.normal(), 1),
        "profit": yuan(revenue * margin) if revenue else -yuan(research * 1.1 + staff * 4_000_000),
        "total_assets": assets,
        "debt_ratio": round(min(96.0, max(5.0, 48 + 17 * draw.normal())), 1),
        "rd_expense": research,
        "rd_staff": round(staff * min(0.85, (0.04 + firm.trade.rd / 42) * draw.around(1, 0.3))) if research else 0,
        "segment_revenue_share": round(min(100.0, max(8.0, 72 + 18 * draw.normal())), 1),
        "fixed_investment_reported": yuan(equipment * draw.around(1.5, 0.3), 1000),
        "equipment_investment": equipment,
        "exports": yuan(revenue * 0.25 * draw.unit(), 1000) if draw.chance(0.35) else 0,
        "tax_paid": yuan(max(0.0, revenue * (0.035 + max(0.0, margin) * 0.2))),
        "interest_paid": yuan(assets * 0.012 * draw.unit()) if draw.chance(0.6) else 0,
    }
    if not revenue or year == firm.registered_on.year:
        del values["revenue_growth"]
    if firm.industrial:
        values["energy_use"] = round(revenue / 1_000_000 * draw.around(0.03, 0.6), 1)  # tce per 10,000 yuan
    if firm.park is not None:
        values["rent_paid"] = yuan(_area(firm) * draw.around(1.3, 0.25) * 365 * 100)
    if firm.trade.id in _COMPUTING and draw.chance(_COMPUTING[firm.trade.id]):
        values["compute_spend"] = yuan(staff * draw.around(2_500_000, 0.9), 1000)
    return values


_COMPUTING = {
    "model": 0.9,
    "application": 0.3,
    "smart_transport": 0.25,
    "smart_sensing": 0.2,
    "body": 0.35,
    "chip": 0.2,
}


def _area(firm: Core) -> float:
    return max(60.0, firm.employees * (32.0 if firm.industrial else 11.0))


def closed_months(as_of: dt.date, count: int) -> list[tuple[int, int]]:
    """The last ``count`` months whose forms are in, oldest first; January comes with February and is not among them."""
    year, month = (as_of.year, as_of.month) if as_of.day > _FORM_DAY else _before(as_of.year, as_of.month)
    found: list[tuple[int, int]] = []
    while len(found) < count:
        year, month = _before(year, month)
        if month != 1:
            found.append((year, month))
    return found[::-1]


def _before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def month_output(firm: Core, seed: int, year: int, month: int, as_of: dt.date) -> int | None:
    """工业总产值 of a month in fen, of February with January; None for a firm without industry or not yet founded."""
    if not firm.industrial or not firm.revenue or (year, month) <= (firm.registered_on.year, firm.registered_on.month):
        return None
    pace = 1 + firm.growth / 100
    yearly = firm.revenue * 1.02 * math.pow(pace, year - last_year(as_of))
    total = 0.0
    for part in (1, 2) if month == 2 else (month,):
        total += yearly * _SEASON[part - 1] * Draw(seed, "month", firm.index, year, part).around(1.0, 0.06)
    return yuan(total, 1000)
