"""What the archive offers and hears: its lists and menu entry, the resolver of files, the trail of log-ins and exports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive import services
from gangshen.apps.archive.listings import FILES, SEALS, SOURCES, TRAIL, WORDS
from gangshen.apps.archive.models import File, LogEntry
from gangshen.apps.archive.pages import file_url
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import User
from gangshen.apps.identity.services import OUTCOMES
from gangshen.engines.evidence import Ref
from gangshen.web.components import Evidence
from gangshen.web.formatting import moment
from gangshen.web.hookpoints import NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS, READ, Listing


def _outcome(event: str, user: User | None, detail: dict[str, Any]) -> None:
    services.record_event(user, event, user, detail or None)


def _list_read(listing: Listing, actor: Any, channel: str, count: int) -> None:
    if channel in ("excel", "csv"):
        services.record_event(
            actor if isinstance(actor, User) else None,
            "export",
            f"list:{listing.key}",
            {"channel": channel, "rows": count},
        )


def _file(ref: Ref, user: Any) -> Evidence | None:
    file = File.objects.for_user(user).filter(sha256=ref.id).first()
    if file is None:
        return None
    kept = ((_("Kept since"), moment(file.created_at)), (_("Bytes"), file.size), ("SHA-256", file.sha256))
    return Evidence(title=file.name, url=file_url(file.sha256), date=file.created_at.date(), values=kept)


OUTCOMES.register("archive", _outcome)
for _name, _word in WORDS.items():
    services.EVENTS.register(_name, _word)
READ.register("archive", _list_read)
RESOLVERS.register("file", _file)
for _listing in (TRAIL, SEALS, SOURCES, FILES):
    LISTINGS.register(_listing.key, _listing)
NAVIGATION.register(
    "audit",
    NavigationEntry(_("Audit"), "archive:audit", parent="manage", allowed=lambda user: allowed(user, "view", LogEntry)),
    order=810,
)
