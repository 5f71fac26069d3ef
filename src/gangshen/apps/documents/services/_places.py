"""Where words stand in the texts on file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gangshen.apps.documents.models import Reading
from gangshen.apps.documents.services._reading import text
from gangshen.web.errors import Refused

__all__ = ["Place", "places"]


@dataclass(frozen=True, slots=True)
class Place:
    """``text[start:end]`` are the words, in code points; ``line`` is the paragraph they stand in."""

    document: str
    start: int
    end: int
    line: str


def places(words: str) -> Iterator[Place]:
    """Every place where ``words`` are printed in a current reading, by document and offset; Latin letters in any case.

    Raises :class:`Refused` when no words are given.
    """
    wanted = words.strip().lower()
    if not wanted:
        raise Refused(_("No words to look for."), _("Give at least one."))
    readings = Reading.objects.filter(current=True).select_related("document", "text_file").order_by("document__key")
    return (place for reading in readings for place in _in(reading, wanted))


def _in(reading: Reading, wanted: str) -> Iterator[Place]:
    read_text = text(reading)
    # a letter whose small form is longer stays, so that offsets do not move
    folded = "".join(c if len(c.lower()) != 1 else c.lower() for c in read_text)
    at = folded.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        first = read_text.rfind("\n", 0, at) + 1
        last = read_text.find("\n", end)
        yield Place(reading.document.key, at, end, read_text[first : last if last >= 0 else None].strip())
        at = folded.find(wanted, end)
