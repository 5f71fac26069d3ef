"""Quantities: numbers, money, shares and dates as Chinese documents print them."""

from ._dates import When, find_dates
from ._english import unit_in_english
from ._find import Comparator, Kind, Quantity, find
from ._money import format_fen, money_fen
from ._numeral import QuantityError, decimal_of, numeral, to_numeral
from ._units import convert, scale_of

__all__ = [
    "Comparator",
    "Kind",
    "Quantity",
    "QuantityError",
    "When",
    "convert",
    "decimal_of",
    "find",
    "find_dates",
    "format_fen",
    "money_fen",
    "numeral",
    "scale_of",
    "to_numeral",
    "unit_in_english",
]
