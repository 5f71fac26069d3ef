"""What the morning has to say of policies: whom they newly reach or lose, and which end soon."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.apps.runs.models import Run

from ._editions import Edition, editions_in_force
from ._runs import YES, Change, difference, last_two

__all__ = ["Ending", "Morning", "ending", "fresh", "morning"]

SOON = 30  # days


@dataclass(frozen=True, slots=True)
class Ending:
    """An edition whose applications close, or which itself ends, in ``days``."""

    edition: Edition
    day: dt.date
    days: int
    whole: bool  # the edition itself ends, not only the time to apply


@dataclass(frozen=True, slots=True)
class Morning:
    """New yes and lost yes between the last two matches (``run`` the later), and what ends soon."""

    gained: list[Change]
    lost: list[Change]
    ending: list[Ending]
    run: Run | None


def ending(today: dt.date, editions: list[Edition] | None = None, *, within: int = SOON) -> list[Ending]:
    """Editions in force whose window or term closes within ``within`` days, the soonest first."""
    found = []
    for one in editions_in_force(today) if editions is None else editions:
        last = _last_day(one.version, today)
        if last is not None and 0 <= (last - today).days <= within:
            found.append(Ending(one, last, (last - today).days, last == one.version.valid_to))
    return sorted(found, key=lambda one: (one.day, one.edition.key))


def fresh(today: dt.date, editions: list[Edition], *, within: int = SOON) -> list[tuple[Edition, dt.date]]:
    """Editions that came into force, or began to take applications, in the ``within`` days to today; the latest first."""
    found = []
    for one in editions:
        days = (one.version.valid_from, one.version.window_from)
        begun = [day for day in days if day and 0 <= (today - day).days <= within]
        if begun:
            found.append((one, max(begun)))
    return sorted(found, key=lambda one: (-one[1].toordinal(), one[0].key))


def _last_day(version: PolicyVersion, today: dt.date) -> dt.date | None:
    if version.window_from and today < version.window_from:
        return None
    days = [day for day in (version.window_to, version.valid_to) if day and day >= today]
    return min(days, default=None)


def morning(user: Any, today: dt.date) -> Morning:
    """The part of the morning that ``user`` may see; changes are for those who see every match."""
    open_ = ending(today) if allowed(user, "view", Policy) else []
    after, before = last_two()
    if scope(user, "view", "policies.Match") != "all" or after is None or before is None:
        return Morning([], [], open_, after)
    changes = difference(before, after)
    gained = [one for one in changes if one.after == YES]
    return Morning(gained, [one for one in changes if one.after != YES], open_, after)
