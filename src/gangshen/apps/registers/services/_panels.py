"""What the strata above show on a firm's profile, beside the register and in the data dictionary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gangshen.apps.identity.models import Organisation, User
from gangshen.web.hookpoints import HookPoint
from gangshen.web.listing import Action

__all__ = ["CHOSEN", "PROFILE_PANELS", "SEEN_AS", "USED_BY", "Panel", "SeenAs", "Use"]


def _everyone(user: User) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the profile: ``template`` (whole markup of the card) is drawn with ``context(user, organisation, today)``.

    ``answer`` gives the office's clause of the profile's first sentence, ``notice`` a warning above the facts (escaped
    markup, or nothing); ``actions`` buttons (icon, words, address, primary); ``sheet`` its lines on the visit sheet.
    """

    label: Any
    template: str
    context: Callable[[User, Organisation, dt.date], dict[str, Any]]
    allowed: Callable[[User], bool] = _everyone
    answer: Callable[[User, Organisation, dt.date], Any] | None = None
    notice: Callable[[User, Organisation, dt.date], Any] | None = None
    actions: Callable[[User, Organisation, dt.date], list[tuple[str, str, str, bool]]] | None = None
    sheet: Callable[[User, Organisation, dt.date], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A rule or list that an attribute decides in: a link of the data dictionary."""

    label: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class SeenAs:
    """The firms that fit the register's conditions, shown otherwise: the page ``url`` (a name) takes the same parameters."""

    label: Any
    url: str
    allowed: Callable[[User], bool] = _everyone


CHOSEN: HookPoint[Action] = HookPoint("what can be done with firms chosen in the register")
SEEN_AS: HookPoint[SeenAs] = HookPoint("other view of the register")
PROFILE_PANELS: HookPoint[Panel] = HookPoint("panel of the profile")
USED_BY: HookPoint[Callable[[], dict[str, Iterable[Use]]]] = HookPoint("use of attributes")
"""Each gives attribute id → uses, for all attributes at once."""
