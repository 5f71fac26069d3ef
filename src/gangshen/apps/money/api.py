"""Money in the API: balances, one programme, the books' check. The journal itself is the list `entries`."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from gangshen.apps.identity.access import require

from . import services
from .models import Entry, Programme

__all__ = ["router"]

router = Router()


class BalanceOut(Schema):
    """Fen."""

    programme: str
    name: str
    assumed: bool
    year: int
    appropriated: int
    available: int
    reserved: int
    decided: int
    paid: int
    returned: int


def _out(of: Programme, year: int, balance: services.Balance) -> BalanceOut:
    figures = {name: getattr(balance, name) for name in services.Balance.__slots__}
    return BalanceOut(programme=of.key, name=of.name, assumed=of.assumed, year=year, **figures)


@router.get("/balances", response=list[BalanceOut], summary="Every programme's years, in fen")
def balances(request: HttpRequest, year: int | None = None) -> list[BalanceOut]:
    open_to_me = {one.key: one for one in Programme.objects.for_user(request.user)}
    require(request.user, "view", Programme)
    held = services.balances(year)
    return [_out(open_to_me[key], of, balance) for (key, of), balance in held.items() if key in open_to_me]


@router.get("/balances/{programme}/{year}", response=BalanceOut, summary="One programme's year, in fen")
def balance(request: HttpRequest, programme: str, year: int) -> BalanceOut:
    of = get_object_or_404(Programme.objects.for_user(request.user), key=programme)
    return _out(of, year, services.balance(of, year))


@router.get("/check", response=list[str], summary="Problems of the books; empty when they agree")
def check(request: HttpRequest) -> list[str]:
    require(request.user, "view", Entry)
    return services.check()
