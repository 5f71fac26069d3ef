"""What identity offers below: its lists, its menu entry, and keys for the API."""

from __future__ import annotations

from auditlog.context import auditlog_value
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity import services
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.listings import ORGANISATIONS, USERS
from gangshen.apps.identity.models import User
from gangshen.web.api import TOKEN_AUTH
from gangshen.web.hookpoints import NAVIGATION, NavigationEntry
from gangshen.web.listing import LISTINGS, MAY, SAVED, SavedViews


def _owner_of(plain: str) -> User | None:
    user = services.user_for_token(plain, services.now())
    if user is not None:
        auditlog_value.get({})["actor"] = user  # the trail names who came with a key, as it does after a log-in
    return user


MAY.register("roles", allowed)  # default deny: a list of a model is open as roles.csv says, whatever it declares
TOKEN_AUTH.register("token", _owner_of)
SAVED.register(
    "views",
    SavedViews(services.saved_views, "identity:keep_view", "identity:drop_view", services.is_colleague),
)
LISTINGS.register("users", USERS)
LISTINGS.register("organisations", ORGANISATIONS)
NAVIGATION.register(
    "users",
    NavigationEntry(_("Users"), "identity:users", parent="manage", allowed=lambda user: allowed(user, "add", User)),
    order=800,
)
