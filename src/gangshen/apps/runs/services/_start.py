"""Starting, stopping and finding runs."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.runs.models import Run
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused

from ._execute import Watch, carry_out, claim
from ._kinds import KINDS

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = ["cancel", "inputs_hash", "label_of", "latest", "start"]

ENDED = (Run.State.DONE, Run.State.FAILED, Run.State.CANCELLED)


def inputs_hash(kind: str, params: Mapping[str, Any]) -> str:
    """Digest of what a run is asked: equal for equal questions, whatever the order of the keys."""
    text = json.dumps([kind, params], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def start(
    kind: str,
    params: Mapping[str, Any],
    *,
    actor: User | None,
    now: dt.datetime,
    inline: bool = False,
    watch: Watch | None = None,
    clock: Callable[[], dt.datetime] | None = None,
) -> Run:
    """Start work of ``kind``. ``params`` is JSON.

    Queued for the worker once the transaction is committed; with ``inline`` it is carried out here and now, its error is
    raised, and ``watch(done, total, message)`` hears of its progress. ``clock`` tells the time of its end (default: the
    zone's).
    """
    if kind not in KINDS:
        raise Refused(_("There is no background work called “%(kind)s”.") % {"kind": kind})
    with transaction.atomic():
        run = Run.objects.create(
            kind=kind, params=dict(params), inputs_hash=inputs_hash(kind, params), actor=actor, created_at=now
        )
        claimed = claim(run.pk, now=now) if inline else None
        if claimed is None:
            enqueue_on_commit(run.pk)
    return run if claimed is None else carry_out(claimed, watch=watch, clock=clock, raises=True)


def enqueue_on_commit(run_id: int) -> None:
    """Hand the run to the worker; the queue carries its number only, so the row is the one truth."""
    from gangshen.apps.runs.background import execute_run

    transaction.on_commit(lambda: execute_run.enqueue(run_id))


def cancel(run: Run, actor: User | None, *, now: dt.datetime) -> Run:
    """Ask a run to stop: at once while queued, else at its next step. What has ended is refused."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if run.state in ENDED:
            raise Refused(_("This run has already ended."), _("Start it again if it is still wanted."))
        run.cancel_requested = True
        if run.state == Run.State.QUEUED:
            run.state, run.finished_at = Run.State.CANCELLED, now
        run.save(update_fields=["cancel_requested", "state", "finished_at"])
    return run


def latest(kind: str, **params: Any) -> Run | None:
    """The last run of ``kind`` that is done and was asked with these parameters, among others."""
    asked = {f"params__{key}": value for key, value in params.items()}
    return Run.objects.filter(kind=kind, state=Run.State.DONE, **asked).order_by("-pk").first()


def label_of(kind: str) -> Text:
    """The label of a kind; of one that is no longer there, its key."""
    return KINDS.get(kind).label if kind in KINDS else Text(zh=kind)
