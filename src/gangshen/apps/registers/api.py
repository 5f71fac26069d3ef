"""The registers in the API: one enterprise, its facts, its records. The list itself is ``/api/lists/enterprises``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import ENTERPRISES
from gangshen.web import listing
from gangshen.web.api import Paged

__all__ = ["router"]

router = Router()


class FactOut(Schema):
    """``value``: money in fen, percent as 5.0, dates ISO; ``ref`` opens the record; null for a derived value."""

    attribute: str
    value: Any
    ref: str | None
    source: str
    as_of: dt.date
    period: str
    stale: bool
    conflict: bool
    synthetic: bool


class EnterpriseOut(Schema):
    key: str
    code: str
    name: str
    synthetic: bool
    facts: list[FactOut]


class RecordOut(Schema):
    id: int
    source: str
    batch: int
    row: int
    period: str
    as_of: dt.date
    recorded_at: dt.datetime
    values: dict[str, Any]


def _firm(request: HttpRequest, key: str) -> Organisation:
    user: Any = request.user
    firm = Organisation.objects.filter(key=key).first()
    if firm is None or not services.may_see(user, key):
        raise Http404
    return firm


def _read(request: HttpRequest, firm: Organisation, names: list[str]) -> None:
    user: Any = request.user
    read = services.personal(names)
    if read and not services.is_own(user, firm.key):
        archive.record_event(user, "read", firm, {"attributes": read}, personal=True)


def _out(name: str, fact: services.Fact) -> FactOut:
    return FactOut(
        attribute=name,
        value=fact.value,
        ref=f"rec:{fact.record_id}#{name}" if fact.record_id else None,
        source=fact.source,
        as_of=fact.as_of,
        period=fact.period,
        stale=fact.stale,
        conflict=fact.conflict,
        synthetic=fact.synthetic,
    )


@router.get("", response=dict[str, Any], summary="Enterprises, filtered and sorted as on the page")
def enterprises(request: HttpRequest) -> dict[str, Any]:
    return listing.as_json(listing.rows(ENTERPRISES, request.user, request.GET, channel="api", strict=True))


@router.get("/{key}", response=EnterpriseOut, summary="One enterprise with the facts open to you")
def enterprise(request: HttpRequest, key: str, as_of: dt.date | None = None) -> EnterpriseOut:
    user: Any = request.user
    firm = _firm(request, key)
    facts = services.facts(key, as_of or identity.today(), user)
    _read(request, firm, list(facts))
    told = [_out(name, fact) for name, fact in facts.items()]
    return EnterpriseOut(
        key=firm.key,
        code=firm.code,
        name=firm.name,
        synthetic=firm.synthetic or any(fact.synthetic for fact in facts.values()),
        facts=told,
    )


@router.get("/{key}/facts/{attribute}", response=list[dict[str, Any]], summary="What was said of one attribute")
def history(request: HttpRequest, key: str, attribute: str) -> list[dict[str, Any]]:
    user: Any = request.user
    firm = _firm(request, key)
    if attribute not in services.readable_attributes(user, own=services.is_own(user, key)):
        raise Http404
    _read(request, firm, [attribute])
    return [
        {
            "ref": f"rec:{one.record_id}#{attribute}",
            "value": one.value,
            "source": one.source,
            "as_of": one.as_of,
            "recorded_at": one.recorded_at,
            "period": one.period,
            "batch": one.batch,
            "believed": one.believed,
            "contradicts": one.contradicts,
            "synthetic": one.synthetic,
        }
        for one in services.history(key, attribute, identity.today())
    ]


@router.get("/{key}/records", response=list[RecordOut], summary="Live records, the latest first")
@paginate(Paged)
def records(request: HttpRequest, key: str) -> list[RecordOut]:
    user: Any = request.user
    firm = _firm(request, key)
    may = services.readable_attributes(user, own=services.is_own(user, key))
    found = services.live_records().filter(subject=key).select_related("source").order_by("-as_of", "-pk")
    told = [
        RecordOut(
            id=one.pk,
            source=one.source.key,
            batch=one.batch_id,
            row=one.row,
            period=one.period,
            as_of=one.as_of,
            recorded_at=one.recorded_at,
            values={name: value for name, value in one.values.items() if name in may},
        )
        for one in found
    ]
    _read(request, firm, [name for one in told for name in one.values])
    return told
