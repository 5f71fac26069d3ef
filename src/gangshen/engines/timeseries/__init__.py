"""Time series: observations with vintages, growth as statistics computes it, pace to a target, careful forecasts."""

from ._forecast import MINIMUM_OBSERVATIONS, Forecast, comparable, forecast
from ._growth import (
    GrowthError,
    YearOnYear,
    average_annual_growth,
    average_annual_growth_of,
    growth_by_indices,
    growth_required,
    year_on_year,
)
from ._model import Comparator, Nature, Observation, Part, Period, Target, TargetError, Vintage
from ._pace import Pace, Status, pace, pro_rata
from ._vintage import latest, value_at

__all__ = [
    "MINIMUM_OBSERVATIONS",
    "Comparator",
    "Forecast",
    "GrowthError",
    "Nature",
    "Observation",
    "Pace",
    "Part",
    "Period",
    "Status",
    "Target",
    "TargetError",
    "Vintage",
    "YearOnYear",
    "average_annual_growth",
    "average_annual_growth_of",
    "comparable",
    "forecast",
    "growth_by_indices",
    "growth_required",
    "latest",
    "pace",
    "pro_rata",
    "value_at",
    "year_on_year",
]
