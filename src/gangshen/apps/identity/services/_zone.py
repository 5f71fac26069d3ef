"""The one zone of this database, and what day it is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.identity.models import Zone
from gangshen.web.errors import Refused

__all__ = ["now", "set_zone", "today", "zone"]


def zone() -> Zone:
    """The zone; raises :class:`Refused` when none is loaded."""
    found = Zone.objects.order_by("pk").first()
    if found is None:
        raise Refused(_("No zone is loaded."), _("Load one: gangshen up, or gangshen load DIR."))
    return found


def set_zone(**values: Any) -> Zone:
    """Write the zone's own fields; a database holds one zone, so another key is refused."""
    held = Zone.objects.order_by("pk").first()
    if held is None:
        return Zone.objects.create(**values)
    if values.get("key", held.key) != held.key:
        raise Refused(
            _("This database holds the zone %(held)s, not %(given)s.") % {"held": held.key, "given": values["key"]},
            _("One database is one zone: choose another GANGSHEN_HOME or GANGSHEN_DATABASE_URL."),
        )
    for name, value in values.items():
        setattr(held, name, value)
    held.save()
    return held


def today() -> dt.date:
    """The zone's day: a demo zone's fixed date, else the local date. For the edge only; below it, a date is passed in."""
    fixed: dt.date | None = Zone.objects.order_by("pk").values_list("demo_today", flat=True).first()
    return fixed or timezone.localdate()


def now() -> dt.datetime:
    """The zone's day with the clock's time, in local time. For the edge only."""
    clock = timezone.localtime()
    return dt.datetime.combine(today(), clock.timetz())
