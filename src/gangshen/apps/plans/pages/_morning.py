"""What plans say on the morning page: tasks overdue, targets below pace, what falls due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.plans import services
from gangshen.apps.plans.models import Target, Task
from gangshen.apps.plans.pages._words import TargetCard, cards
from gangshen.web import plots
from gangshen.web.components import Measure
from gangshen.web.morning import Clause, Morning, Todo, remembered

__all__ = ["PLANS"]

AHEAD = 30  # days in which a task that is not late yet is listed


@remembered
def _board(user: Any, today: dt.date) -> list[tuple[Task, services.StatusLight]]:
    """Open tasks of plans in force; a draft raises nothing."""
    query = Task.objects.for_user(user).filter(plan__draft=False).exclude(state=Task.State.CLOSED)
    return services.board(query.select_related("plan").prefetch_related("assignments__unit"), today)


@remembered
def _targets(user: Any, today: dt.date) -> list[TargetCard]:
    query = Target.objects.for_user(user).filter(plan__draft=False).select_related("plan", "series")
    return cards(services.standings(query, today))


def _clauses(user: Any, today: dt.date) -> list[Clause]:
    late = sum(1 for _task, light in _board(user, today) if light.code == "overdue")
    behind = [card for card in _targets(user, today) if card.state == "bad"]
    found = []
    if late:
        words = ngettext("%(figure)s task is overdue", "%(figure)s tasks are overdue", late)
        found.append(Clause(words, late, reverse("plans:index"), "bad", _("dates of the plans in force")))
    if behind:
        words = ngettext("%(figure)s target is below pace", "%(figure)s targets are below pace", len(behind))
        url = reverse("plans:target", args=[behind[0].target.key]) if len(behind) == 1 else reverse("plans:targets")
        found.append(Clause(words, len(behind), url, "bad", _("series of the targets")))
    return found


def _measures(user: Any, today: dt.date) -> list[Measure]:
    board, targets = _board(user, today), _targets(user, today)
    late = sum(1 for _task, light in board if light.code == "overdue")
    soon = sum(1 for _task, light in board if light.light == services.Light.AMBER)
    known = [card for card in targets if card.state != "unk"]
    good = sum(card.state == "ok" for card in known)
    measures = []
    if board:
        measures.append(
            Measure(
                _("Tasks not late"),
                len(board) - late,
                _("of %(n)d") % {"n": len(board)},
                _("%(late)d overdue, %(soon)d soon due") % {"late": late, "soon": soon},
                "bad" if late else "ok",
                plots.shares([len(board) - late - soon, soon, late], ("f-ok", "f-near", "f-bad")),
                reverse("plans:index"),
            )
        )
    if targets:
        measures.append(
            Measure(
                _("Targets on pace"),
                good,
                _("of %(n)d") % {"n": len(targets)},
                _("%(bad)d below pace, %(unknown)d not known")
                % {"bad": len(known) - good, "unknown": len(targets) - len(known)},
                "bad" if len(known) > good else "ok" if known else "unk",
                plots.shares([good, len(known) - good, len(targets) - len(known)], ("f-ok", "f-bad", "f-na")),
                reverse("plans:targets"),
            )
        )
    return measures


def _todos(user: Any, today: dt.date) -> list[Todo]:
    todos = []
    for task, light in _board(user, today):
        if light.light not in ("bad", "near") and not (task.due and (task.due - today).days <= AHEAD):
            continue
        units = list(task.assignments.all())
        todos.append(
            Todo(
                title=task.title,
                url=reverse("plans:task", args=[task.key]),
                kind=_("Task"),
                state=light.light.value,
                clock=light.words,
                due=task.due,
                owner="、".join(one.printed for one in units),
                evidence=task.evidence,
                evidence_label=_("Clause"),
                action=_("Follow up") if light.code == "overdue" else _("Open it"),
                panel=True,
                mine=any(one.unit_id == user.organisation_id for one in units if one.unit_id),
                key=f"task:{task.key}",
            )
        )
    return todos


def _card(user: Any, today: dt.date) -> dict[str, Any] | None:
    """Targets at risk as small multiples: those below pace, then those with a curve."""
    found = [card for card in _targets(user, today) if card.plot][:3]
    return {"targets": found} if found else None


def _next(user: Any, today: dt.date) -> dt.date | None:
    return min((task.due for task, _light in _board(user, today) if task.due and task.due >= today), default=None)


PLANS = Morning(
    clauses=_clauses,
    measures=_measures,
    todos=_todos,
    template="plans/morning.html",
    card=_card,
    next_date=_next,
)
