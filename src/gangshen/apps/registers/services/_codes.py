"""Unified social credit codes (统一社会信用代码) as files carry them: 18 characters, the last a check digit (GB 32100)."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from gangshen.engines.vocabulary import says_none, uscc_is_valid

__all__ = ["CodeState", "code_state", "plain_code"]


_BETWEEN = re.compile(r"[\s\-\u200b-\u200f\u2060\ufeff]|^['‘’`]|^=?\"|\"$")
"""Blanks, seen or not, and the signs that keep a code from being taken for a number."""


class CodeState(StrEnum):
    VALID = "valid"
    LEGACY = "legacy"  # a 15-digit registration number of before 2015
    MASKED = "masked"  # some characters hidden
    MISSING = "missing"
    WRONG = "wrong"


def plain_code(text: str | None) -> str:
    """The code without blanks and in half width; in capitals when it was typed in small letters throughout."""
    code = text or ""
    if not (code.isascii() and code.isalnum()):
        code = _BETWEEN.sub("", unicodedata.normalize("NFKC", code))
    return code.upper() if code == code.lower() and not _masked(code) else code


def code_state(text: str | None) -> CodeState:
    """What kind of code ``text`` is; only VALID identifies beyond doubt.

    >>> code_state("*4310000MA1FL00000").value
    'masked'
    """
    if text and uscc_is_valid(text):
        return CodeState.VALID  # as most are written
    code = plain_code(text)
    if says_none(code):
        return CodeState.MISSING
    if uscc_is_valid(code):
        return CodeState.VALID
    if re.fullmatch(r"\d{15}", code):
        return CodeState.LEGACY
    return CodeState.MASKED if _masked(code) else CodeState.WRONG


def _masked(code: str) -> bool:
    """Hidden characters: stars, or a small x, which no code writes and registers hide digits with."""
    return bool(re.search(r"[*?#]", code)) or ("x" in code and not re.search(r"[a-wyz]", code))
