"""The moves of a case. Each locks the row, writes one event, and is refused in words when it isn't due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import File
from gangshen.apps.cases.models import Case, CaseEvent
from gangshen.apps.identity.models import Organisation, User
from gangshen.web.errors import Refused

from ._clock import calendar
from ._rights import check
from ._types import case_type, closers

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["close", "comment", "extend", "hand_over", "reopen", "report", "return_", "wait"]

Kind = CaseEvent.Kind
State = Case.State


@contextmanager
def _moving(given: Case, verb: str, actor: User | None) -> Iterator[Case]:
    """The case as it stands, locked; what the move sets is saved and mirrored into ``given``."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=given.pk)
        check(case, verb, actor)
        yield case
        case.save()
    for field in Case._meta.concrete_fields:
        setattr(given, field.attname, getattr(case, field.attname))
    given._state.fields_cache.clear()


def _event(
    case: Case, kind: Kind, actor: User | None, now: dt.datetime, text: str = "", file: File | None = None, **data: Any
) -> None:
    CaseEvent.objects.create(case=case, kind=kind, at=now, actor=actor, text=text, file=file, data=data)


def _said(text: str, what: Callable[[], str]) -> str:
    if not text.strip():
        raise Refused(what(), _("Write one sentence."))
    return text.strip()


def comment(case: Case, text: str, *, actor: User | None, now: dt.datetime, file: File | None = None) -> Case:
    """Add a remark; the state stays."""
    with _moving(case, "comment", actor) as held:
        _event(held, Kind.COMMENT, actor, now, _said(text, lambda: _("An empty comment says nothing.")), file)
    return case


def wait(case: Case, reason: str, *, actor: User | None, now: dt.datetime) -> Case:
    """Put the case to wait for others; its clock runs on."""
    with _moving(case, "wait", actor) as held:
        held.state = State.WAITING
        _event(held, Kind.WAITING, actor, now, _said(reason, lambda: _("Say for whom or what the case waits.")))
    return case


def hand_over(case: Case, to: User | Organisation, *, actor: User | None, now: dt.datetime, reason: str = "") -> Case:
    """Give the case to a person, or to a unit whose people then share it."""
    with _moving(case, "hand_over", actor) as held:
        if isinstance(to, User):
            if not to.is_active:
                raise Refused(_("%(user)s is disabled.") % {"user": to}, _("Choose someone else."))
            held.owner, held.unit = to, to.organisation or held.unit
            data = {"user": to.pk}
        else:
            held.owner, held.unit = None, to
            data = {"unit": to.pk}
        if held.state == State.WAITING:
            held.state = State.OPEN
        _event(held, Kind.HANDED_OVER, actor, now, reason.strip(), to=str(to), **data)
    return case


def extend(case: Case, due: dt.date, reason: str, *, actor: User | None, now: dt.datetime) -> Case:
    """Move the deadline later, for a reason; the first deadline stays in the history."""
    with _moving(case, "extend", actor) as held:
        text = _said(reason, lambda: _("An extension needs its reason."))
        if held.due is not None and due <= held.due:
            raise Refused(
                _("%(due)s is not later than the deadline %(held)s.") % {"due": due, "held": held.due},
                _("Give a later date."),
            )
        before, held.due = held.due, due
        held.due_provisional = calendar().is_provisional(due, due)
        _event(held, Kind.EXTENDED, actor, now, text, due=due.isoformat(), before=before and before.isoformat())
    return case


def report(case: Case, text: str, *, actor: User | None, now: dt.datetime, file: File | None = None) -> Case:
    """Report the work done, in words and with proof where the type asks a file; somebody else then closes it."""
    with _moving(case, "report", actor) as held:
        said = _said(text, lambda: _("Say in words what was done."))
        if case_type(held.type).receipt == "file" and file is None:
            raise Refused(_("This case is closed on a file."), _("Attach the proof."))
        held.state, held.receipt, held.receipt_file = State.REPORTED, said, file
        _event(held, Kind.REPORTED, actor, now, said, file)
    return case


def return_(case: Case, reason: str, *, actor: User | None, now: dt.datetime) -> Case:
    """Send a report back with what is missing; the receipt it brought stays in the history only."""
    with _moving(case, "return", actor) as held:
        held.state, held.receipt, held.receipt_file = State.OPEN, "", None
        _event(held, Kind.RETURNED, actor, now, _said(reason, lambda: _("Say what is missing.")))
    return case


def close(case: Case, receipt: str = "", file: File | None = None, *, actor: User | None, now: dt.datetime) -> Case:
    """Close on the receipt given, or on that of the report; calls the office in the same transaction.

    Raises :class:`Refused` when the type's receipt is missing or the office refuses; the case then stays open.
    """
    with _moving(case, "close", actor) as held:
        kind = case_type(held.type)
        held.receipt, held.receipt_file = receipt.strip() or held.receipt, file or held.receipt_file
        if kind.receipt == "text" and not held.receipt:
            raise Refused(_("This case is closed on a receipt."), _("Say what was done."))
        if kind.receipt == "file" and held.receipt_file is None:
            raise Refused(_("This case is closed on a file."), _("Attach the proof."))
        held.state, held.closed_at, held.closed_by = State.CLOSED, now, actor
        _event(held, Kind.CLOSED, actor, now, receipt.strip(), file)
        held.save()
        for call in closers(kind):
            call(held, actor)
    return case


def reopen(case: Case, reason: str, *, actor: User | None, now: dt.datetime) -> Case:
    """Open a closed case again; refused while another of its key is open."""
    try:
        with _moving(case, "reopen", actor) as held:
            held.state, held.closed_at, held.closed_by = State.OPEN, None, None
            held.receipt, held.receipt_file = "", None
            _event(held, Kind.REOPENED, actor, now, _said(reason, lambda: _("Say why it is opened again.")))
    except IntegrityError:
        raise Refused(_("Another case on the same matter is open."), _("Go on with that one.")) from None
    return case
