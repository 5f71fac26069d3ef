"""Plan, move, hold and cancel a visit; what others did at the same firm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services as registers
from gangshen.apps.visits.models import Matter, Topic, Visit
from gangshen.web.errors import Refused

from ._facts import parsed
from ._matters import open_case_of

__all__ = ["EARLIER", "Asked", "cancel", "earlier", "find", "hold", "move", "plan", "topics"]

EARLIER = 30  # days within which another visit is told of
State = Visit.State


@dataclass(frozen=True, slots=True)
class Asked:
    """A request or promise as written down on the visit; ``unit`` overrules the topic's, ``due`` the usual workdays."""

    kind: str
    words: str
    topic: str = ""
    due: dt.date | None = None


def topics() -> list[Topic]:
    return list(Topic.objects.select_related("unit"))


def find(key: str) -> Visit | None:
    """The visit of ``FIRM/DAY/UNIT``; None when there is none."""
    firm, _slash, rest = key.partition("/")
    day, _slash, unit = rest.partition("/")
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        return None
    found = Visit.objects.filter(firm__key=firm, unit__key=unit, on=on).select_related("firm", "unit", "visitor")
    return found.order_by("-state").first()  # planned or held before cancelled


def earlier(firm: Organisation, on: dt.date, *, but: Visit | None = None) -> list[Visit]:
    """Visits held or planned at ``firm`` within ``EARLIER`` days before or after ``on``, the latest first."""
    span = (on - dt.timedelta(days=EARLIER), on + dt.timedelta(days=EARLIER))
    found = Visit.objects.filter(registers.rows_of(firm.key, "firm__key"), on__range=span).exclude(
        state=State.CANCELLED
    )
    return list(found.exclude(pk=but.pk if but else None).select_related("unit", "visitor"))


def plan(
    firm: Organisation,
    unit: Organisation,
    on: dt.date,
    *,
    purpose: str = "",
    visitor: User | None = None,
    actor: User,
    today: dt.date,
) -> Visit:
    """Plan a visit; raises Refused for a day that has passed, or when the unit is there on that day already."""
    require(actor, "add", Visit)
    if firm.kind != Organisation.Kind.ENTERPRISE:
        raise Refused(_("%(firm)s is no enterprise.") % {"firm": firm}, _("Choose one from the register."))
    _not_past(on, today)
    return _saved(Visit(firm=firm, unit=unit, on=on, purpose=purpose.strip()[:300], visitor=visitor))


def _not_past(on: dt.date, today: dt.date) -> None:
    if on < today:
        raise Refused(_("%(day)s has passed.") % {"day": on}, _("Give today or a later day."))


def _saved(visit: Visit) -> Visit:
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError:
        raise Refused(
            _("%(unit)s visits %(firm)s on %(day)s already.")
            % {"unit": visit.unit, "firm": visit.firm, "day": visit.on},
            _("Open that visit, or choose another day."),
        ) from None
    return visit


def _planned(visit: Visit, actor: User) -> Visit:
    require(actor, "change", visit)
    held = Visit.objects.select_for_update().get(pk=visit.pk)
    if held.state != State.PLANNED:
        raise Refused(
            _("This visit is %(state)s.") % {"state": held.get_state_display().lower()}, _("Plan another one.")
        )
    return held


@transaction.atomic
def move(visit: Visit, on: dt.date, *, actor: User, today: dt.date) -> Visit:
    """Put a planned visit to another day."""
    held = _planned(visit, actor)
    _not_past(on, today)
    held.on = on
    return _saved(held)


@transaction.atomic
def cancel(visit: Visit, reason: str, *, actor: User) -> Visit:
    """Cancel a planned visit; the reason stays with it."""
    held = _planned(visit, actor)
    if not reason.strip():
        raise Refused(_("Say why the visit is cancelled."), _("Write one sentence."))
    held.state, held.note = State.CANCELLED, reason.strip()
    held.save(update_fields=["state", "note"])
    return held


@transaction.atomic
def hold(
    visit: Visit,
    *,
    said: Mapping[str, str],
    matters: Iterable[Asked] = (),
    note: str = "",
    actor: User,
    now: dt.datetime,
    today: dt.date,
) -> Visit:
    """Write down a visit: it and the facts said become one record dated today, each request or promise a case with a clock.

    ``said`` are cells as written (``300人``, ``1.2亿元``). Raises Refused naming the attribute that can't be read;
    nothing is kept then. A visit whose day has not come is held today.
    """
    held = _planned(visit, actor)
    values, asked = parsed(said), [one for one in matters if one.words.strip()]
    if not (values or asked or note.strip()):
        raise Refused(_("Nothing is written down."), _("Confirm a fact, add a request, or leave a note."))
    held.state, held.note = State.HELD, note.strip()
    held.on = min(held.on, today)
    held.visitor = held.visitor or actor
    _saved(held)
    if record := values | _last_visit(held):
        registers.add_record(
            held.firm.key,
            record,
            registers.source_named(registers.VISIT),
            today,
            actor,
            now,
            purpose=_("Said on the visit of %(day)s") % {"day": held.on},
        )
    known = {one.key: one for one in topics()}
    for number, one in enumerate(asked, start=1):
        if one.topic and one.topic not in known:
            raise Refused(
                _("There is no topic %(key)s.") % {"key": one.topic},
                _("Topics are: %(keys)s.") % {"keys": ", ".join(sorted(known))},
            )
        made = Matter.objects.create(
            visit=held, number=number, kind=one.kind, topic=known.get(one.topic), words=one.words.strip()[:300]
        )
        open_case_of(made, due=one.due, actor=actor, now=now)
    facts = {"attributes": sorted(values), "matters": len(asked)}
    archive.record_event(actor, "visits.held", held, facts)
    return held


def _last_visit(held: Visit) -> dict[str, dt.date]:
    """What the register is told of the visit itself; nothing where a later one was written down before."""
    of_firm = Visit.objects.filter(registers.rows_of(held.firm.key, "firm__key"), state=State.HELD)
    return {} if of_firm.filter(on__gt=held.on).exists() else {"last_visit": held.on}
