"""Cases in the API: mine, one, open, move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.web.api import Paged
from gangshen.web.errors import Refused

from . import services
from .models import Case
from .services import CASE_TYPES

__all__ = ["router"]


router = Router()


class CaseOut(Schema):
    id: int
    type: str
    key: str
    title: str
    about: str
    evidence: list[str]
    instruction: str
    state: str
    unit: str | None
    owner: str | None
    opened_at: dt.datetime
    due: dt.date | None
    due_provisional: bool
    workdays_left: int | None
    clock: str
    receipt: str
    actions: list[str] = []

    @staticmethod
    def resolve_unit(case: Case) -> str | None:
        return case.unit.key if case.unit else None

    @staticmethod
    def resolve_owner(case: Case) -> str | None:
        return case.owner.username if case.owner else None

    @staticmethod
    def resolve_workdays_left(case: Case) -> int | None:
        return services.clock(case, identity.today()).workdays_left

    @staticmethod
    def resolve_clock(case: Case) -> str:
        return services.clock(case, identity.today()).state


class CaseIn(Schema):
    type: str
    key: str
    title: str
    about: str
    evidence: list[str] = []
    unit: str = ""
    owner: str = ""
    instruction: str = ""
    due: dt.date | None = None


class MoveIn(Schema):
    text: str = ""
    due: dt.date | None = None
    unit: str = ""
    owner: str = ""


Verb = Literal["comment", "wait", "report", "return", "close", "reopen", "extend", "hand_over"]
MOVES: dict[str, Any] = {
    "comment": services.comment,
    "wait": services.wait,
    "report": services.report,
    "return": services.return_,
    "close": services.close,
    "reopen": services.reopen,
}


def _user(name: str) -> User | None:
    if not name:
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise Refused(f"There is no user {name}.", "Give a log-in name.")
    return found


def _shown(case: Case, user: Any) -> Case:
    case.actions = list(services.actions(case, user))  # type: ignore[attr-defined]
    return case


LISTS: dict[str, Callable[[Any], QuerySet[Case]]] = {
    "todo": services.mine,
    "waiting": services.waiting,
    "done": services.done_by,
    "all": lambda user: Case.objects.for_user(user).select_related("unit", "owner"),
}


@router.get("", response=list[CaseOut], summary="Cases that wait for me; with which=waiting, done or all the others")
@paginate(Paged)
def list_cases(request: HttpRequest, which: str = "todo") -> QuerySet[Case]:
    if which not in LISTS:
        raise Refused(f"There is no list {which}.", f"Lists are: {', '.join(LISTS)}.")
    return LISTS[which](request.user)


@router.get("/{number}", response=CaseOut, summary="One case, with what I may do now")
def get_case(request: HttpRequest, number: int) -> Case:
    return _shown(get_object_or_404(Case.objects.for_user(request.user), pk=number), request.user)


@router.post("", response=CaseOut, summary="Open a case; the open one of the same key is given back")
def open_case(request: HttpRequest, given: CaseIn) -> Case:
    if given.type not in CASE_TYPES:
        known = ", ".join(key for key, _kind in CASE_TYPES.items())
        raise Refused(f"There is no case type {given.type}.", f"Types are: {known}.")
    case = services.open_case(
        given.type,
        given.key,
        title=given.title,
        about=given.about,
        evidence=given.evidence,
        unit=identity.organisation(given.unit) if given.unit else None,
        owner=_user(given.owner),
        instruction=given.instruction,
        due=given.due,
        actor=request.user,  # type: ignore[arg-type]
        now=identity.now(),
    )
    return _shown(case, request.user)


@router.post("/{number}/{verb}", response=CaseOut, summary="Move a case")
def move_case(request: HttpRequest, number: int, verb: Verb, given: MoveIn) -> Case:
    case = get_object_or_404(Case.objects.for_user(request.user), pk=number)
    how: dict[str, Any] = {"actor": request.user, "now": identity.now()}
    if verb == "hand_over":
        to = _user(given.owner) or identity.organisation(given.unit)
        services.hand_over(case, to, reason=given.text, **how)
    elif verb == "extend":
        if given.due is None:
            raise Refused("An extension needs its new deadline.", "Give `due`.")
        services.extend(case, given.due, given.text, **how)
    else:
        MOVES[verb](case, given.text, **how)
    return _shown(case, request.user)
