"""What the supervising office does about tasks: follow up, instruct, extend, close out, and the daily look at dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import File
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.plans.models import Assignment, Plan, Report, Task
from gangshen.apps.plans.services._board import SOON, light
from gangshen.apps.plans.services._reports import TASK_CASES
from gangshen.web.errors import Refused

__all__ = ["assign", "close_out", "extend", "follow_up", "instruct", "tick"]


@transaction.atomic
def assign(task: Task, unit: Organisation, *, actor: Any, now: dt.datetime, cooperating: bool = False) -> Assignment:
    """Give a task a unit that its text does not name; the case that asked for one is closed."""
    require(actor, "change", task)
    role = Assignment.RoleOfUnit.COOPERATING if cooperating else Assignment.RoleOfUnit.LEAD
    named = unit.short_name or unit.name
    held = task.assignments.filter(unit=unit).first()
    made = held or Assignment.objects.create(task=task, unit=unit, printed=named, role=role)
    for case in _following(task).filter(type="task_unassigned"):
        cases.close(case, _("Assigned to %(unit)s.") % {"unit": named}, actor=None, now=now)
    return made


def follow_up(task: Task, instruction: str, *, actor: Any, now: dt.datetime, due: dt.date | None = None) -> Case:
    """督办: ask the lead unit about a task, with a two-workday clock. A draft plan is never followed up.

    While a follow-up is open a further one is added to it in words: one matter, one clock.
    """
    require(actor, "change", task)
    if not instruction.strip():
        raise Refused(_("The follow-up is empty."), _("Write what is asked."))
    if task.state == Task.State.CLOSED:
        raise Refused(_("This task is closed out."), _("Ask the supervising office to open it again."))
    if task.plan.draft:
        raise Refused(_("A draft for comment is tracked, not followed up."), _("Wait until the plan is in force."))
    known = task.assignments.filter(unit__isnull=False).select_related("unit")
    lead = known.filter(role=Assignment.RoleOfUnit.LEAD).first() or known.first()
    if lead is None:
        raise Refused(_("No unit of this task is known to the zone."), _("Assign a unit first."))
    key = f"follow_up:{task.key}"
    running = Case.objects.filter(key=key).exclude(state=Case.State.CLOSED).first()
    if running is not None:
        return cases.comment(running, instruction, actor=actor, now=now)
    return cases.open_case(
        "follow_up",
        key,
        title=task.title,
        about=f"task:{task.key}",
        evidence=[task.evidence] if task.evidence else [],
        unit=lead.unit,
        instruction=instruction.strip(),
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
    if about not in _parts(plan):
        raise Refused(
            _("%(about)s is no part of this plan.") % {"about": about}, _("Give the instruction from the plan's page.")
        )
    return cases.open_case(
        "instruction",
        f"instruction:{about}:{now:%Y%m%d%H%M%S%f}",
        title=words.strip().splitlines()[0][:120],
        about=about,
        unit=unit,
        instruction=words.strip(),
        due=due,
        actor=actor,
        now=now,
    )


def _parts(plan: Plan) -> set[str]:
    """References of the plan, its tasks and its targets."""
    tasks, targets = plan.tasks.values_list("key", flat=True), plan.targets.values_list("key", flat=True)
    return {f"plan:{plan.key}", *(f"task:{key}" for key in tasks), *(f"target:{key}" for key in targets)}


@transaction.atomic
def close_out(task: Task, receipt: str, *, actor: Any, now: dt.datetime, file: File | None = None) -> Task:
    """销号: the supervising office closes a task on a receipt; never one who reported on it.

    The cases that followed the task are closed with it; an instruction stays with whoever gave it.
    """
    require(actor, "change", task)
    if Task.objects.select_for_update().get(pk=task.pk).state == Task.State.CLOSED:
        raise Refused(_("This task is closed out."), _("Nothing is left to do."))
    reports = task.reports.filter(kind=Report.Kind.PROGRESS)
    last = reports.first()
    if last is None or last.state == Report.State.RETURNED:
        raise Refused(_("Nothing was reported on this task."), _("A task is closed on a report with its proof."))
    if reports.filter(actor=actor).exists():
        raise Refused(_("Who reported a task does not close it."), _("Ask a colleague of the supervising office."))
    if not receipt.strip():
        raise Refused(_("A task is closed on a receipt."), _("Name the document or list that proves it."))
    last.state, last.reply = Report.State.ACCEPTED, receipt.strip()
    last.save(update_fields=["state", "reply"])
    task.state = Task.State.CLOSED
    task.save(update_fields=["state"])
    for case in _following(task):
        cases.close(case, receipt, file=file, actor=actor, now=now)
    return task


def _following(task: Task) -> Any:
    """Open cases by which the office follows the task."""
    kinds = (*TASK_CASES, "task_unassigned")
    return Case.objects.filter(about=f"task:{task.key}", type__in=kinds).exclude(state=Case.State.CLOSED)


@transaction.atomic
def extend(task: Task, due: dt.date, reason: str, *, actor: Any, now: dt.datetime) -> Task:
    """Move a task's date, with a reason; the former date stays in the audit trail and in the task's history.

    Cases that were opened because of the former date are closed.
    """
    require(actor, "change", task)
    if not reason.strip():
        raise Refused(_("An extension needs a reason."), _("Say why the date moves."))
    if task.state == Task.State.CLOSED:
        raise Refused(_("This task is closed out."), _("Nothing is left to do."))
    if task.due and due <= task.due:
        raise Refused(
            _("The new date %(due)s is not after %(old)s.") % {"due": due, "old": task.due}, _("Choose a later date.")
        )
    said = _("Date moved from %(old)s to %(due)s: %(reason)s") % {
        "old": task.due or _("none"),
        "due": due,
        "reason": reason.strip(),
    }
    Report.objects.create(
        task=task, kind=Report.Kind.EXTENSION, text=said, state=Report.State.ACCEPTED, actor=actor, at=now
    )
    task.due = due
    task.save(update_fields=["due"])
    for case in _following(task).filter(type__in=["report_due", "task_overdue"]):
        cases.close(case, said, actor=None, now=now)
    return task


def tick(today: dt.date, now: dt.datetime) -> dict[str, int]:
    """Ask once for a report before a task's date, and once after it has passed; how many cases of each were opened.

    Only tasks of plans in force that are still open; a case about a date is never opened a second time, and a task
    whose unit was asked before its date gets no second case after it: that one is overdue itself. Run daily.
    """
    until = cases.deadline(SOON, today).date
    near = Task.objects.filter(plan__draft=False, state=Task.State.OPEN, due__lte=until).select_related("plan")
    dated = Case.objects.filter(type__in=["report_due", "task_overdue"])
    asked = set(dated.values_list("key", flat=True))
    running = set(dated.exclude(state=Case.State.CLOSED).values_list("about", flat=True))
    opened = {"due": 0, "overdue": 0}
    for task in near.prefetch_related("assignments__unit"):
        keys = {kind: f"{kind}:{task.key}:{task.due}" for kind in ("report_due", "task_overdue")}
        if f"task:{task.key}" in running or asked & set(keys.values()):
            continue
        assert task.due is not None
        late = task.due < today
        kind = "task_overdue" if late else "report_due"
        leads = sorted(task.assignments.all(), key=lambda one: (one.role != Assignment.RoleOfUnit.LEAD, one.pk))
        cases.open_case(
            kind,
            keys[kind],
            title=task.title,
            about=f"task:{task.key}",
            evidence=[task.evidence] if task.evidence else [],
            unit=next((one.unit for one in leads if one.unit), None),
            instruction=light(task, today).words,
            due=today if late else task.due,
            actor=None,
            now=now,
        )
        opened["overdue" if late else "due"] += 1
    return opened
