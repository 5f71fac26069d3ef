"""Unified social credit codes that are right in form and cannot belong to anyone.

GB 32100-2015: 18 characters of 31 (no I, O, S, V, Z): registering authority, kind of body, six digits of the division,
nine of the body (GB 11714: eight and a check character), a check character. Ours carry division **999999**: GB/T 2260
gives no province the number 99, so no authority registers under it, yet both check characters are right and every
validator of form accepts the code.
"""

from __future__ import annotations

__all__ = ["is_synthetic_uscc", "synthetic_uscc", "uscc_check_digit"]

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(_CHARACTERS)}
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PREFIX = "91999999"
_SERIALS = 31**6


def uscc_check_digit(first17: str) -> str:
    """The 18th character of a code (GB 32100-2015: weights 3^i mod 31). Raises ``ValueError`` on a foreign character."""
    try:
        total = sum(_VALUE[character] * weight for character, weight in zip(first17, _WEIGHTS, strict=True))
    except KeyError as error:
        raise ValueError(f"{first17!r}: character {error} has no place in a unified social credit code") from None
    return _CHARACTERS[-total % 31]


def synthetic_uscc(seed: int, index: int) -> str:
    """The code of the ``index``-th synthetic enterprise of ``seed``: distinct over 887 million of one seed."""
    if not 0 <= index < _SERIALS:
        raise ValueError(f"index {index} is outside 0 to {_SERIALS - 1}")
    serial = (index * 310_112_007 + seed * 40_503) % _SERIALS  # the factor is coprime to 31: a permutation
    body = _digits(seed % 961, 2) + _digits(serial, 6)
    first17 = _PREFIX + body + _body_check(body)
    return first17 + uscc_check_digit(first17)


def is_synthetic_uscc(code: str) -> bool:
    """Is this a code that only synthesis makes?"""
    return len(code) == 18 and code.startswith(_PREFIX)


def _digits(number: int, width: int) -> str:
    out = ""
    for _ in range(width):
        number, digit = divmod(number, 31)
        out = _CHARACTERS[digit] + out
    return out


def _body_check(body: str) -> str:
    """GB 11714: letters count from A = 10 in the full alphabet; 10 is written X, 11 is written 0."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, _BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]
