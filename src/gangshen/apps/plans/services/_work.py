"""What people do about tasks: report, return, follow up, extend, close out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import File
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.indicators import services as indicators
from gangshen.apps.plans.models import Plan, Report, Target, Task
from gangshen.apps.plans.services._board import light
from gangshen.apps.plans.services._figures import doubt_about
from gangshen.web.errors import Refused

__all__ = ["accept_report", "close_out", "extend", "follow_up", "instruct", "report", "return_report", "tick"]


def follow_up(task: Task, instruction: str, *, actor: Any, now: dt.datetime, due: dt.date | None = None) -> Case:
    """督办: ask the lead unit about a task, with a two-workday clock. A draft plan is never followed up."""
    require(actor, "change", task)
    if task.plan.draft:
        raise Refused(_("A draft for comment is tracked, not followed up."), _("Wait until the plan is in force."))
    lead = task.assignments.filter(unit__isnull=False).select_related("unit").first()
    if lead is None:
        raise Refused(_("No unit of this task is known to the zone."), _("Assign a unit first."))
    return cases.open_case(
        "follow_up",
        f"follow_up:{task.key}",
        title=task.title,
        about=f"task:{task.key}",
        evidence=[task.evidence] if task.evidence else [],
        unit=lead.unit,
        instruction=instruction,
        due=due,
        actor=actor,
        now=now,
    )


def instruct(
    plan: Plan, words: str, *, unit: Any, due: dt.date | None, actor: Any, now: dt.datetime, about: str = ""
) -> Case:
    """批示: a leader's instruction becomes a case with owner and clock."""
    if not words.strip():
        raise Refused(_("The instruction is empty."), _("Write what is to be done."))
    about = about or f"plan:{plan.key}"
    return cases.open_case(
        "instruction",
        f"instruction:{about}:{now:%Y%m%d%H%M%S}",
        title=words.strip().splitlines()[0][:120],
        about=about,
        unit=unit,
        instruction=words,
        due=due,
        actor=actor,
        now=now,
    )


@transaction.atomic
def report(
    task: Task,
    text: str,
    *,
    actor: Any,
    now: dt.datetime,
    figures: Mapping[str, tuple[Decimal, dt.date]] | None = None,
    file: File | None = None,
    confirmed: bool = False,
) -> Report:
    """A unit reports progress in one box; ``figures`` are {target key: (value, as at)} and become observations.

    Raises :class:`Refused` for an empty text, a closed task, and a figure that jumps unless ``confirmed``.
    """
    require(actor, "view", task)
    if task.state == Task.State.CLOSED:
        raise Refused(_("This task is closed out."), _("Ask the supervising office to open it again."))
    if not text.strip():
        raise Refused(_("The report is empty."), _("Write two sentences on what was done."))
    targets = {target.key: target for target in Target.objects.filter(key__in=figures or {}).select_related("series")}
    for key, (value, _at) in (figures or {}).items():
        target = targets.get(key)
        if target is None or target.series is None:
            raise Refused(_("%(key)s has no series to report to.") % {"key": key}, _("Ask the zone office."))
        doubt = doubt_about(target.series, value)
        if doubt and not confirmed:
            raise Refused(
                _("%(subject)s: %(value)s is %(times).1f times the last figure %(last)s (%(at)s). Is it in %(unit)s?")
                % {
                    "subject": target.subject,
                    "value": f"{value:f}",
                    "times": doubt.times,
                    "last": f"{doubt.last.normalize():f}",
                    "at": doubt.last_at,
                    "unit": target.unit,
                },
                _("Correct the figure, or confirm it."),
            )
    made = Report.objects.create(
        task=task,
        unit=actor.organisation if actor else None,
        text=text.strip(),
        figures={key: {"value": str(value), "at": at.isoformat()} for key, (value, at) in (figures or {}).items()},
        file=file,
        actor=actor,
        at=now,
    )
    for key, (value, at) in (figures or {}).items():
        indicators.observe(targets[key].series, at, value, evidence=f"report:{made.pk}", actor=actor, now=now)
    Task.objects.filter(pk=task.pk).update(state=Task.State.REPORTED)
    task.state = Task.State.REPORTED
    return made


