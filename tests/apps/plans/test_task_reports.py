"""Report, return, take note, close out, extend, follow up: who may, what it needs, and which cases move along."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from plans_world import NOW, TODAY, logged_in, target, task

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.indicators.models import Observation
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Report, Task
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
APRIL = dt.date(2026, 4, 15)


def say(world, text: str = "清单已编制。", **how) -> Report:
    return services.report(world.task, text, actor=how.pop("actor", world.clerk), now=how.pop("now", NOW), **how)


def open_cases(one: Task) -> dict[str, str]:
    found = Case.objects.filter(about=f"task:{one.key}").exclude(state="closed")
    return dict(found.values_list("type", "state"))


def test_a_report_is_the_units_with_its_figures_as_observations(world) -> None:
    made = say(world, figures={world.target.key: (Decimal("3400.5"), APRIL)})
    world.task.refresh_from_db()
    assert (made.unit, made.state, world.task.state) == (world.town, "submitted", "reported")
    assert made.figures == {world.target.key: {"value": "3400.5", "at": "2026-04-15"}}
    seen = Observation.objects.get(at=APRIL)
    assert (seen.value, seen.evidence) == (Decimal("3400.5"), services.report_ref(made))
    assert seen.evidence == "report:work-2026-t1@2026-04-15T01:00:00+00:00"


def test_who_reports(world) -> None:
    for actor in (world.leader, world.operator, world.firm):
        with pytest.raises(PermissionDenied):
            say(world, actor=actor)
    say(world, actor=world.other)  # a cooperating unit may
    alone = task(world.plan, "2", None, world.bureau)
    with pytest.raises(PermissionDenied):
        services.report(alone, "x", actor=world.clerk, now=NOW)


@pytest.mark.parametrize(
    ("change", "text", "message"),
    [
        ({}, "  ", "report is empty"),
        ({"state": "closed"}, "x", "closed out"),
        ({"plan": "draft"}, "x", "draft for comment"),
    ],
)
def test_reports_refused(world, change, text, message) -> None:
    if change.pop("plan", None):
        world.task.plan = world.draft
    for name, value in change.items():
        setattr(world.task, name, value)
    world.task.save()
    with pytest.raises(Refused, match=message):
        say(world, text)
    assert not Report.objects.exists()


def test_a_figure_that_jumps_is_asked_about_and_kept_out(world) -> None:
    figures = {world.target.key: (Decimal(26000000), APRIL)}
    with pytest.raises(
        services.Questioned, match=r"10000\.0 times the last figure 2600 \(2026-03-31\)\. 万元 or 元\?"
    ) as asked:
        say(world, figures=figures)
    assert [(one.target, one.value) for one in asked.value.questions] == [(world.target, 26000000)]
    assert not Report.objects.exists()
    assert Observation.objects.count() == 3
    say(world, figures=figures, confirmed=True)
    assert Observation.objects.filter(value=26000000).exists()


def test_a_unit_reports_no_figure_that_is_not_its_own(world) -> None:
    theirs = target(world.plan, world.series, "g2", 1, world.bureau)
    elsewhere = target(world.draft, world.series, "g3", 1, world.town)
    without = target(world.plan, None, "g4", 1, world.town)
    for wrong in (theirs, elsewhere, without):
        with pytest.raises(Refused, match="no series to report to"):
            say(world, figures={wrong.key: (Decimal(1), APRIL)})
    assert not Report.objects.exists()


def test_a_bad_figure_keeps_nothing_of_the_report(world) -> None:
    with pytest.raises(Refused, match="lies in the future"):
        say(world, figures={world.target.key: (Decimal(2700), dt.date(2026, 4, 30))})
    world.task.refresh_from_db()
    assert (Report.objects.count(), world.task.state) == (0, "open")


def test_a_corrected_figure_after_a_return_is_a_revision_with_the_words_as_its_reason(world) -> None:
    made = say(world, figures={world.target.key: (Decimal(3400), APRIL)})
    services.return_report(made, "口径不对", actor=world.operator, now=NOW)
    say(world, "已按口径更正。", figures={world.target.key: (Decimal(3300), APRIL)}, now=NOW + dt.timedelta(hours=1))
    assert list(Observation.objects.filter(at=APRIL).order_by("pk").values_list("value", "note"))[1] == (
        3300,
        "已按口径更正。",
    )


def test_a_return_needs_a_reason_opens_the_task_and_reminds_the_unit_once(world) -> None:
    made = say(world)
    with pytest.raises(Refused, match="needs a reason"):
        services.return_report(made, " ", actor=world.operator, now=NOW)
    with pytest.raises(PermissionDenied):
        services.return_report(made, "缺附件", actor=world.clerk, now=NOW)
    services.return_report(made, "缺附件", actor=world.operator, now=NOW)
    world.task.refresh_from_db()
    assert (world.task.state, made.state, made.reply) == ("open", "returned", "缺附件")
    case = Case.objects.get(type="report_returned")
    assert (case.unit, case.instruction, case.due) == (world.town, "缺附件", dt.date(2026, 4, 17))
    with pytest.raises(Refused, match="no report to return"):
        services.return_report(made, "再来", actor=world.operator, now=NOW)
    say(world, "附件补齐。", now=NOW + dt.timedelta(hours=1))
    assert open_cases(world.task) == {"report_returned": "reported"}


def test_a_report_answers_the_follow_up_and_a_return_asks_it_again(world) -> None:
    case = services.follow_up(world.task, "请报进展", actor=world.operator, now=NOW)
    assert (case.unit, case.due, case.instruction) == (world.town, dt.date(2026, 4, 17), "请报进展")
    made = say(world)
    assert open_cases(world.task) == {"follow_up": "reported"}
    services.return_report(made, "缺附件", actor=world.operator, now=NOW)
    assert open_cases(world.task) == {"follow_up": "open"}
    made = say(world, "补齐。", now=NOW + dt.timedelta(hours=1))
    services.accept_report(made, actor=world.operator, now=NOW)
    world.task.refresh_from_db()
    assert (world.task.state, open_cases(world.task)) == ("open", {})
    with pytest.raises(Refused, match="take note"):
        services.accept_report(made, actor=world.operator, now=NOW)


def test_a_cooperating_units_report_does_not_answer_for_the_lead(world) -> None:
    services.follow_up(world.task, "请报进展", actor=world.operator, now=NOW)
    say(world, actor=world.other)
    assert open_cases(world.task) == {"follow_up": "open"}


def test_a_second_follow_up_goes_into_the_first(world) -> None:
    first = services.follow_up(world.task, "请报进展", actor=world.operator, now=NOW)
    again = services.follow_up(world.task, "领导再问", actor=world.second, now=NOW)
    assert first.pk == again.pk
    assert list(first.events.values_list("kind", "text")) == [("opened", "请报进展"), ("comment", "领导再问")]


def test_follow_ups_refused(world) -> None:
    drafted, unknown = task(world.draft, "1", TODAY, world.town), task(world.plan, "2", TODAY)
    closed = task(world.plan, "3", TODAY, world.town, state="closed")
    for one, words, message in (
        (drafted, "x", "tracked, not followed up"),
        (unknown, "x", "No unit of this task"),
        (closed, "x", "closed out"),
        (world.task, " ", "follow-up is empty"),
    ):
        with pytest.raises(Refused, match=message):
            services.follow_up(one, words, actor=world.operator, now=NOW)
    for actor in (world.leader, world.clerk):
        with pytest.raises(PermissionDenied):
            services.follow_up(world.task, "x", actor=actor, now=NOW)
    assert not Case.objects.exists()


def test_the_lead_is_asked_even_when_printed_second(world) -> None:
    second = task(world.plan, "2", TODAY, world.bureau, world.town)
    second.assignments.filter(unit=world.bureau).update(role="cooperating")
    second.assignments.filter(unit=world.town).update(role="lead")
    assert services.follow_up(second, "x", actor=world.operator, now=NOW).unit == world.town


def test_closing_out_needs_a_report_a_receipt_and_another_hand(world) -> None:
    def close(receipt="清单第3号文", actor=world.operator):
        return services.close_out(world.task, receipt, actor=actor, now=NOW)

    with pytest.raises(Refused, match="Nothing was reported"):
        close()
    services.extend(world.task, dt.date(2026, 5, 29), "市里推迟", actor=world.second, now=NOW)
    with pytest.raises(Refused, match="Nothing was reported"):
        close()  # that its date moved is no report
    services.follow_up(world.task, "请报进展", actor=world.operator, now=NOW)
    note = services.instruct(
        world.plan, "盯住这项", unit=world.town, due=None, actor=world.leader, now=NOW, about="task:work-2026-t1"
    )
    made = say(world)
    with pytest.raises(Refused, match="on a receipt"):
        close(" ")
    with pytest.raises(PermissionDenied):
        close(actor=world.clerk)
    close(actor=world.second)  # who moved the date may
    world.task.refresh_from_db()
    made.refresh_from_db()
    assert (world.task.state, made.state, made.reply) == ("closed", "accepted", "清单第3号文")
    assert open_cases(world.task) == {"instruction": "open"}
    assert Case.objects.get(pk=note.pk).state == "open"
    with pytest.raises(Refused, match="closed out"):
        close()


def test_who_reported_a_task_does_not_close_it(world) -> None:
    Report.objects.create(task=world.task, text="代报", actor=world.operator, at=NOW)
    with pytest.raises(Refused, match="does not close it"):
        services.close_out(world.task, "x", actor=world.operator, now=NOW)
    services.close_out(world.task, "x", actor=world.second, now=NOW)


def test_a_returned_report_closes_nothing(world) -> None:
    services.return_report(say(world), "缺附件", actor=world.operator, now=NOW)
    with pytest.raises(Refused, match="Nothing was reported"):
        services.close_out(world.task, "x", actor=world.operator, now=NOW)


def test_a_date_moves_later_with_a_reason_and_settles_the_overdue_case(world) -> None:
    services.tick(TODAY, NOW)
    assert open_cases(world.task) == {"task_overdue": "open"}
    for due, reason, message in (
        (dt.date(2026, 5, 29), " ", "needs a reason"),
        (dt.date(2026, 4, 10), "x", "is not after"),
    ):
        with pytest.raises(Refused, match=message):
            services.extend(world.task, due, reason, actor=world.operator, now=NOW)
    services.extend(world.task, dt.date(2026, 5, 29), "市里推迟", actor=world.operator, now=NOW)
    said = world.task.reports.get()
    assert (said.kind, said.text) == ("extension", "Date moved from 2026-04-10 to 2026-05-29: 市里推迟")
    assert open_cases(world.task) == {}
    assert services.light(world.task, TODAY).code == "on_time"
    with pytest.raises(PermissionDenied):
        services.extend(world.task, dt.date(2026, 6, 30), "x", actor=world.leader, now=NOW)


def test_a_task_without_a_unit_gets_one(world) -> None:
    alone = task(world.plan, "2", dt.date(2026, 12, 1))
    cases.open_case(
        "task_unassigned", f"task_unassigned:{alone.key}", title="t", about=f"task:{alone.key}", actor=None, now=NOW
    )
    services.assign(alone, world.bureau, actor=world.operator, now=NOW)
    services.assign(alone, world.bureau, actor=world.operator, now=NOW)
    assert list(alone.assignments.values_list("printed", "role")) == [("经委", "lead")]
    assert open_cases(alone) == {}
    with pytest.raises(PermissionDenied):
        services.assign(alone, world.town, actor=world.clerk, now=NOW)


def test_an_instruction_is_a_case_with_owner_and_clock(world) -> None:
    def instruct(words="周五前报进展\n附清单", **how):
        how = {"unit": world.town, "due": None, "actor": world.leader, "now": NOW} | how
        return services.instruct(world.plan, words, **how)

    case = instruct(about=f"target:{world.target.key}")
    assert (case.title, case.about, case.unit, case.due) == (
        "周五前报进展",
        "target:work-2026-g1",
        world.town,
        dt.date(2026, 4, 22),
    )
    assert instruct(now=NOW + dt.timedelta(milliseconds=1)).pk != case.pk
    with pytest.raises(Refused, match="instruction is empty"):
        instruct(" ")
    with pytest.raises(Refused, match="no part of this plan"):
        instruct(about="task:draft-t1")
    with pytest.raises(PermissionDenied):
        instruct(actor=world.clerk)


def test_the_daily_look_asks_once_before_and_once_after(world) -> None:
    near = task(world.plan, "2", dt.date(2026, 4, 22), world.town)
    task(world.plan, "3", dt.date(2026, 4, 23), world.town)
    task(world.plan, "4", None, world.town)
    task(world.plan, "5", dt.date(2026, 4, 1), world.town, state="reported")
    task(world.plan, "6", dt.date(2026, 4, 1), world.town, state="closed")
    task(world.draft, "1", dt.date(2026, 4, 1), world.town)
    assert services.tick(TODAY, NOW) == {"due": 1, "overdue": 1}
    assert services.tick(TODAY, NOW) == {"due": 0, "overdue": 0}
    asked = Case.objects.get(type="report_due")
    assert (asked.about, asked.due, asked.unit, asked.owner) == (f"task:{near.key}", near.due, world.town, None)
    late = Case.objects.get(type="task_overdue")
    assert (late.about, late.due, late.instruction) == (f"task:{world.task.key}", TODAY, "3 workdays overdue")
    cases.close(late, "已电话督促", actor=world.operator, now=NOW)
    assert services.tick(dt.date(2026, 4, 23), NOW + dt.timedelta(days=8)) == {"due": 1, "overdue": 0}


@pytest.mark.parametrize(
    ("unit", "value", "other"),
    [
        ("万元", 26000, "元"),
        ("万元", 26_000_000, "元"),
        ("亿元", 26_000_000, "万元"),
        ("亿元", 260, ""),
        ("家", 26000, ""),
    ],
)
def test_a_jump_asks_for_the_unit_that_would_fit(world, unit, value, other) -> None:
    from gangshen.apps.indicators import services as indicators

    (series,) = indicators.upsert_series([{"key": f"s-{unit}", "name": "产值", "unit": unit, "period": "month"}])
    indicators.observe(series, dt.date(2026, 3, 31), 2600, actor=None, now=NOW)
    doubt = services.doubt_about(series, Decimal(value))
    assert doubt is not None and doubt.other_unit == other


def test_the_form_shows_the_last_two_figures_and_offers_the_last_whole_period(world) -> None:
    from gangshen.apps.indicators import services as indicators

    body = logged_in(world.clerk).get(f"/plans/tasks/{world.task.key}/").content.decode()
    assert "2,600" in body and "1,800" in body and "900（" not in body
    days = [dt.date(2026, 4, 15), dt.date(2026, 4, 30), dt.date(2026, 1, 1)]
    assert [indicators.last_period_end(day, "month") for day in days] == [
        dt.date(2026, 3, 31),
        dt.date(2026, 4, 30),
        dt.date(2025, 12, 31),
    ]
    assert indicators.last_period_end(dt.date(2026, 4, 15), "quarter") == dt.date(2026, 3, 31)
    assert indicators.last_period_end(dt.date(2026, 4, 15), "week") == dt.date(2026, 4, 12)
