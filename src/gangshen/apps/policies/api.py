"""Policies in the API: the files, who gets what for one enterprise, the golden cases. Lists: `policies`, `matches`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.services import now, today
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits

from . import services
from .models import Policy

__all__ = ["router"]

router = Router()


class PolicyOut(Schema):
    """A policy with the names of its editions; ``in_force`` names the one that applies today."""

    key: str
    title: str
    title_en: str
    issuer: str
    theme: str
    example: bool
    editions: list[str]
    in_force: str | None


@router.get("/", response=list[PolicyOut], summary="Policies with their editions")
def policies(request: HttpRequest) -> list[PolicyOut]:
    require(request.user, "view", Policy)
    applying = {edition.key: edition.version.version for edition in services.editions_in_force(today())}
    return [
        PolicyOut(
            key=one.key,
            title=one.title,
            title_en=one.title_en,
            issuer=one.issuer,
            theme=one.theme,
            example=one.example,
            editions=[version.version for version in one.versions.all()],
            in_force=applying.get(one.key),
        )
        for one in Policy.objects.for_user(request.user).prefetch_related("versions")
    ]


@router.get(
    "/match/{enterprise}", response=list[dict[str, Any]], summary="One enterprise against every policy in force"
)
def match(request: HttpRequest, enterprise: str, as_of: dt.date | None = None) -> list[dict[str, Any]]:
    """Rows as of ``gangshen policies match --json``; values that are not open to the caller are null."""
    user: Any = request.user
    reach = scope(user, "view", "policies.Match")
    own = registers.is_own(user, enterprise)
    if reach is None or not (reach == "all" or own) or not registers.may_see(user, enterprise):
        raise PermissionDenied
    may = registers.readable_attributes(user, own=own)
    return [_open(services.as_row(one), may) for one in services.matches(enterprise, as_of or today())]


def _open(row: dict[str, Any], may: dict[str, Any]) -> dict[str, Any]:
    """``row`` without the values that may not be read."""
    for clause in row["clauses"]:
        if clause["attribute"] and clause["attribute"] not in may:
            clause["value"] = clause["source"] = None
    for change in (row["nearest"] or {}).get("changes", ()):
        if change["attribute"] not in may:
            change["from"] = None
    return row


class Started(Schema):
    run: int
    state: str


@router.post("/match", response=Started, summary="Match every enterprise with every policy in force")
def start(request: HttpRequest) -> Started:
    if not allowed(request.user, "add", "policies.Match"):
        raise PermissionDenied
    run = services.start(today(), actor=request.user, now=now())
    return Started(run=run.pk, state=run.state)


class CaseOut(Schema):
    edition: str
    case: str
    passed: bool
    decision: str | None
    differences: list[str]


@router.get("/{key}/cases", response=list[CaseOut], summary="The golden cases of a policy, decided just now")
def cases(request: HttpRequest, key: str) -> list[CaseOut]:
    policy = get_object_or_404(Policy.objects.for_user(request.user), key=key)
    results = benefits.run_cases(services.engine_policy(policy), registers.vocabulary())
    return [
        CaseOut(
            edition=one.version,
            case=one.case,
            passed=one.passed,
            decision=one.decision.value if one.decision else None,
            differences=[str(each) for each in one.differences],
        )
        for one in results
    ]


@router.get("/{key}", response=dict[str, Any], summary="The policy file as JSON")
def policy(request: HttpRequest, key: str) -> dict[str, Any]:
    one = get_object_or_404(Policy.objects.for_user(request.user), key=key)
    return services.engine_policy(one).model_dump(mode="json", exclude_defaults=True)
