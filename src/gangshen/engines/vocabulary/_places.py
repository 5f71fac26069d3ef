"""Places as registers write them: ``310112 马桥镇``, the code of the division and the town."""

from __future__ import annotations

import re

import polars as pl

__all__ = ["town", "town_column"]

_CODED = r"^\d{6}\s*([^\d\s])"


def town(division: str) -> str:
    """The town of a division as written; a code that stands alone stays.

    >>> town("310112 马桥镇"), town("马桥镇"), town("310112")
    ('马桥镇', '马桥镇', '310112')
    """
    return re.sub(_CODED, r"\1", division)


def town_column(division: pl.Expr) -> pl.Expr:
    """:func:`town` of every row; null stays null."""
    return division.str.replace(_CODED, "${1}")
