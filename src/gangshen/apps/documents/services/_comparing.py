"""Two versions of a document side by side: what changed, and what rests on the changed words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gangshen.apps.cases import services as cases
from gangshen.apps.documents.models import Document, Reading
from gangshen.apps.documents.services._reading import current, text
from gangshen.apps.documents.services._relations import older_version
from gangshen.apps.documents.services._resting import Rest, rests_on
from gangshen.engines import comparing as engine
from gangshen.engines.comparing import Comparison
from gangshen.web.errors import Refused

__all__ = ["Compared", "Version", "alert_changed", "compare", "pairs", "touched", "version", "versions"]

_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Version:
    """One text to be compared: a document's current reading, or an earlier one named by its hash."""

    document: Document
    reading: Reading
    text: str = field(repr=False)

    @property
    def ref(self) -> str:
        """``KEY`` of the current reading, ``KEY@HASH`` of an earlier one."""
        return self.document.key if self.reading.current else f"{self.document.key}@{self.reading.text_hash}"


@dataclass(frozen=True, slots=True)
class Compared:
    """``touched`` holds what rests on the words of each change, by the change's number in ``comparison.changes``."""

    old: Version
    new: Version
    comparison: Comparison
    touched: dict[int, list[Rest]]

    @property
    def things(self) -> list[Rest]:
        """Everything that rests on a changed passage, once."""
        return list({rest.owner: rest for rests in self.touched.values() for rest in rests}.values())


def version(ref: str, user: Any) -> Version:
    """The version named ``KEY`` or ``KEY@HASH`` among the documents that ``user`` may see (None: all of them)."""
    key, _at, at = ref.strip().partition("@")
    seen = Document.objects.all() if user is None else Document.objects.for_user(user)
    document = get_object_or_404(seen, key=key)
    reading = (
        document.readings.filter(text_hash__startswith=at).select_related("text_file").first()
        if at
        else current(document)
    )
    if reading is None:
        raise Refused(_("“%(title)s” has not been read.") % {"title": document.title}, _("Read it first."))
    return Version(document, reading, text(reading))


def versions(document: Document) -> list[Reading]:
    """The readings of a document that differ in their text, newest first."""
    found: dict[str, Reading] = {}
    for reading in document.readings.select_related("file").order_by("-current", "-pk"):
        found.setdefault(reading.text_hash, reading)
    return list(found.values())


def compare(old: Version, new: Version, user: Any) -> Compared:
    """Compare two versions; what rests on the old one's changed words is named as far as ``user`` (None: the system) may see it."""
    comparison = engine.compare(old.text, new.text)
    return Compared(old, new, comparison, touched(old, comparison, user))


def touched(old: Version, comparison: Comparison, user: Any) -> dict[int, list[Rest]]:
    """What rests on the words of each change, by its number; as far as ``user`` (None: the system) may see it."""
    rests = rests_on(old.document, user)
    found = {
        at: [rest for rest in rests if rest.on(change.old.start, change.old.end, old.reading.text_hash)]
        for at, change in enumerate(comparison.changes)
        if change.old is not None
    }
    return {at: hit for at, hit in found.items() if hit}


def pairs(user: Any) -> list[tuple[Document, Document]]:
    """Documents that follow one another, and texts read twice with different words: what there is to be compared."""
    found = []
    for newer in Document.objects.for_user(user).filter(earlier__isnull=False).distinct()[:_PAIRS]:
        older = older_version(newer)
        if older is not None and current(older) and current(newer):
            found.append((older, newer))
    return found


def alert_changed(compared: Compared, *, now: dt.datetime) -> list[int]:
    """Open a case for each rule, task or target whose quoted words changed in the newer version; numbers of the cases.

    Words that only moved are the same words. A case already open on the same matter stays the one.
    """
    old, new = compared.old, compared.new
    made: dict[Any, list[str]] = {}
    whole: dict[Any, Rest] = {}
    for at, rests in compared.touched.items():
        change = compared.comparison.changes[at]
        if change.kind == "moved" or change.old is None:
            continue
        refs = [f"doc:{old.document.key}@{old.reading.text_hash}#{change.old.start}-{change.old.end}"]
        if change.new is not None:
            refs.append(f"doc:{new.document.key}@{new.reading.text_hash}#{change.new.start}-{change.new.end}")
        for rest in rests:
            if rest.owner.scheme != "case":
                made.setdefault(rest.owner, []).extend(refs)
                whole[rest.owner] = rest
    return [
        cases.open_case(
            "quote_changed",
            f"quote_changed:{new.document.key}@{new.reading.text_hash}:{owner}",
            title=_("Words quoted by “%(title)s” changed in %(document)s")
            % {"title": whole[owner].what.title[:80], "document": new.document.title[:120]},
            about=owner,
            evidence=dict.fromkeys(refs),
            instruction=_("Compare the versions and put it right, or say why it stands."),
            actor=None,
            now=now,
        ).pk
        for owner, refs in made.items()
    ]