@transaction.atomic
def return_report(made: Report, reason: str, *, actor: Any, now: dt.datetime) -> Report:
    """The supervising office sends a report back with what is missing; the task is open again."""
    require(actor, "change", made)
    if not reason.strip():
        raise Refused(_("A returned report needs a reason."), _("Say what is missing."))
    made.state, made.reply = Report.State.RETURNED, reason.strip()
    made.save(update_fields=["state", "reply"])
    Task.objects.filter(pk=made.task_id, state=Task.State.REPORTED).update(state=Task.State.OPEN)
    if made.unit:
        cases.open_case(
            "report_returned",
            f"report_returned:{made.pk}",
            title=made.task.title,
            about=f"task:{made.task.key}",
            unit=made.unit,
            instruction=reason,
            actor=actor,
            now=now,
        )
    return made


@transaction.atomic
def accept_report(made: Report, *, actor: Any) -> Report:
    """The supervising office takes a report as it is; the task stays open until it is closed out."""
    require(actor, "change", made)
    made.state = Report.State.ACCEPTED
    made.save(update_fields=["state"])
    return made


@transaction.atomic
def close_out(task: Task, receipt: str, *, actor: Any, now: dt.datetime, file: File | None = None) -> Task:
    """销号: the supervising office closes a task on a receipt; never the one who reported it.

    Open cases about the task are closed with it.
    """
    require(actor, "change", task)
    last = task.reports.first()
    if last is None:
        raise Refused(_("Nothing was reported on this task."), _("A task is closed on a report with its proof."))
    if last.actor_id == actor.pk:
        raise Refused(_("Who reported a task does not close it."), _("Ask a colleague of the supervising office."))
    if not receipt.strip():
        raise Refused(_("A task is closed on a receipt."), _("Name the document or list that proves it."))
    last.state = Report.State.ACCEPTED
    last.reply = receipt.strip()
    last.save(update_fields=["state", "reply"])
    task.state = Task.State.CLOSED
    task.save(update_fields=["state"])
    for case in Case.objects.filter(about=f"task:{task.key}").exclude(state=Case.State.CLOSED):
        cases.close(case, receipt, file=file, actor=actor, now=now)
    return task


def extend(task: Task, due: dt.date, reason: str, *, actor: Any, now: dt.datetime) -> Task:
    """Move a task's date, with a reason; the former date stays in the audit trail and in the task's history."""
    require(actor, "change", task)
    if not reason.strip():
        raise Refused(_("An extension needs a reason."), _("Say why the date moves."))
    if task.due and due <= task.due:
        raise Refused(
            _("The new date %(due)s is not after %(old)s.") % {"due": due, "old": task.due}, _("Choose a later date.")
        )
    Report.objects.create(
        task=task,
        text=_("Date moved from %(old)s to %(due)s: %(reason)s")
        % {"old": task.due, "due": due, "reason": reason.strip()},
        state=Report.State.ACCEPTED,
        actor=actor,
        at=now,
    )
    task.due = due
    task.save(update_fields=["due"])
    return task


def tick(today: dt.date, now: dt.datetime) -> int:
    """Open a case for each overdue task of a plan in force, once; returns how many are open for it. Run daily."""
    opened = 0
    late = Task.objects.filter(plan__draft=False, state=Task.State.OPEN, due__lt=today).select_related("plan")
    for task in late.prefetch_related("assignments__unit"):
        unit = next((a.unit for a in task.assignments.all() if a.unit), None)
        cases.open_case(
            "task_overdue",
            f"task_overdue:{task.key}",
            title=task.title,
            about=f"task:{task.key}",
            evidence=[task.evidence] if task.evidence else [],
            unit=unit,
            instruction=light(task, today).words,
            due=today,
            actor=None,
            now=now,
        )
        opened += 1
    return opened
