"""Folding and cutting text: Chinese by two characters, everything else by word or number."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

__all__ = ["HAN", "fold", "fold_name", "pieces", "singles", "squeeze", "tokens"]

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ASIDE = re.compile(rf"(?<=[{HAN}])\(([{HAN}]{{1,2}})\)")  # 首台(套): read on as if the brackets were not there
_PIECE = re.compile(rf"[{HAN}]+|(?:(?![{HAN}])[^\W_])+")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_LONGEST = 64  # a longer run of letters is no word; its beginning is enough


class _Folding(dict[int, str]):
    """One character to one character, so that offsets into folded text are offsets into the text."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        for candidate in (unicodedata.normalize("NFKC", character).lower(), character.lower()):
            if len(candidate) == 1:
                character = candidate
                break
        self[code] = character
        return character


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Full width to half width, upper case to lower case; keeps every offset."""
    return text.translate(_FOLDING)


def squeeze(folded: str) -> tuple[str, list[int] | None]:
    """The text without brackets around one or two characters, and each character's offset where any were dropped."""
    dropped = {at for found in _ASIDE.finditer(folded) for at in (found.start(), found.end() - 1)}
    if not dropped:
        return folded, None
    kept = [at for at in range(len(folded)) if at not in dropped]
    return "".join(folded[at] for at in kept), kept


def fold_name(text: str) -> str:
    """A name as it is compared: folded, without spaces and punctuation."""
    return "".join(_PIECE.findall(fold(text)))[:200]


def pieces(folded: str) -> list[tuple[int, int, bool]]:
    """(start, end, is Chinese) of each run of Chinese characters and each word or number."""
    return [(*found.span(), _is_han(found[0][0])) for found in _PIECE.finditer(folded)]


def _is_han(character: str) -> bool:
    return (
        "\u3400" <= character <= "\u9fff"
        or character == "\u3007"
        or "\uf900" <= character <= "\ufaff"
        or (character >= "\U00020000")
    )


def tokens(text: str) -> list[str]:
    """The terms of a text in order.

    >>> tokens("AI＋机器人 50台")
    ['ai', '机器', '器人', '50', '台']
    >>> tokens("首台（套）")
    ['首台', '台套']
    """
    found: list[str] = []
    for piece in _PIECE.findall(squeeze(fold(text))[0]):
        if len(piece) > 1 and _is_han(piece[0]):
            found.extend(map("".join, pairwise(piece)))
        else:
            found.append(piece[:_LONGEST])
    return found


def singles(text: str) -> set[str]:
    """The single Chinese characters of a text."""
    return set("".join(_HAN_RUN.findall(fold(text))))
