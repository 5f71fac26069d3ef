"""Two subjects are one: records stay where they are, and are read as said of the one that is kept.

A merge is a batch without records: it is seen or not by one field, undone by one step and remembered like an import.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Batch, Merge
from gangshen.web.errors import Refused

from ._batches import publish, undo
from ._names import refresh_subjects
from ._pointers import pointers
from ._sources import REVIEW, source_named

__all__ = ["guard_merges", "merge", "unmerge"]


def merge(kept: str, merged: str, *, actor: User, now: dt.datetime, reason: str = "") -> Batch:
    """Read what is recorded of ``merged`` as said of ``kept`` from now on; undone by :func:`unmerge`.

    What was merged into ``merged`` before comes along. Raises :class:`Refused` when the two are one already, when
    someone has just merged either, or when somebody logs in for ``merged``.
    """
    require(actor, "change", Batch)
    with transaction.atomic():
        # whoever comes second waits here, and then finds what the first has done
        held = {
            one.key: one
            for one in Organisation.objects.select_for_update().filter(key__in=[kept, merged]).order_by("pk")
        }
        _checked(kept, merged, held)
        batch = Batch.objects.create(
            entity="enterprise",
            source=source_named(REVIEW),
            purpose=_("Merge of %(merged)s into %(kept)s") % {"merged": held[merged].name, "kept": held[kept].name},
            actor=actor,
            created_at=now,
        )
        also = [one for one, into in pointers().items() if into == merged]
        Merge.objects.bulk_create(
            Merge(batch=batch, merged=one, kept=kept, reason=reason[:300]) for one in (merged, *also)
        )
        batch.digest = hashlib.sha256(f"merge {batch.pk} {kept} {merged} {also}".encode()).hexdigest()
        batch.save(update_fields=["digest"])
        publish(batch, now)
        archive.record_event(
            actor, "registers.merge", batch, {"kept": kept, "merged": [merged, *also], "reason": reason}
        )
    return batch


def _checked(kept: str, merged: str, held: dict[str, Organisation]) -> None:
    if kept == merged:
        raise Refused(_("An enterprise cannot be merged with itself."), _("Choose two."))
    for key in (kept, merged):
        if key not in held:
            raise Refused(
                _("There is no organisation %(key)s.") % {"key": key},
                _("Look it up in the register: gangshen registers list."),
            )
        if done := _live().filter(merged=key).select_related("batch__actor").first():
            raise Refused(
                _("%(name)s was merged into %(kept)s by %(actor)s meanwhile.")
                % {"name": held[key].name, "kept": done.kept, "actor": done.batch.actor or _("the system")},
                _("Reload the page; what was done can be taken back in the list of imports."),
            )
    if held[merged].users.exists():
        raise Refused(
            _("Somebody logs in for %(name)s.") % {"name": held[merged].name},
            _("Keep that one and merge the other into it, or move the log-ins first."),
        )


def _live() -> QuerySet[Merge]:
    return Merge.objects.filter(batch__state=Batch.State.LIVE)


def unmerge(batch: Batch, actor: User, now: dt.datetime) -> None:
    """Take a merge back: both are as they were. Raises :class:`Refused` when it was taken back already."""
    require(actor, "change", Batch)
    undo(batch, actor, now)


def guard_merges(batch: Batch, now: dt.datetime) -> None:
    """Called when a batch is shown or hidden: keep merges in order, and bring names in step with what is read now."""
    turned = list(batch.merges.all())
    if not turned:
        return
    names = {one.merged for one in turned}
    later = _live().filter(merged__in=names, batch__pk__gt=batch.pk).select_related("batch").first()
    if batch.state == Batch.State.UNDONE and later:
        raise Refused(
            _("%(name)s was merged further since, by batch %(batch)s.")
            % {"name": later.merged, "batch": later.batch_id},
            _("Take that one back first."),
        )
    if batch.state == Batch.State.LIVE:
        into = _live().filter(merged__in={one.kept for one in turned}).exclude(batch=batch).first()
        if into or later:
            raise Refused(
                _("The two have been merged otherwise since."), _("Reload the list of imports and look again.")
            )
    refresh_subjects({one.kept for one in turned} | names)
