"""What the tests of the registers make up: codes that pass their check digit."""

from __future__ import annotations

from gangshen.engines.synthesis import uscc_check_digit

__all__ = ["code"]


def code(number: int) -> str:
    body = f"91310112MA1GB{number:04d}"
    return body + uscc_check_digit(body)
