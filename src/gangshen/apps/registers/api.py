"""The registers in the API: one enterprise, its facts, its records. The list itself is ``/api/lists/enterprises``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status, UploadedFile
from ninja.pagination import paginate

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import ENTERPRISES
from gangshen.apps.registers.models import Batch, Connector, Likeness, Record
from gangshen.apps.registers.services import importing
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web import listing
from gangshen.web.api import Paged
from gangshen.web.errors import Refused

__all__ = ["quality_out", "router"]

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
    """The enterprise of ``key``, or the one that it was merged into."""
    user: Any = request.user
    firm = Organisation.objects.filter(key=services.kept_key(key)).first()
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
        ref=f"rec:{fact.record_id}#{name.partition('@')[0]}" if fact.record_id else None,
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


class MergeIn(Schema):
    """``kept`` stays, ``merged`` is read as said of it."""

    kept: str
    merged: str
    reason: str = ""


class MergeOut(Schema):
    batch: int
    kept: str
    merged: list[str]


@router.post("/merges", response=MergeOut, summary="Read two enterprises as one; taken back with DELETE")
def merge(request: HttpRequest, data: MergeIn) -> MergeOut:
    user: Any = request.user
    batch = services.merge(data.kept, data.merged, actor=user, now=identity.now(), reason=data.reason)
    return MergeOut(batch=batch.pk, kept=data.kept, merged=[one.merged for one in batch.merges.all()])


@router.delete("/merges/{batch}", response={204: None}, summary="Take a merge back")
def unmerge(request: HttpRequest, batch: int) -> None:
    user: Any = request.user
    found = Batch.objects.for_user(user, "change").filter(pk=batch, merges__isnull=False).first()
    if found is None:
        raise Http404
    services.unmerge(found, user, identity.now())


class LikenessIn(Schema):
    """``key``: the candidate that it is; empty: none of them. ``keep_other``: the enterprise with the name is kept."""

    key: str = ""
    keep_other: bool = False


@router.post("/likenesses/{number}", response=dict[str, Any], summary="Decide whom a name means")
def decide(request: HttpRequest, number: int, data: LikenessIn) -> dict[str, Any]:
    user: Any = request.user
    if not Likeness.objects.for_user(user).filter(pk=number).exists():
        raise Http404
    now = identity.now()
    if data.key:
        done = services.confirm(number, data.key, actor=user, now=now, keep_other=data.keep_other)
    else:
        done = services.refuse(number, actor=user, now=now)
    return {"state": done.state, "chosen": done.chosen, "batch": done.made_id}


@router.delete("/likenesses/{number}", response={204: None}, summary="Take a decision back")
def take_back(request: HttpRequest, number: int) -> None:
    user: Any = request.user
    services.take_back(number, actor=user, now=identity.now())


class ImportIn(Schema):
    """``maps``: HEADER=attribute[:unit]; ``units``: HEADER=unit, which also says that a jump is right."""

    kind: str = "enterprises"
    source: str = services.UPLOAD
    purpose: str = ""
    grade: str = ""
    maps: list[str] = []
    units: list[str] = []
    as_of: dt.date | None = None
    period: str = ""
    sheet: str = ""
    header_row: str = ""
    personal: str = "drop"
    dry_run: bool = False


class RunOut(Schema):
    """The run that imports: follow it under ``/api/runs/{run}``; its result is the receipt."""

    run: int


@router.post(
    "/imports",
    response={200: dict[str, Any], 202: RunOut},
    summary="Import a table of any layout, or see what it would do",
)
def import_(request: HttpRequest, data: Form[ImportIn], file: File[UploadedFile]) -> Status[Any]:
    """A dry run of a large file is a run too: what it found is under ``imports/looks/{run}``."""
    user: Any = request.user
    require(user, "add", Batch)
    if (file.size or 0) > importing.LIMIT:
        words = {"file": file.name, "size": (file.size or 0) >> 20}
        raise Refused(_("%(file)s has %(size)s MB, more than 200 MB.") % words, _("Split it and import the parts."))
    source, now = services.source_named(data.source), identity.now()
    how = importing.order(
        data.kind,
        source=data.source,
        given=importing.parse_given(data.maps),
        units=importing.parse_units(data.units),
        **data.dict(include={"purpose", "grade", "as_of", "period", "sheet", "header_row", "personal"}),
    )
    if not (data.dry_run or data.purpose or source.purpose):
        raise Refused(_("What the data are for is not stated."), _("State the purpose."))
    name, today = file.name or "upload", identity.today()
    if data.dry_run and not importing.is_large(file.file):
        found = importing.examined(how, source, file.read(), name, today)
        return Status(200, importing.summary(found))
    kept = archive.store(archive.uploaded(file), name, now=now, actor=user)
    if data.dry_run:
        return Status(202, RunOut(run=importing.check(kept, how, user, now).pk))
    return Status(202, RunOut(run=importing.import_kept(kept, how, name=name, actor=user, now=now).pk))


@router.get("/imports/looks/{run}", response={200: dict[str, Any], 202: RunOut}, summary="What a large file would do")
def look(request: HttpRequest, run: int) -> Status[Any]:
    """202 while it goes on; one that failed says why."""
    user: Any = request.user
    require(user, "add", Batch)
    found = Run.objects.filter(kind=importing.CHECK, pk=run).select_related("result_file").first()
    if found is None:
        raise Http404
    if found.state in (Run.State.FAILED, Run.State.CANCELLED):
        raise Refused(found.error or _("Looking at the file was stopped."), found.remedy)
    if found.state != Run.State.DONE:
        return Status(202, RunOut(run=run))
    return Status(200, importing.seen(found))


def _batch(request: HttpRequest, number: int, action: str = "view") -> Batch:
    user: Any = request.user
    found = Batch.objects.for_user(user, action).select_related("source", "actor", "file").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@router.get("/imports/{batch}", response=dict[str, Any], summary="The signed receipt of an import")
def import_receipt(request: HttpRequest, batch: int) -> dict[str, Any]:
    return importing.receipt(_batch(request, batch))


@router.post("/imports/{batch}/undo", response=dict[str, Any], summary="Hide what an import brought")
def undo(request: HttpRequest, batch: int) -> dict[str, Any]:
    user: Any = request.user
    found = _batch(request, batch, "change")
    services.undo(found, user, identity.now())
    return {"batch": found.pk, "state": found.state}


@router.post("/imports/{batch}/redo", response=dict[str, Any], summary="Show it again")
def redo(request: HttpRequest, batch: int) -> dict[str, Any]:
    user: Any = request.user
    found = _batch(request, batch, "change")
    services.redo(found, user, identity.now())
    return {"batch": found.pk, "state": found.state}


class NamesIn(Schema):
    names: list[str]


@router.post("/resolve", response=list[dict[str, Any]], summary="Which enterprise each written name means")
def resolve(request: HttpRequest, data: NamesIn) -> list[dict[str, Any]]:
    user: Any = request.user
    if scope(user, "view", Record) != "all":
        raise Http404
    return [
        {
            "name": one.query,
            "full_name": one.best.name if one.best else None,
            "id": one.best.key if one.best else None,
            "score": one.score,
            "reason": "；".join(why.zh for why in one.reasons),
        }
        for one in services.resolve_names(data.names[:10_000])
    ]


class LineOut(Schema):
    """One attribute over all firms; ``fen``: the most that waits for it."""

    attribute: str
    known: int
    stale: int
    disputed: int
    missing: int
    good_for_days: int | None
    waiting: int
    fen: int


class DeliveryOut(Schema):
    source: str
    newest: dt.date | None
    days: int | None
    promised_days: int | None
    late: bool


class QualityOut(Schema):
    """The register today; the values one by one are ``/api/lists/doubts``."""

    as_of: dt.date
    figures: dict[str, int]
    attributes: list[LineOut]
    sources: list[DeliveryOut]
    history: list[dict[str, Any]]


def quality_out(user: Any, today: dt.date) -> QualityOut:
    """How far the register can be trusted, as far as ``user`` may know (None: everything)."""
    found = services.quality(today, user)
    return QualityOut(
        as_of=found.as_of,
        figures=found.figures(),
        attributes=[
            LineOut(
                attribute=line.attribute.id,
                known=line.known,
                stale=line.stale,
                disputed=line.disputed,
                missing=line.missing,
                good_for_days=line.attribute.stale_after_days,
                waiting=line.waiting,
                fen=line.fen,
            )
            for line in found.lines
        ],
        sources=[
            DeliveryOut(
                source=one.source.key,
                newest=one.newest,
                days=one.days,
                promised_days=one.source.update_days,
                late=one.late,
            )
            for one in found.deliveries
        ],
        history=[{"day": one.day, "run": one.run, **one.figures} for one in services.measured(today)],
    )


@router.get("/quality", response=QualityOut, summary="What of the register cannot be trusted, by attribute and source")
def quality(request: HttpRequest) -> QualityOut:
    user: Any = request.user
    if not allowed(user, "view", Batch) or scope(user, "view", Record) != "all":
        raise PermissionDenied
    return quality_out(user, identity.today())


@router.post("/connectors/{key}/pull", response=dict[str, int], summary="Pull a connector now, in the background")
def pull(request: HttpRequest, key: str) -> dict[str, int]:
    user: Any = request.user
    one = Connector.objects.for_user(user, "change").filter(key=key).first()
    if one is None:
        raise Http404
    return {"run": runs.start(services.PULL, {"connector": one.key}, actor=user, now=identity.now()).pk}


class AskIn(Schema):
    """Ids of ``/api/lists/doubts``."""

    rows: list[str]


@router.post("/quality/ask", response=dict[str, int], summary="Ask the account managers for values, each once")
def ask(request: HttpRequest, data: AskIn) -> dict[str, int]:
    user: Any = request.user
    if not allowed(user, "view", Batch) or scope(user, "view", Record) != "all":
        raise PermissionDenied
    done = services.ask_for(data.rows[:1000], actor=user, now=identity.now(), today=identity.today())
    return {"opened": done.opened, "already": done.already, "to_office": done.to_office, "left": done.left}


@router.get("/{key}", response=EnterpriseOut, summary="One enterprise with the facts open to you")
def enterprise(request: HttpRequest, key: str, as_of: dt.date | None = None) -> EnterpriseOut:
    user: Any = request.user
    firm = _firm(request, key)
    facts = services.facts(firm.key, as_of or identity.today(), user, so_far=True)
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
    if attribute not in services.readable_attributes(user, own=services.is_own(user, firm.key)):
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
        for one in services.history(firm.key, attribute, identity.today())
    ]


@router.get("/{key}/records", response=list[RecordOut], summary="Live records, the latest first")
@paginate(Paged)
def records(request: HttpRequest, key: str) -> list[RecordOut]:
    user: Any = request.user
    firm = _firm(request, key)
    may = services.readable_attributes(user, own=services.is_own(user, firm.key))
    found = (
        services.live_records().filter(services.of_subject(firm.key)).select_related("source").order_by("-as_of", "-pk")
    )
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
