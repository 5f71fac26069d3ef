"""Synthesis: the seeded enterprises and reports of a zone that does not exist, marked so wherever they go."""

from ._codes import is_synthetic_uscc, synthetic_uscc, uscc_check_digit
from ._firm import enterprises, statements
from ._frame import frame
from ._model import SOURCES, Park, Place, Statement, Town
from ._reports import Course, Report, reports
from ._trades import Trade, trades

__all__ = [
    "SOURCES",
    "Course",
    "Park",
    "Place",
    "Report",
    "Statement",
    "Town",
    "Trade",
    "enterprises",
    "frame",
    "is_synthetic_uscc",
    "reports",
    "statements",
    "synthetic_uscc",
    "trades",
    "uscc_check_digit",
]
