"""Sources: where data come from, how far they are believed, how long they are kept."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.web.errors import Refused

__all__ = ["source", "upsert_source"]


def source(key: str) -> Source:
    """The source of ``key``; raises :class:`Refused` naming those there are."""
    found = Source.objects.filter(key=key).first()
    if found is None:
        there = ", ".join(Source.objects.values_list("key", flat=True)[:20]) or _("none")
        raise Refused(
            _("There is no source %(key)s.") % {"key": key}, _("Choose one of: %(sources)s.") % {"sources": there}
        )
    return found


def upsert_source(key: str, **values: Any) -> Source:
    """Add a source or change the named fields of the one there is; no write when nothing differs."""
    held = Source.objects.filter(key=key).first()
    if held is None:
        return Source.objects.create(key=key, **values)
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, values[name])
        held.save(update_fields=changed)
    return held
