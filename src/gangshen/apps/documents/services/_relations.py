"""What a newer document does to an older one: final text of a draft, amendment, replacement, repeal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Document, Relation
from gangshen.apps.documents.services._filing import set_status
from gangshen.apps.identity.access import require
from gangshen.engines.evidence import Ref, RefError
from gangshen.web.errors import Refused

__all__ = ["chain", "older_version", "relate", "supersede", "unrelate"]

Kind = Relation.Kind
_BECOMES = {
    Kind.AMENDS: Document.Status.AMENDED,
    Kind.REPLACES: Document.Status.REPEALED,
    Kind.REPEALS: Document.Status.REPEALED,
}
_LONGEST = 50


@transaction.atomic
def relate(
    newer: Document, older: Document, kind: str, *, actor: Any, now: dt.datetime, evidence: str = "", note: str = ""
) -> Relation:
    """State the relation, with the reference of the words that say so; the older one in force changes its status.

    Stated again it is brought up to date. Raises :class:`Refused` for a circle, an unknown kind, or evidence that is
    no reference.
    """
    if actor is not None:
        require(actor, "add", Relation)
        require(actor, "change", newer)
    if kind not in Kind.values:
        raise Refused(_("There is no such relation."), _("Choose one of the list."))
    if newer.pk in {one.pk for one in _ancestors(older)}:
        raise Refused(_("A document can't follow itself."), _("Choose another document."))
    if evidence:
        try:
            evidence = str(Ref.parse(evidence.strip()))
        except RefError as error:
            raise Refused(str(error), _("Give a reference such as doc:KEY#120-148, or leave it empty.")) from error
    made, _created = Relation.objects.update_or_create(
        newer=newer,
        older=older,
        kind=kind,
        defaults={"evidence": evidence, "note": note.strip(), "made_by": actor, "made_at": now},
    )
    if evidence:
        archive.link(evidence, f"doc:{older.key}")
    if actor is not None and kind in _BECOMES and older.status == Document.Status.IN_FORCE:
        set_status(older, _BECOMES[Kind(kind)], actor=actor, note=evidence or str(made))
    return made


def unrelate(relation: Relation, *, actor: Any) -> None:
    """Take the statement back; statuses stay as they are."""
    require(actor, "delete", relation)
    relation.delete()


def supersede(old: Document, new: Document, *, actor: Any, now: dt.datetime, note: str = "") -> Relation:
    """``new`` follows ``old``: the final text of a draft, else its amendment, which then is in force."""
    draft = old.status == Document.Status.DRAFT_FOR_COMMENT
    made = relate(new, old, Kind.FINAL if draft else Kind.AMENDS, actor=actor, now=now, note=note)
    if new.status == Document.Status.REFERENCE:
        set_status(new, Document.Status.IN_FORCE, actor=actor, note=str(made))
    return made


def _ancestors(document: Document) -> list[Document]:
    """The document and all that it follows, nearest first."""
    found, level = [document], [document]
    while level and len(found) < _LONGEST:
        relations = Relation.objects.filter(newer__in=level).select_related("older")
        known = {one.pk for one in found}
        level = list({one.older_id: one.older for one in relations if one.older_id not in known}.values())
        found += level
    return found


def older_version(document: Document) -> Document | None:
    """The version before: what the document amends, replaces or is the final text of."""
    found = document.earlier.exclude(kind=Kind.REPEALS).select_related("older").last()
    return found and found.older


def chain(document: Document, user: Any) -> list[tuple[Document, list[Relation]]]:
    """All documents joined to this one that ``user`` may see, oldest first, each with what it does to older ones."""
    found, level = {document.pk}, {document.pk}
    relations: dict[int, Relation] = {}
    while level and len(found) < _LONGEST:
        both = Relation.objects.filter(newer__in=level) | Relation.objects.filter(older__in=level)
        near = {one.pk: one for one in both.select_related("older", "newer")}
        relations |= near
        level = {pk for one in near.values() for pk in (one.newer_id, one.older_id)} - found
        found |= level
    seen = {one.pk: one for one in Document.objects.for_user(user).filter(pk__in=found)}
    rows: dict[int, list[Relation]] = {pk: [] for pk in seen}
    for relation in relations.values():
        if relation.newer_id in seen and relation.older_id in seen:
            rows[relation.newer_id].append(relation)
    depth = {pk: _depth(pk, rows, set()) for pk in rows}
    order = sorted(rows, key=lambda pk: (depth[pk], str(seen[pk].issued_on or ""), pk))
    return [(seen[pk], rows[pk]) for pk in order]


def _depth(pk: int, rows: dict[int, list[Relation]], over: set[int]) -> int:
    below = [one.older_id for one in rows[pk] if one.older_id not in over]
    return 1 + max((_depth(one, rows, {*over, pk}) for one in below), default=-1)
