"""Money in files: written 540万元, held as integer fen."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, SerializationInfo, WithJsonSchema

from ._problem import Fault

__all__ = ["Fen", "written_fen"]

_YUAN = {"分": Decimal("0.01"), "元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}
_MOST = 10**17  # fen, 1,000 trillion yuan; sums of such stay within 64 bits
_PATTERN = re.compile(r"(-?\d[\d,，]*(?:\.\d+)?)\s*(分|元|万元|亿元)")


def _read(value: Any) -> Any:
    if not isinstance(value, str):
        if isinstance(value, float):
            raise Fault("金额须带单位（写作 540万元）", "money is whole fen or text with its unit (write 540万元)")
        return _bounded(value) if isinstance(value, int) else value
    found = _PATTERN.fullmatch(value.strip())
    if found is None:
        raise Fault(f"“{value}”不是金额（写作 540万元）", f"{value!r} is no amount of money (write 540万元)")
    yuan = Decimal(re.sub("[,，]", "", found[1])) * _YUAN[found[2]]
    return _bounded(int((yuan * 100).to_integral_value(ROUND_HALF_UP)))


def _bounded(fen: int) -> int:
    if abs(fen) > _MOST:
        raise Fault("金额过大（核对单位）", "the amount is too large (check its unit)")
    return fen


def written_fen(fen: int) -> str:
    """The shortest exact form with a unit: 54000000000 → ``5.4亿元``; reading it gives the same fen."""
    yuan = Decimal(fen) / 100
    unit = next((name for name in ("亿元", "万元") if abs(yuan) >= _YUAN[name]), "元")
    return f"{(yuan / _YUAN[unit]).normalize():f}{unit}"


def _write(fen: int, info: SerializationInfo) -> int | str:
    in_file = isinstance(info.context, dict) and info.context.get("file")
    return written_fen(fen) if in_file else fen


Fen = Annotated[
    int,
    BeforeValidator(_read),
    PlainSerializer(_write),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer"},
                {"type": "string", "pattern": r"^-?\d[\d,，]*(\.\d+)?\s*(分|元|万元|亿元)$"},
            ],
            "description": "money: text with its unit, such as 540万元, or whole fen",
        }
    ),
]
"""Integer fen; a file may write it with 元, 万元 or 亿元."""
