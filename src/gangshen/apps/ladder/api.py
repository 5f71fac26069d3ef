"""The ladder in the API: counts, one firm, the titles. Lists are under ``/api/lists``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Router

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import require, scope
from gangshen.apps.registers import services as registers
from gangshen.web.errors import Refused

from . import services
from .listings import STANDING
from .models import Title

__all__ = ["router"]

router = Router(tags=["ladder"])


def _day(as_of: dt.date | None) -> dt.date:
    today = identity.today()
    if as_of is not None and as_of > today:
        raise Refused(f"{as_of} has not come.", "Give today or an earlier day.")
    return as_of or today


@router.get("", response=list[dict[str, Any]], summary="Distinct firms by rung, by title and by tally")
def status(request: HttpRequest, as_of: dt.date | None = None) -> list[dict[str, Any]]:
    if scope(request.user, "view", STANDING) != "all":
        raise PermissionDenied
    return [services.count_row(one) for one in services.counts(services.survey(_day(as_of)))]


@router.get("/titles", response=list[dict[str, Any]], summary="Titles with their editions")
def titles(request: HttpRequest) -> list[dict[str, Any]]:
    require(request.user, "view", Title)
    return services.title_rows()


@router.get("/firms/{key}", response=dict[str, Any], summary="One firm: titles, rung, next title, what is missing")
def firm(request: HttpRequest, key: str, as_of: dt.date | None = None) -> dict[str, Any]:
    user: Any = request.user
    reach = scope(user, "view", STANDING)
    key = registers.kept_key(key)
    own = registers.is_own(user, key)
    if reach is None or not (reach == "all" or own) or not registers.may_see(user, key):
        raise Http404(key)
    row = services.firm_row(key, _day(as_of), registers.readable_attributes(user, own=own))
    if row is None:
        raise Http404(key)
    return row
