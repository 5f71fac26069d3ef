"""Connectors at work: what a source has new goes through the same import as a file, and a killed pull goes on."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.models import User
from gangshen.apps.registers.adapters import ConnectorFile, Part, PullError, adapter_of
from gangshen.apps.registers.models import Batch, Connector
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.engines.formats import FormatError, dump_yaml, load_yaml
from gangshen.web.errors import Refused

from . import importing
from ._batches import discard

__all__ = ["PULL", "connector", "definition", "due", "last_runs", "look", "overdue", "pull", "put_connector"]

PULL = "registers.pull"
_LEASE = 900  # seconds: longer than one part takes
Step = Callable[[int, str], None]


def connector(key: str) -> Connector:
    """The connector of that key, or the only one of that source; raises :class:`Refused` when there is none."""
    found = list(Connector.objects.select_related("source").filter(Q(key=key) | Q(source__key=key)))
    exact = [one for one in found if one.key == key] or found
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise Refused(_("%(key)s has several connectors.") % {"key": key}, "、".join(one.key for one in exact))
    known = "、".join(Connector.objects.values_list("key", flat=True)) or _("none")
    raise Refused(_("There is no connector %(key)s.") % {"key": key}, _("There are: %(keys)s.") % {"keys": known})


def definition(one: Connector) -> ConnectorFile:
    """Its file, read."""
    return _read(one.key, one.content)


@lru_cache(maxsize=64)
def _read(key: str, content: str) -> ConnectorFile:
    return load_yaml(content, ConnectorFile, name=f"connectors/{key}.yaml")


def put_connector(key: str, made: ConnectorFile, now: dt.datetime) -> Connector:
    """Set a connector's definition. Where it reads from another place, it reads from the beginning again."""
    source = archive.source(made.source)
    importing.entity_named(made.into)
    importing.parse_given([f"{header}={target}" for header, target in made.headers.items()])
    content = dump_yaml(made, ConnectorFile)
    held = Connector.objects.filter(key=key).first()
    if held is None:
        return Connector.objects.create(key=key, source=source, content=content, changed_at=now)
    if held.content != content:
        before = definition(held)
        if (before.folder, before.sql, before.http) != (made.folder, made.sql, made.http):
            held.cursor = ""
        held.source, held.content, held.changed_at = source, content, now
        held.save(update_fields=["source", "content", "cursor", "changed_at"])
    return held


def due(at: dt.datetime) -> list[Connector]:
    """Those whose time has come; ``at`` is the machine's time."""
    return [one for one in Connector.objects.select_related("source") if _due(one, at)]


def _due(one: Connector, at: dt.datetime) -> bool:
    made, last = definition(one), one.tried_at
    return made.enabled and (last is None or at - last >= dt.timedelta(hours=made.every_hours))


def overdue(rows: Iterable[Connector], at: dt.datetime) -> list[Connector]:
    """Those that failed last, or have not succeeded for twice their period."""
    found = []
    for one in rows:
        made = definition(one)
        since = one.pulled_at or one.changed_at
        if made.enabled and (one.error or at - since > 2 * dt.timedelta(hours=made.every_hours)):
            found.append(one)
    return found


def look(one: Connector, today: dt.date, most: int = 20) -> list[dict[str, Any]]:
    """What a pull would bring, part by part; writes nothing. Raises :class:`Refused` in words."""
    made, told = definition(one), []
    try:
        for part in adapter_of(made).pull(one.cursor):
            if len(told) == most:
                break
            told.append(_looked(one, made, part, today))
    except PullError as error:
        raise Refused(str(error)) from error
    return told


def _looked(one: Connector, made: ConnectorFile, part: Part, today: dt.date) -> dict[str, Any]:
    if _came(one, part):
        return {"part": part.name, "came": True}
    table = importing.open_table(part.data, part.name)
    found = importing.examine(
        table,
        importing.entity_named(made.into),
        one.source,
        _given(made, table.headers),
        today=today,
        period=made.period,
    )
    columns = {column.header: column.target for column in found.columns}
    return {
        "part": part.name,
        "came": False,
        **found.counts(),
        "columns": columns,
        "ask": [c.header for c in found.questions],
    }


