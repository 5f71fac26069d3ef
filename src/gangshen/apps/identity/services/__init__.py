"""Who is who in the zone: the zone itself, organisations, units as printed, users, roles and tokens."""

from ._events import OUTCOMES, tell
from ._organisations import (
    Upserted,
    expand,
    organisation,
    unit_named,
    upsert_groups,
    upsert_organisations,
)
from ._rights import grant_role, revoke_role
from ._tokens import issue_token, revoke_token, user_for_token
from ._users import (
    acting,
    change_password,
    create_user,
    demo_users,
    disable_user,
    enable_user,
    unlock,
    update_user,
    user_named,
)
from ._views import drop_view, is_colleague, keep_view, saved_views
from ._zone import now, set_zone, today, zone

__all__ = [
    "OUTCOMES",
    "Upserted",
    "acting",
    "change_password",
    "create_user",
    "demo_users",
    "disable_user",
    "drop_view",
    "enable_user",
    "expand",
    "grant_role",
    "is_colleague",
    "issue_token",
    "keep_view",
    "now",
    "organisation",
    "revoke_role",
    "revoke_token",
    "saved_views",
    "set_zone",
    "tell",
    "today",
    "unit_named",
    "unlock",
    "update_user",
    "upsert_groups",
    "upsert_organisations",
    "user_for_token",
    "user_named",
    "zone",
]
