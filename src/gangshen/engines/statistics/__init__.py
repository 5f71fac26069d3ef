"""Statistics: counts, sums, shares and per-head figures over a register, with what is unknown apart, and safe to publish."""

from ._axes import AXES, UNKNOWN_CLASS, Axis, axes_of, class_label
from ._count import Cell, Counting, both_known, count
from ._growth import Cumulated, cumulated, real_growth, year_before
from ._model import FIGURES, Limits, Measure, Statistic, attributes_of, check, for_counting
from ._protect import Entry, Network, interval, protect
from ._publish import Published, publish, sensitive

__all__ = [
    "AXES",
    "FIGURES",
    "UNKNOWN_CLASS",
    "Axis",
    "Cell",
    "Counting",
    "Cumulated",
    "Entry",
    "Limits",
    "Measure",
    "Network",
    "Published",
    "Statistic",
    "attributes_of",
    "axes_of",
    "both_known",
    "check",
    "class_label",
    "count",
    "cumulated",
    "for_counting",
    "interval",
    "protect",
    "publish",
    "real_growth",
    "sensitive",
    "year_before",
]
