"""Policies in the API: the files, who gets what for one enterprise, the golden cases. Lists: `policies`, `matches`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.services import now, today
from gangshen.apps.money.models import Programme
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import FormatError

from . import services
from .models import ConfirmLine, ConfirmList, Grant, GrantBatch, Policy

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


class WhatIf(Schema):
    """Moves on an edition: setting → value as typed (``4%``, ``2000万元``), clauses left out, conditions added."""

    set: dict[str, str] = {}
    drop: list[str] = []
    add: list[str] = []
    version: str | None = None
    as_of: dt.date | None = None


@router.post("/{key}/what-if", response=dict[str, Any], summary="Try other numbers or clauses; nothing is kept")
def what_if(request: HttpRequest, key: str, asked: WhatIf) -> dict[str, Any]:
    """Who enters, leaves and is unknown, by segment, size and town; cost in fen against the appropriation; flags."""
    user: Any = request.user
    if scope(user, "view", Policy) != "all" or scope(user, "view", "policies.Match") != "all":
        raise PermissionDenied
    changes = services.Changes(asked.set, tuple(asked.drop), tuple(asked.add))
    seen = allowed(user, "view", Programme)
    found = services.studied(key, asked.version, changes, asked.as_of or today(), may_see_money=seen)
    return services.what_if_json(found)


@router.post("/{key}/confirm-lists", response=dict[str, Any], summary="List who is entitled without an application")
def make_confirm_list(request: HttpRequest, key: str) -> dict[str, Any]:
    """The firms entitled today, new ones marked with the reason; nothing is paid. The same firms are the same list."""
    user: Any = request.user
    one = get_object_or_404(Policy.objects.for_user(user), key=key)
    made = services.confirm_list(one, today(), actor=user, now=now())
    return services.confirm_json(made, registers.readable_attributes(user))


@router.get("/confirm-lists/{number}", response=dict[str, Any], summary="A confirm list with its answers")
def one_confirm_list(request: HttpRequest, number: int) -> dict[str, Any]:
    user: Any = request.user
    held = get_object_or_404(ConfirmList.objects.for_user(user), pk=number)
    return services.confirm_json(held, registers.readable_attributes(user))


class SentOut(Schema):
    cases: int
    firms: int
    already: int


@router.post("/confirm-lists/{number}/send", response=SentOut, summary="Ask the firms of a list, each once")
def send_confirm_list(request: HttpRequest, number: int) -> SentOut:
    user: Any = request.user
    held = get_object_or_404(ConfirmList.objects.for_user(user), pk=number)
    sent = services.send_list(held, actor=user, now=now())
    return SentOut(cases=sent.cases, firms=sent.firms, already=sent.already)


class AnswerIn(Schema):
    answer: str
    reason: str = ""


@router.post("/confirm-lines/{number}/answer", response=dict[str, Any], summary="Confirmed, or objected with reason")
def answer_confirm_line(request: HttpRequest, number: int, given: AnswerIn) -> dict[str, Any]:
    user: Any = request.user
    line = get_object_or_404(ConfirmLine.objects.for_user(user, "change"), pk=number)
    said = services.answer_line(line, given.answer, given.reason, actor=user, now=now())
    return {"line": said.pk, "answer": said.state, "reason": said.reason}


class GrantsOut(Schema):
    batch: int | None
    added: int
    known: int
    fen: int
    faults: list[str]


@router.post("/granted", response=GrantsOut, summary="Load what firms were granted before; dry_run keeps nothing")
def load_grants(request: HttpRequest, file: File[UploadedFile], dry_run: bool = False) -> GrantsOut:
    """A table (Excel or CSV) is kept whole, or not at all with every fault named by its row and column."""
    user: Any = request.user
    require(user, "add", Grant)
    data, name = file.read(), file.name or "table"
    try:
        read = services.read_grants(data, name)
        faults = [str(one) for one in read.problems]
    except FormatError as error:
        return GrantsOut(batch=None, added=0, known=0, fen=0, faults=[str(one) for one in error.problems])
    if dry_run or faults:
        added = 0 if faults else len(read.new)
        return GrantsOut(batch=None, added=added, known=read.known, fen=read.fen, faults=faults)
    batch = services.import_grants(data, name, actor=user, now=now())
    return GrantsOut(batch=batch and batch.pk, added=len(read.new), known=read.known, fen=read.fen, faults=[])


@router.post("/granted/{number}/undo", response=dict[str, int], summary="Take a batch of grants back whole")
def undo_grants(request: HttpRequest, number: int) -> dict[str, int]:
    user: Any = request.user
    batch = get_object_or_404(GrantBatch.objects.for_user(user, "change"), pk=number)
    return {"batch": services.undo_grants(batch, actor=user, now=now()).pk}


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
