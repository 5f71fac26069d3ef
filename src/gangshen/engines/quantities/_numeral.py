"""Chinese numerals to numbers."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["QuantityError", "decimal_of", "numeral", "to_numeral"]

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}


class QuantityError(ValueError):
    """The text is not the quantity asked for."""


def numeral(text: str) -> int:
    """Read a whole Chinese numeral: 三百二十 → 320, 千亿 → 10**11, 二〇二七 → 2027, 一万零五 → 10005.

    A scale without a digit before it counts once (千 = 1000). Raises :class:`QuantityError` for anything else.
    """
    plain = text.translate(FORMAL)
    if not plain:
        raise QuantityError("empty numeral")
    if len(plain) > 1 and all(c in DIGITS for c in plain):
        return int("".join(str(DIGITS[c]) for c in plain))
    total = section = 0
    digit: int | None = None
    for char in plain:
        if char in DIGITS:
            if digit not in (None, 0):
                raise QuantityError(f"not a numeral: {text!r}")
            digit = DIGITS[char]
        elif char in SMALL:
            section += (1 if digit in (None, 0) else digit or 1) * SMALL[char]
            digit = None
        elif char in LARGE:
            section += digit or 0
            # 千亿, 万亿: a scale on a scale multiplies what stands before it
            if section == 0:
                total = (total or 1) * LARGE[char]
            elif LARGE[char] == 10**8:
                total, section = (total + section) * LARGE[char], 0
            else:
                total, section = total + section * LARGE[char], 0
            digit = None
        else:
            raise QuantityError(f"not a numeral: {text!r}")
    return total + section + (digit or 0)


def to_numeral(number: int) -> str:
    """Write a whole number from 0 to 10**12 in Chinese: 320 → 三百二十; the inverse of :func:`numeral`."""
    if not 0 <= number < 10**12:
        raise QuantityError(f"out of range: {number}")
    if number == 0:
        return "零"
    out = ""
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, scale)
        if part:
            out += ("零" if out and part < 1000 else "") + _section(part) + name
    return out[1:] if out.startswith("一十") else out


def _section(number: int) -> str:
    out, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return out


def decimal_of(text: str) -> Decimal:
    """A printed number, Arabic (1,574 / 15.7 / full width) or Chinese, as a Decimal."""
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text).replace(",", "")
    if plain[:1].isascii() and plain[:1].isdigit():
        return Decimal(plain)
    return Decimal(numeral(plain))
