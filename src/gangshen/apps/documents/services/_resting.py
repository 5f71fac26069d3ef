"""What rests on a document: rules, tasks, targets, cases, figures, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Link
from gangshen.apps.cases.models import Case
from gangshen.apps.documents.models import Document
from gangshen.engines.evidence import Ref, RefError
from gangshen.web.components import evidence_url
from gangshen.web.hookpoints import HookPoint

__all__ = ["RESTING", "Rest", "Resting", "resting_kinds", "rests_on"]

_OPENED = 20


@dataclass(frozen=True, slots=True)
class Resting:
    """A thing that rests on a document, as its office names it: what kind, which one, what hangs on it."""

    kind: Any
    title: str
    url: str
    note: Any = ""


# scheme of a reference → the office's words for many of them at once; what the user may not see (None: the system,
# which sees all) is left out
RESTING: HookPoint[Callable[[Sequence[Ref], Any], Mapping[Ref, Resting]]] = HookPoint("what rests on a document")


@dataclass(frozen=True, slots=True)
class Rest:
    """``owner`` rests on ``spans`` of the document (start, end, hash of the text or None for the current one)."""

    owner: Ref
    what: Resting
    spans: tuple[tuple[int, int, str | None], ...]

    def on(self, start: int, end: int, text_hash: str) -> bool:
        """Does it rest on words of this stretch of this text?"""
        return any(a < end and start < b and (at is None or text_hash.startswith(at)) for a, b, at in self.spans)


def _owners(key: str) -> dict[Ref, list[tuple[int, int, str | None]]]:
    found: dict[Ref, list[tuple[int, int, str | None]]] = {}
    for link in archive.links_to("doc", key):
        try:
            ref, owner = Ref.parse(link.ref), Ref.parse(link.owner)
        except RefError:
            continue
        if owner.scheme == "doc" and owner.id == key:
            continue
        spans = found.setdefault(owner, [])
        if ref.span:
            spans.append((*ref.span, ref.at))
    return found


def resting_kinds(document: Document) -> dict[str, int]:
    """How many things of each scheme rest on the document."""
    counts: dict[str, int] = {}
    for owner in {(owner.scheme, owner.id) for owner in _owners(document.key)}:
        counts[owner[0]] = counts.get(owner[0], 0) + 1
    return counts


def rests_on(document: Document, user: Any) -> list[Rest]:
    """All that rests on the document and that ``user`` may see (None: all), with the open cases about it; a query a kind."""
    owners = _owners(document.key)
    for case, about in _cases_about({owner.id: owner for owner in owners if owner.scheme != "case"}).items():
        owners.setdefault(case, list(owners[about]))
    by_scheme: dict[str, list[Ref]] = {}
    for owner in owners:
        by_scheme.setdefault(owner.scheme, []).append(owner)
    found: list[Rest] = []
    for scheme in sorted(by_scheme, key=lambda one: (one == "case", one)):
        refs = by_scheme[scheme]
        words = (
            _cases(refs, user) if scheme == "case" else RESTING.get(scheme)(refs, user) if scheme in RESTING else None
        )
        for ref in refs:
            what = Resting(scheme, str(ref), evidence_url(ref)) if words is None else words.get(ref)
            if what is not None:
                found.append(Rest(ref, what, tuple(owners[ref])))
    return found


def _cases_about(owners: Mapping[str, Ref]) -> dict[Ref, Ref]:
    """Open cases about things that rest on the document: case → the thing."""
    links = Link.objects.filter(target__in=list(owners), owner__startswith="case:")
    found = {}
    for link in links:
        if link.scheme == owners[link.target].scheme:
            found[Ref.parse(link.owner)] = owners[link.target]
    return found


def _cases(refs: Sequence[Ref], user: Any) -> dict[Ref, Resting]:
    seen = Case.objects.all() if user is None else Case.objects.for_user(user)
    numbers = [ref.id for ref in refs if ref.id.isdigit()]
    held = {str(case.pk): case for case in seen.filter(pk__in=numbers).exclude(state=Case.State.CLOSED)}
    return {
        ref: Resting(
            Case._meta.verbose_name,
            held[ref.id].title,
            reverse("cases:case", args=[ref.id]),
            held[ref.id].get_state_display(),
        )
        for ref in refs
        if ref.id in held
    }
