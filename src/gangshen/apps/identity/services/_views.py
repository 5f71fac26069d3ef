"""Saved views of lists: one's own, and those that colleagues share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import roles_of
from gangshen.apps.identity.models import Role, SavedView, User
from gangshen.web.errors import Refused
from gangshen.web.listing import LISTINGS, Saved

__all__ = ["drop_view", "is_colleague", "keep_view", "saved_views"]

_OUTSIDE = {Role.ENTERPRISE, Role.PROVIDER}
_MOST = 30  # views one person keeps of one list
_LONGEST = 2000


def is_colleague(user: Any) -> bool:
    """Does ``user`` work for the zone, so that views are shared with them?"""
    return bool(set(roles_of(user)) - _OUTSIDE)


def saved_views(user: Any, listing: str) -> list[Saved]:
    """The views of a list that ``user`` sees, one's own first; one query."""
    if not isinstance(user, User):
        return []
    seen = Q(user=user) | Q(shared=True) if is_colleague(user) else Q(user=user)
    rows = SavedView.objects.filter(seen, listing=listing).select_related("user")
    found = [Saved(one.pk, one.name, one.query, one.shared, one.user_id == user.pk, str(one.user)) for one in rows]
    return sorted(found, key=lambda one: not one.mine)


def keep_view(user: User, listing: str, name: str, query: str, *, shared: bool, now: dt.datetime) -> SavedView:
    """Keep a view; one of the same name is replaced. Raises :class:`Refused` for what is no list or has no name."""
    name = " ".join(name.split())
    if listing not in LISTINGS or not LISTINGS.get(listing).allowed(user):
        raise Refused(_("There is no list “%(key)s”.") % {"key": listing}, _("Reload the page."))
    if not name or len(name) > 40:
        raise Refused(_("Give the view a name of at most 40 signs."), _("What will you look for it by?"))
    if shared and not is_colleague(user):
        raise Refused(_("Only the zone's people share views."), _("Keep it for yourself."))
    asked = QueryDict(query, mutable=True)
    for one in ("page", "row", "size", "view"):
        asked.pop(one, None)
    if len(asked.urlencode()) > _LONGEST:
        raise Refused(_("The view asks for too much."), _("Leave out some conditions."))
    held = SavedView.objects.filter(user=user, listing=listing)
    if held.exclude(name=name).count() >= _MOST:
        raise Refused(_("You keep %(n)d views of this list already.") % {"n": _MOST}, _("Drop one first."))
    kept, _made = SavedView.objects.update_or_create(
        user=user,
        listing=listing,
        name=name,
        defaults={"query": asked.urlencode(), "shared": shared, "created_at": now},
    )
    return kept


def drop_view(user: User, number: int) -> None:
    """Drop a view of one's own."""
    SavedView.objects.filter(user=user, pk=number).delete()
