"""What units report about their tasks, and what the supervising office answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import File
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.indicators import services as indicators
from gangshen.apps.plans.models import Report, Target, Task
from gangshen.apps.plans.services._figures import Doubt, doubt_about
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

__all__ = [
    "TASK_CASES",
    "Question",
    "Questioned",
    "accept_report",
    "report",
    "report_ref",
    "return_report",
    "waiting_report",
]

Figures = Mapping[str, tuple[Decimal, dt.date]]
TASK_CASES = ("follow_up", "report_due", "task_overdue", "report_returned")  # cases that a report answers


@dataclass(frozen=True, slots=True)
class Question:
    """A figure that jumps: of which target, what was typed, and what it is compared with."""

    target: Target
    value: Decimal
    doubt: Doubt

    @property
    def words(self) -> str:
        words = {
            "subject": self.target.subject,
            "value": f"{self.value:f}",
            "times": self.doubt.times,
            "last": f"{self.doubt.last.normalize():f}",
            "at": self.doubt.last_at,
            "unit": self.target.unit,
            "other": self.doubt.other_unit,
        }
        if self.doubt.other_unit:
            return (
                _(
                    "%(subject)s: %(value)s is %(times).1f times the last figure %(last)s (%(at)s). %(unit)s or %(other)s?"
                )
                % words
            )
        return (
            _("%(subject)s: %(value)s is %(times).1f times the last figure %(last)s (%(at)s). Is it in %(unit)s?")
            % words
        )


class Questioned(Refused):
    """Figures that jump: correct them, or say that they are right."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(" ".join(one.words for one in self.questions), _("Correct the figure, or confirm it."))


def report_ref(made: Report) -> str:
    """The reference of a report: ``report:TASK@moment``, the same wherever the plan is loaded."""
    return str(Ref("report", made.task.key, at=made.at.astimezone(dt.UTC).isoformat()))


@transaction.atomic
def report(
    task: Task,
    text: str,
    *,
    actor: Any,
    now: dt.datetime,
    figures: Figures | None = None,
    file: File | None = None,
    confirmed: bool = False,
) -> Report:
    """A unit reports progress in one box; ``figures`` are {target key: (value, as at)} and become observations.

    Cases that wait for the unit about this task are reported with it. Raises :class:`Questioned` for figures that jump
    unless ``confirmed``, :class:`Refused` for an empty text, a closed task and a draft.
    """
    if actor is not None:
        require(actor, "view", task)
        require(actor, "add", Report)
    if task.plan.draft:
        raise Refused(_("A draft for comment asks no report."), _("Wait until the plan is in force."))
    if Task.objects.select_for_update().get(pk=task.pk).state == Task.State.CLOSED:
        raise Refused(_("This task is closed out."), _("Ask the supervising office to open it again."))
    if not text.strip():
        raise Refused(_("The report is empty."), _("Write two sentences on what was done."))
    figures = figures or {}
    targets = _targets(task, figures, actor, confirmed)
    made = Report.objects.create(
        task=task,
        unit=actor.organisation if actor else None,
        text=text.strip(),
        figures={key: {"value": f"{value:f}", "at": at.isoformat()} for key, (value, at) in figures.items()},
        file=file,
        actor=actor,
        at=now,
    )
    for key, (value, at) in figures.items():
        evidence, note = report_ref(made), made.text[:300]
        indicators.observe(targets[key].series, at, value, evidence=evidence, note=note, actor=actor, now=now)  # type: ignore[arg-type]
    for case in _cases(task, made).exclude(state=Case.State.REPORTED):
        cases.report(case, made.text, file=file, actor=actor, now=now)
    task.state = Task.State.REPORTED
    task.save(update_fields=["state"])
    return made


def _targets(task: Task, figures: Figures, actor: Any, confirmed: bool) -> dict[str, Target]:
    """The targets of the figures: of this plan, open to the actor, with a series; doubtful figures are asked about."""
    query = Target.objects.all() if actor is None else Target.objects.for_user(actor)
    found = {one.key: one for one in query.filter(plan=task.plan, key__in=figures).select_related("series")}
    questions = []
    for key, (value, _at) in figures.items():
        target = found.get(key)
        if target is None or target.series is None:
            raise Refused(_("%(key)s has no series to report to.") % {"key": key}, _("Ask the zone office."))
        doubt = doubt_about(target.series, value)
        if doubt:
            questions.append(Question(target, value, doubt))
    if questions and not confirmed:
        raise Questioned(questions)
    return found


def _cases(task: Task, made: Report) -> Any:
    """Open cases about the task that the reporting unit has to answer."""
    query = Case.objects.filter(about=f"task:{task.key}", type__in=TASK_CASES).exclude(state=Case.State.CLOSED)
    return query.filter(unit=made.unit) if made.unit_id else query.none()


@transaction.atomic
def return_report(made: Report, reason: str, *, actor: Any, now: dt.datetime) -> Report:
    """The supervising office sends a report back with what is missing; task and cases are open again.

    A case reminds the unit, unless one that it answered with the report does so already.
    """
    require(actor, "change", made)
    if made.kind != Report.Kind.PROGRESS or made.state != Report.State.SUBMITTED:
        raise Refused(_("There is no report to return."), _("Wait for the unit's report."))
    if not reason.strip():
        raise Refused(_("A returned report needs a reason."), _("Say what is missing."))
    made.state, made.reply = Report.State.RETURNED, reason.strip()
    made.save(update_fields=["state", "reply"])
    Task.objects.filter(pk=made.task_id, state=Task.State.REPORTED).update(state=Task.State.OPEN)
    answered = list(_cases(made.task, made).filter(state=Case.State.REPORTED))
    for case in answered:
        cases.return_(case, reason, actor=actor, now=now)
    if made.unit and not answered:
        cases.open_case(
            "report_returned",
            f"report_returned:{made.task.key}",
            title=made.task.title,
            about=f"task:{made.task.key}",
            evidence=[report_ref(made)],
            unit=made.unit,
            instruction=reason.strip(),
            actor=actor,
            now=now,
        )
    return made


@transaction.atomic
def accept_report(made: Report, *, actor: Any, now: dt.datetime) -> Report:
    """The supervising office takes note of a report: what it answered is closed, and the task goes on."""
    require(actor, "change", made)
    if made.kind != Report.Kind.PROGRESS or made.state != Report.State.SUBMITTED:
        raise Refused(_("There is no report to take note of."), _("Wait for the unit's report."))
    made.state = Report.State.ACCEPTED
    made.save(update_fields=["state"])
    Task.objects.filter(pk=made.task_id, state=Task.State.REPORTED).update(state=Task.State.OPEN)
    for case in _cases(made.task, made).filter(state=Case.State.REPORTED):
        cases.close(case, actor=actor, now=now)
    return made


def waiting_report(task: Task) -> Report:
    """The unit's last report that nobody answered yet; raises :class:`Refused` when none waits."""
    last = task.reports.filter(state=Report.State.SUBMITTED, kind=Report.Kind.PROGRESS).first()
    if last is None:
        raise Refused(_("No report waits for an answer."), _("Wait for the unit's report."))
    return last
