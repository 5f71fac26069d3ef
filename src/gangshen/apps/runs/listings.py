"""The list of runs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed
from gangshen.web.formatting import moment, number
from gangshen.web.listing import Column, Filter, Listing, View

from .models import Run
from .services import KINDS, label_of

__all__ = ["RUNS", "SHAPES", "share_of"]

SHAPES = {"queued": "unk", "running": "near", "done": "ok", "failed": "bad", "cancelled": "na"}


def share_of(run: Run) -> str:
    """How far it is, in words: 3,120 / 4,806."""
    return f"{number(run.done)} ／ {number(run.total)}" if run.total else number(run.done) if run.done else ""


def _name(run: Run) -> str:
    return label_of(run.kind).in_language(get_language() or "zh-hans")


def _said(run: Run) -> str:
    return run.error or run.message


def _ended(run: Run) -> str:
    return moment(run.finished_at) if run.finished_at else ""


def _kinds(actor: Any) -> list[tuple[str, Any]]:
    return [(key, kind.label) for key, kind in KINDS.items()]


RUNS = Listing(
    key="runs",
    title=_("Runs"),
    noun=_("runs"),
    columns=[
        Column(
            "state",
            _("State"),
            kind="status",
            value=lambda run: (SHAPES[run.state], run.get_state_display()),
            sort="state",
        ),
        Column("what", _("Work"), value=_name, main=True, second=_said, sort="kind"),
        Column("progress", _("Progress"), value=share_of, sort=False),
        Column("actor", _("Started by"), value=lambda run: str(run.actor or _("the system")), sort="actor__username"),
        Column("created", _("Started"), kind="moment", value="created_at"),
        Column("finished", _("Ended"), value=_ended, sort="finished_at", phone=False),
        Column("number", _("Number"), kind="number", value="pk", page=False),
    ],
    filters=[
        Filter("state", _("State"), choices=Run.State.choices),
        Filter("kind", _("Work"), choices=_kinds),
    ],
    views=[
        View("active", _("Under way"), {"state": ["queued", "running"]}),
        View("failed", _("Failed"), {"state": "failed"}),
    ],
    search_fields=("kind", "message", "error"),
    source=lambda actor: Run.objects.for_user(actor).select_related("actor"),
    row_url=lambda run: reverse("runs:run", args=[run.pk]),
    empty=(
        _("Nothing has run yet"),
        _("Imports, readings, matches and reports are listed here with their end."),
        "",
        "",
    ),
    nav_key="manage.runs",
    allowed=lambda actor: allowed(actor, "view", Run),
)
