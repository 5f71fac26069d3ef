"""Of whom a record is read: a subject that was merged points to the one that was kept."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from gangshen.apps.registers.models import Batch, Merge

__all__ = ["kept_key", "keys_of", "of_subject", "pointers", "rows_of"]


def pointers() -> dict[str, str]:
    """Merged subject → the one it is read as today; the latest merge counts."""
    live = Merge.objects.filter(batch__state=Batch.State.LIVE).order_by("batch")
    return dict(live.values_list("merged", "kept"))


def kept_key(subject: str) -> str:
    """The subject that ``subject`` is read as: itself unless it was merged."""
    live = Merge.objects.filter(batch__state=Batch.State.LIVE, merged=subject).order_by("-batch")
    return live.values_list("kept", flat=True).first() or subject


def keys_of(subjects: Iterable[str]) -> dict[str, str]:
    """Every key under which something of ``subjects`` may stand → the subject: itself, and what was merged into it."""
    found = {one: one for one in subjects}
    return found | {merged: kept for merged, kept in pointers().items() if kept in found}


def rows_of(subject: str, path: str) -> Q:
    """Rows of an office whose ``path`` names ``subject`` or what was merged into it, asked in one query with them."""
    merged = Merge.objects.filter(batch__state=Batch.State.LIVE, kept=subject).order_by()
    return Q(**{path: subject}) | Q(**{f"{path}__in": merged.values("merged")})


def of_subject(subject: str) -> Q:
    """Records read as said of ``subject``: its own, and those of what was merged into it.

    Those keys are asked first: neither database finds records by an index of subjects where a subquery stands in an OR.
    """
    merged = Merge.objects.filter(batch__state=Batch.State.LIVE, kept=subject).order_by()
    return Q(subject__in=[subject, *merged.values_list("merged", flat=True)])
