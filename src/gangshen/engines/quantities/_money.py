"""Money: always integer fen inside, 万元 and 亿元 outside."""

from __future__ import annotations

from decimal import Decimal

from ._find import find
from ._numeral import QuantityError

__all__ = ["format_fen", "money_fen"]


def money_fen(text: str) -> int:
    """The one amount that ``text`` states, in fen: "最高不超过1000万元" → 100_000_000_000.

    Raises :class:`QuantityError` when there is none, several, a range or a foreign currency.
    """
    found = [q for q in find(text) if q.kind == "money"]
    if len(found) != 1:
        raise QuantityError(f"{'no' if not found else 'more than one'} amount of money in {text!r}")
    fen = found[0].fen
    if fen is None or fen[0] != fen[1]:
        raise QuantityError(f"not one amount in yuan: {text!r}")
    return fen[0]


def format_fen(fen: int, language: str = "zh-hans") -> str:
    """Fen as people write it: ``540 万元`` / ``CNY 5.4 million``; exact, never rounded."""
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    scales: tuple[tuple[int, str], ...]
    if language.startswith("en"):
        scales = ((10**11, " billion"), (10**8, " million"), (10**2, ""))
        for size, name in scales:
            if amount >= size and (amount * 100) % size == 0:
                return f"{sign}CNY {_number(amount, size)}{name}"
        return f"{sign}CNY {_number(amount, 100)}"
    scales = ((10**10, " 亿元"), (10**6, " 万元"), (10**2, " 元"))
    for size, name in scales:
        if amount >= size and (amount * 10_000) % size == 0:
            return f"{sign}{_number(amount, size)}{name}"
    return f"{sign}{_number(amount, 100)} 元"


def _number(amount: int, size: int) -> str:
    value = Decimal(amount) / Decimal(size)
    whole = value.to_integral_value()
    return f"{whole:,}" if value == whole else f"{value.normalize():,f}"
