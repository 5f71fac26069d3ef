"""The ladder on a firm's profile, on its visit sheet and on its own door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.ladder.listings import STANDING
from gangshen.apps.ladder.models import Coached
from gangshen.apps.registers import services as registers
from gangshen.web.formatting import label

from ._words import stand_of

__all__ = ["allowed_here", "answer", "panel", "sheet"]


def allowed_here(user: User) -> bool:
    """May ``user`` see any firm's stand?"""
    return allowed(user, "view", STANDING)


def _stand(user: User, firm: Organisation, today: dt.date) -> dict[str, Any]:
    held: dict[Any, dict[str, Any]] = user.__dict__.setdefault("_ladder_stands", {})
    if (firm.pk, today) not in held:  # the sentence and the card ask for the same
        may = registers.readable_attributes(user, own=registers.is_own(user, firm.key))
        held[firm.pk, today] = stand_of(firm, today, may)
    return held[firm.pk, today]


def panel(user: User, firm: Organisation, today: dt.date) -> dict[str, Any]:
    """The card: certificates with their end, the next title with what is missing."""
    coached = Coached.objects.for_user(user).filter(firm=firm).select_related("list__title", "case__owner")
    return _stand(user, firm, today) | {"staff": scope(user, "view", STANDING) == "all", "coached": list(coached[:3])}


def answer(user: User, firm: Organisation, today: dt.date) -> SafeString | None:
    """The ladder's clause of the profile's sentence."""
    stand = _stand(user, firm, today)
    if not stand["rung"]:
        return None
    return SafeString(format_html(_('stands on <a class="fig" href="#ladder">{}</a>'), stand["rung"]) + _("; "))


def sheet(user: User, firm: Organisation, today: dt.date) -> list[str]:
    """Lines of the visit sheet: titles that end, what is missing for the next."""
    stand = _stand(user, firm, today)
    lines = [f"{label(one['title'])}：{one['when']}" for one in stand["held"] if one["state"] in ("ok", "near")][:3]
    for one in stand["nexts"][:1]:
        lacking = _("; ").join(row.words for row in one["lacking"][:3]) or one["words"]
        lines.append(_("Next: %(title)s. Missing: %(what)s") % {"title": label(one["title"]), "what": lacking})
    return lines