def _given(made: ConnectorFile, headers: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The mapping of the definition, as far as this table has its headers."""
    there = set(headers)
    return importing.parse_given([f"{header}={target}" for header, target in made.headers.items() if header in there])


def _came(one: Connector, part: Part) -> bool:
    """Was just this brought before? What was undone since stays undone."""
    sha256 = hashlib.sha256(part.data).hexdigest()
    known = Batch.objects.filter(source=one.source, file__sha256=sha256)
    return known.exclude(state=Batch.State.STAGED).exists()


def pull(
    one: Connector, *, actor: User | None, now: dt.datetime, at: dt.datetime, step: Step = lambda done, words: None
) -> dict[str, Any]:
    """Bring what is new. ``now`` is the zone's time, ``at`` the machine's, by which periods run.

    The cursor moves on only behind what is in: a pull killed anywhere is begun again and repeats nothing. A part that
    cannot be imported stays behind and is named; parts that stand alone are tried all the same. Raises
    :class:`Refused` when another pull of it runs, the source cannot be read or a part was refused.
    """
    lease, holder = f"pull:{one.key}"[:40], uuid.uuid4().hex
    if not runs.acquire(lease, holder, at, seconds=_LEASE):
        raise Refused(_("%(key)s is being pulled already.") % {"key": one.key}, _("Wait until it is done."))
    try:
        _clear(one, actor, now)
        told: dict[str, Any] = {"connector": one.key, "parts": 0, "came": 0, "rows": 0, "refused": 0, "batches": []}
        faults = _bring(one, told, actor, now, step, lambda: runs.acquire(lease, holder, at, seconds=_LEASE))
        one.tried_at, one.error = at, "；".join(faults)[:2000]
        if not faults:
            one.pulled_at, one.rows = at, told["rows"]
        one.save(update_fields=["tried_at", "pulled_at", "error", "rows"])
    finally:
        runs.release(lease, holder)
    if faults:
        raise Refused("；".join(faults[:5]), _("What came before it is in; mend this and pull again."))
    return told | {"cursor": one.cursor}


def _clear(one: Connector, actor: User | None, now: dt.datetime) -> None:
    """Stop imports that a killed pull left, before they would be taken up beside this one."""
    left = Run.objects.filter(kind="registers.import", state__in=[Run.State.QUEUED, Run.State.RUNNING])
    for run in left.filter(params__name__startswith=f"{one.key}/"):
        runs.cancel(run, actor, now=now)
        for batch in Batch.objects.filter(run=run, state=Batch.State.STAGED):
            discard(batch)


def _bring(
    one: Connector, told: dict[str, Any], actor: User | None, now: dt.datetime, step: Step, renew: Callable[[], bool]
) -> list[str]:
    faults: list[str] = []
    made = definition(one)
    try:
        for part in adapter_of(made).pull(one.cursor):
            told["parts"] += 1
            step(told["parts"], part.name)
            if _came(one, part):
                told["came"] += 1
            elif fault := _import(one, made, part, told, actor, now):
                faults.append(f"{part.name}: {fault}")
            if part.cursor is not None and not faults:
                one.cursor = part.cursor
                one.save(update_fields=["cursor"])
            renew()
    except PullError as error:
        faults.append(str(error))
    return faults


def _import(
    one: Connector, made: ConnectorFile, part: Part, told: dict[str, Any], actor: User | None, now: dt.datetime
) -> str:
    """Import one part; what is wrong with it, in words."""
    try:
        headers = importing.open_table(part.data, part.name).headers
        run = importing.import_file(
            part.data,
            f"{one.key}/{part.name}",
            kind=made.into,
            actor=actor,
            now=now,
            source=made.source,
            given=_given(made, headers),
            purpose=made.purpose,
            grade=made.grade,
            period=made.period,
            inline=True,
        )
    except Refused as error:
        return str(error)
    except FormatError as error:
        return str(error.in_language(get_language() or "zh-hans"))
    told["rows"] += run.result["imported"]
    told["refused"] += run.result["refused"]
    told["batches"].append(run.result["batch"])
    return ""


def last_runs(one: Connector, seen: QuerySet[Run], most: int = 10) -> list[Run]:
    """The last pulls of a connector that were seen by ``seen``, the latest first."""
    return list(seen.filter(kind=PULL, params__connector=one.key).order_by("-pk")[:most])
