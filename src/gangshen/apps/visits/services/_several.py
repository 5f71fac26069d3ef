"""Visits to several firms at once: who was there of late, who goes, planned together or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.identity.models import Organisation, Role, User
from gangshen.apps.registers import services as registers
from gangshen.apps.visits.models import Visit
from gangshen.web.errors import Refused

from ._visits import EARLIER, plan

__all__ = ["MOST", "Stop", "plan_several", "stops", "visitors"]

MOST = 50  # firms planned together: a page of the register


@dataclass(frozen=True, slots=True)
class Stop:
    """A firm to go to: who looks after it, and the visits within ``EARLIER`` days around today, the latest first."""

    firm: Organisation
    manager: registers.Manager
    lately: list[Visit] = field(default_factory=list)


def stops(keys: Iterable[str], user: User, today: dt.date) -> list[Stop]:
    """The firms of ``keys`` that ``user`` may see, by name. Raises Refused for none and for more than ``MOST``."""
    wanted = [key for key in dict.fromkeys(keys) if registers.may_see(user, key)]
    firms = Organisation.objects.filter(key__in=wanted, kind=Organisation.Kind.ENTERPRISE).order_by("name")
    if not firms:
        raise Refused(_("No firm is chosen."), _("Tick firms in the register first."))
    if len(firms) > MOST:
        raise Refused(
            _("%(n)s firms are chosen, more than %(most)s.") % {"n": len(firms), "most": MOST},
            _("Plan them in parts."),
        )
    span = (today - dt.timedelta(days=EARLIER), today + dt.timedelta(days=EARLIER))
    keys = registers.keys_of([one.key for one in firms])
    found = Visit.objects.filter(firm__key__in=keys, on__range=span).exclude(state=Visit.State.CANCELLED)
    lately: dict[str, list[Visit]] = {}
    for one in found.select_related("firm", "unit", "visitor"):
        lately.setdefault(keys[one.firm.key], []).append(one)
    managers = registers.managers([one.key for one in firms], today)
    return [Stop(one, managers[one.key], lately.get(one.key, [])) for one in firms]


def visitors() -> list[User]:
    """Account managers who may be sent."""
    found = User.objects.filter(is_active=True, role_grants__role=Role.ACCOUNT_MANAGER).distinct()
    return list(found.order_by("display_name", "username"))


@transaction.atomic
def plan_several(
    given: Sequence[tuple[Stop, dt.date]],
    unit: Organisation,
    *,
    visitor: User | None,
    purpose: str,
    actor: User,
    today: dt.date,
) -> list[Visit]:
    """Plan a visit to each firm on its day; ``visitor`` None sends each firm's account manager, where one is known.

    Raises Refused naming the firm when one cannot be planned; then none is.
    """
    return [
        plan(stop.firm, unit, on, purpose=purpose, visitor=visitor or stop.manager.user, actor=actor, today=today)
        for stop, on in given
    ]
