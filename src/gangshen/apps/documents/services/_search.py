"""Where words stand in the texts on file, best place first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.documents.models import Document, Reading
from gangshen.apps.documents.services._reading import text
from gangshen.web.errors import Refused

__all__ = ["Hit", "search"]

LIMIT = 200
_AROUND = 40
_LONGEST = 400
_HEADING = 40
_WINDOW = 120  # signs within which several words belong together
_ENOUGH = 0.6  # of the pairs of signs, for a sentence that holds the words in another form


@dataclass(frozen=True, slots=True)
class Hit:
    """``text[start:end]`` of the document's current reading holds the words, in code points.

    ``excerpt`` is what stands around, with the hit at ``mark``; ``score`` is 0 to 1: 1 the words as given in a heading,
    0.9 in a sentence, below that all the words near one another, then most of their signs.
    """

    document: str
    title: str
    status: str
    start: int
    end: int
    quote: str
    excerpt: str
    mark: tuple[int, int]
    score: float


def search(words: str, user: Any, *, limit: int = LIMIT) -> list[Hit]:
    """Places of ``words`` in the documents that ``user`` (None: the system) may see, best first, then by the document.

    Full- and half-width signs, letters of any case and line ends don't count. Several words parted by blanks are also
    found apart; when nothing holds them, sentences with most of their signs are. Raises :class:`Refused` for no words.
    """
    wanted = _folded(" ".join(words.split()))
    if not wanted or len(wanted) > _LONGEST:
        raise Refused(_("No words to look for, or too many."), _("Give a few words."))
    seen = Document.objects.all() if user is None else Document.objects.for_user(user)
    readings = Reading.objects.filter(current=True, document__in=seen).select_related("document", "text_file")
    found: list[Hit] = []
    relaxed: list[Hit] = []
    for reading in readings.order_by("document__key"):
        read_text = text(reading)
        folded = _folded(read_text)
        places = _phrase(folded, wanted) or _together(folded, wanted.split())
        found += [_hit(reading, read_text, *place) for place in places[:limit]]
        if not found:
            relaxed += [_hit(reading, read_text, *place) for place in _alike(folded, wanted)]
    return sorted(found or relaxed, key=lambda hit: (-hit.score, hit.document, hit.start))[:limit]


def _folded(said: str) -> str:
    """Each sign in one form, never more nor fewer signs, so that offsets stay."""
    return "".join(_form(char) for char in said)


def _form(char: str) -> str:
    if char.isascii():
        return char.lower()
    plain = unicodedata.normalize("NFKC", char).lower()
    return plain if len(plain) == 1 else char


def _loose(words: str) -> re.Pattern[str]:
    """The words with any line end or blank between their signs."""
    return re.compile(r"\s*".join(re.escape(char) for char in words if not char.isspace()))


Place = tuple[int, int, float]


def _phrase(folded: str, wanted: str) -> list[Place]:
    return [(one.start(), one.end(), _weight(folded, one.start())) for one in _loose(wanted).finditer(folded)]


def _weight(folded: str, at: int) -> float:
    """A heading is the best place: a short line without a full stop."""
    first, last = folded.rfind("\n", 0, at) + 1, folded.find("\n", at)
    line = folded[first : last if last >= 0 else None]
    return 1.0 if len(line) <= _HEADING and "。" not in line else 0.9


def _together(folded: str, words: list[str]) -> list[Place]:
    """The smallest stretches that hold every one of several words, none of them longer than a sentence or two."""
    if len(words) < 2:
        return []
    marks = sorted(
        (one.start(), one.end(), at) for at, word in enumerate(words) for one in _loose(word).finditer(folded)
    )
    found: list[Place] = []
    last: dict[int, tuple[int, int]] = {}
    for start, end, at in marks:
        last[at] = (start, end)
        if len(last) < len(words):
            continue
        first = min(place[0] for place in last.values())
        if end - first <= _WINDOW and (not found or first >= found[-1][1]):
            found.append((first, end, round(0.4 + 0.4 * sum(map(len, words)) / (end - first), 3)))
            last = {}
    return found


def _alike(folded: str, wanted: str) -> Iterator[Place]:
    """Sentences with most of the pairs of signs, when nobody wrote the words as they were given."""
    bare = "".join(wanted.split())
    grams = {bare[at : at + 2] for at in range(len(bare) - 1)}
    if len(grams) < 2 or sum(gram in folded for gram in grams) < _ENOUGH * len(grams):
        return
    for one in re.finditer(r"[^。；！？\n]+", folded):
        held = sum(gram in one[0] for gram in grams) / len(grams)
        if held >= _ENOUGH:
            yield one.start(), one.end(), round(0.4 * held, 3)


def _hit(reading: Reading, read_text: str, start: int, end: int, score: float) -> Hit:
    first = max(read_text.rfind("\n", 0, start) + 1, start - _AROUND)
    stop = read_text.find("\n", end)
    last = min(stop if stop >= 0 else len(read_text), end + _AROUND)
    return Hit(
        document=reading.document.key,
        title=reading.document.title,
        status=reading.document.status,
        start=start,
        end=end,
        quote=read_text[start:end],
        excerpt=read_text[first:last],
        mark=(start - first, end - first),
        score=score,
    )
