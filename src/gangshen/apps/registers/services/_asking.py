"""Asking for a value that the register lacks: one case per firm and matter, with whoever looks after the firm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import Organisation, Role, User
from gangshen.engines.evidence import Ref
from gangshen.engines.vocabulary import Attribute
from gangshen.web.formatting import label

from ._snapshots import snapshot

__all__ = ["Manager", "ask", "managers", "question_key"]


@dataclass(frozen=True, slots=True)
class Manager:
    """Who looks after a firm: the name that the register holds, and the account manager who logs in under it."""

    name: str = ""
    user: User | None = None


def managers(subjects: Iterable[str], as_of: dt.date) -> dict[str, Manager]:
    """The account manager of each firm as the register has it on ``as_of``.

    A name finds its user by display name or log-in; a name that two users bear finds none.
    """
    frame = snapshot(as_of=as_of).frame
    wanted = set(subjects)
    named = {}
    if "account_manager" in frame.columns:
        known = frame.select("id", "account_manager").drop_nulls().iter_rows()
        named = {key: name for key, name in known if key in wanted}
    users = _users(set(named.values()))
    return {key: Manager(named.get(key, ""), users.get(named.get(key, ""))) for key in wanted}


def _users(names: set[str]) -> Mapping[str, User]:
    found: dict[str, list[User]] = {}
    rows = User.objects.filter(is_active=True, role_grants__role=Role.ACCOUNT_MANAGER)
    for user in rows.filter(Q(display_name__in=names) | Q(username__in=names)).distinct():
        for name in {user.display_name, user.username} & names:
            found.setdefault(name, []).append(user)
    return {name: users[0] for name, users in found.items() if len(users) == 1}


def question_key(firm: str, matter: str) -> str:
    """The key of the case that asks ``firm`` about ``matter``; two open cases never share it."""
    return f"question:{firm}:{matter}"


def ask(
    firm: Organisation,
    wanted: Sequence[Attribute],
    *,
    matter: str,
    about: Ref | str,
    why: str,
    manager: Manager,
    actor: User,
    now: dt.datetime,
) -> Case:
    """Open the case that asks for the values ``wanted`` of ``firm``, or give back the open one of the same ``matter``.

    It goes to the firm's account manager; without one who logs in here to whoever hands out cases, and says so.
    Raises PermissionDenied when ``actor`` may not open cases.
    """
    if manager.user is not None:
        nobody = ""
    elif manager.name:
        nobody = _("%(name)s, who looks after the firm, has no log-in here; the zone office asks.") % {
            "name": manager.name
        }
    else:
        nobody = _("The register names nobody who looks after the firm; the zone office asks.")
    return cases.open_case(
        "question",
        question_key(firm.key, matter),
        title=_("Ask %(firm)s: %(value)s")
        % {"firm": firm.name, "value": _(", ").join(label(one.label) for one in wanted)},
        about=about,
        owner=manager.user,
        instruction=f"{why} {nobody}".strip(),
        actor=actor,
        now=now,
    )
