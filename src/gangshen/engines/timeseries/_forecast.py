"""Forecasts: only from enough comparable observations, always with an interval."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ._model import Observation
from ._vintage import latest

__all__ = ["MINIMUM_OBSERVATIONS", "Forecast", "comparable", "forecast"]

MINIMUM_OBSERVATIONS = 5


@dataclass(frozen=True, slots=True)
class Forecast:
    """The value expected at ``at`` with the interval that should hold it with probability ``level``."""

    at: dt.date
    value: float
    low: float
    high: float
    level: float
    observations: int
    spread: float  # standard error of the forecast
    method: str = "drift"

    def chance_at_least(self, value: float) -> float:
        """The probability, under the method's assumptions, that the figure reaches ``value``."""
        if self.spread == 0:
            return 1.0 if self.value >= value else 0.0
        return _student_cdf((self.value - value) / self.spread, self.observations - 2)


def comparable(observations: Iterable[Observation]) -> list[Observation]:
    """The longest run up to the newest observation with one scope and even spacing (in months, or in days)."""
    held = latest(observations)
    if not held:
        return []
    run = [held[-1]]
    spacing: tuple[str, int] | None = None
    for earlier in reversed(held[:-1]):
        step = _spacing(earlier.at, run[-1].at)
        if earlier.scope != run[-1].scope or step[1] == 0 or (spacing is not None and step != spacing):
            break
        spacing = step
        run.append(earlier)
    return run[::-1]


def forecast(observations: Iterable[Observation], at: dt.date, level: float = 0.8) -> Forecast | None:
    """The random walk with drift, h steps ahead of the last of T comparable observations y.

    ŷ = y_T + h·d with d = (y_T − y_1)/(T − 1); its standard error is s·√(h·(1 + h/(T − 1))), s² = Σ(Δy − d)²/(T − 2);
    the interval uses Student's t with T − 2 degrees of freedom, because T is small. Method and error: Hyndman and
    Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., sections 5.2 and 5.5. Seasons are not modelled.

    None for fewer than five comparable observations or an ``at`` that is not after the last.
    """
    run = comparable(observations)
    if len(run) < MINIMUM_OBSERVATIONS or at <= run[-1].at:
        return None
    values = [o.value for o in run]
    n, steps = len(values), _steps(run, at)
    drift = (values[-1] - values[0]) / (n - 1)
    residuals = [after - before - drift for before, after in pairwise(values)]
    deviation = math.sqrt(math.fsum(r * r for r in residuals) / (n - 2))
    value = values[-1] + steps * drift
    spread = deviation * math.sqrt(steps * (1 + steps / (n - 1)))
    half = spread * _student_quantile((1 + level) / 2, n - 2)
    return Forecast(at, value, value - half, value + half, level, n, spread)


def _spacing(earlier: dt.date, later: dt.date) -> tuple[str, int]:
    if _month_end(earlier) and _month_end(later):
        return "month", (later.year - earlier.year) * 12 + later.month - earlier.month
    return "day", (later - earlier).days


def _month_end(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def _steps(run: Sequence[Observation], at: dt.date) -> float:
    unit, size = _spacing(run[-2].at, run[-1].at)
    last = run[-1].at
    if unit == "month" and _month_end(at):
        return _spacing(last, at)[1] / size
    return (at - last).days / (run[-1].at - run[-2].at).days


def _student_cdf(t: float, freedom: int) -> float:
    """P(T ≤ t), in closed form for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    theta = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(theta), math.sin(theta)
    term = total = cosine if freedom % 2 else 1.0
    for k in range(3 if freedom % 2 else 2, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    if freedom % 2:
        area = 2 / math.pi * (theta + (sine * total if freedom > 1 else 0.0))
    else:
        area = sine * total
    return (1 + area) / 2


def _student_quantile(p: float, freedom: int) -> float:
    """The t ≥ 0 with P(T ≤ t) = p ≥ 1/2, by bisection on the closed form."""
    low, high = 0.0, 1.0
    while _student_cdf(high, freedom) < p and high < 1e9:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_cdf(middle, freedom) < p else (low, middle)
    return (low + high) / 2
