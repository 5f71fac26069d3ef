"""Titles as typed on a keyboard: pinyin initials and full pinyin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PHRASES_DICT

from ._text import fold

__all__ = ["Keys", "keys", "letter_pairs"]

_LONGEST = 60  # characters of a title that can be found by keys
_VARIED = 2  # of these, how many are tried in both readings
_TWOFOLD = {
    character: tuple(readings.split())
    for character, readings in {
        "长": "chang zhang",
        "重": "chong zhong",
        "行": "xing hang",
        "乐": "le yue",
        "朝": "chao zhao",
        "调": "tiao diao",
        "传": "chuan zhuan",
        "单": "dan shan",
        "盛": "sheng cheng",
        "晟": "sheng cheng",
        "厦": "xia sha",
        "藏": "cang zang",
        "参": "can shen",
        "弹": "tan dan",
        "曾": "zeng ceng",
        "会": "hui kuai",
        "柏": "bai bo",
        "都": "du dou",
        "宿": "su xiu",
        "折": "zhe she",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Keys:
    """What would be typed for a title; the maps give the title's character for each letter."""

    initials: str
    full: str
    initials_at: tuple[int, ...]
    full_at: tuple[int, ...]


def keys(title: str) -> list[Keys]:
    """Initials and full pinyin of a title; Latin letters and digits stand for themselves.

    The first is the reading in context. A name's own reading is often not the usual one, so others follow for the
    first characters of a title that are commonly read in two ways.
    """
    folded = fold(title[:_LONGEST])
    syllables = _syllables(folded)
    twofold = [at for at, character in enumerate(folded) if character in _TWOFOLD][:_VARIED]
    readings = [syllables]
    for choice in product(*(_TWOFOLD[folded[at]] for at in twofold)):
        varied = syllables.copy()
        for at, syllable in zip(twofold, choice, strict=True):
            varied[at] = syllable
        if varied not in readings:
            readings.append(varied)
    return [_keys(reading) for reading in readings]


def _keys(syllables: list[str]) -> Keys:
    initials, full = "", ""
    initials_at: list[int] = []
    full_at: list[int] = []
    for at, syllable in enumerate(syllables):
        if not (syllable.isascii() and syllable.isalnum()):
            continue
        letters = syllable.lower()
        initials += letters[0]
        initials_at.append(at)
        full += letters
        full_at += [at] * len(letters)
    return Keys(initials, full, tuple(initials_at), tuple(full_at))


def _syllables(text: str) -> list[str]:
    """One syllable for each character; other characters stand for themselves."""
    found: list[str] = []
    for at, character in enumerate(text):
        first = max(0, at - 2)
        found.append(_alone(character) or _within(text[first : at + 3], at - first))
    return found


def _within(window: str, at: int) -> str:
    """The syllable of a character as a word about it has it read, else its most usual one."""
    words = (window[a:b] for a in range(at + 1) for b in range(max(at + 1, a + 2), len(window) + 1))
    return _read(window, at) if any(word in PHRASES_DICT for word in words) else _read(window[at], 0)


@lru_cache(maxsize=30_000)
def _read(text: str, at: int) -> str:
    each: Any = list  # pypinyin flattens a list, which its annotations do not say
    syllables = lazy_pinyin(text, errors=each)
    return syllables[at] if len(syllables) == len(text) else _read(text[at], 0)


@lru_cache(maxsize=30_000)
def _alone(character: str) -> str | None:
    """The syllable of a character that has one reading, tones apart; None where the context decides."""
    readings = {reading for reading in pinyin(character, style=Style.NORMAL, heteronym=True)[0] if reading}
    return readings.pop() if len(readings) == 1 else None


def letter_pairs(letters: str) -> list[str]:
    """Overlapping pairs, so that any stretch of two letters or more is a phrase of them.

    >>> letter_pairs("zdjq")
    ['zd', 'dj', 'jq']
    """
    return [letters[at : at + 2] for at in range(len(letters) - 1)]
