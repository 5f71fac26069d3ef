"""What a clerk accepted in a document becomes a plan, once, however often it is handed on."""

from __future__ import annotations

import datetime as dt

import pytest
from plans_world import NOW

from gangshen.apps.archive import services as archive
from gangshen.apps.cases.models import Case
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.documents.services import ADOPTERS
from gangshen.apps.documents.services import adopt as hand_on
from gangshen.apps.identity.models import OrganisationGroup
from gangshen.apps.indicators.models import Series
from gangshen.apps.plans.models import Assignment, Phase, Plan, Target, Task

pytestmark = pytest.mark.django_db
TEXT = "一、建清单。2026年6月底前公布场景清单。（责任单位：马镇）二、强服务。走访企业。三、作保障。到2026年产值达到118亿元。"


@pytest.fixture(autouse=True)
def only_plans() -> object:
    """Other offices take their own items."""
    before = dict(ADOPTERS._entries)
    ADOPTERS._entries = {key: one for key, one in before.items() if key == "plans"}
    yield
    ADOPTERS._entries = before


def make_document(status: str = "in_force") -> Document:
    return Document.objects.create(key="plan-a", title="2026年计划", status=status, created_at=NOW)


def make_reading(document: Document, text: str = TEXT, kind: str = "plan") -> Reading:
    file = archive.store(text.encode(), "plan-a.txt", now=NOW, actor=None)
    document.readings.update(current=False)
    return Reading.objects.create(
        document=document,
        file=file,
        text_file=file,
        text_hash=file.sha256[:16],
        reader="test",
        kind=kind,
        data={"header": {"start_year": 2026, "end_year": 2026}},
        created_at=NOW,
    )


def add(reading: Reading, kind: str, start: int, end: int, state: str = "accepted", **data) -> Item:
    count = reading.items.count() + 1
    return Item.objects.create(
        reading=reading, kind=kind, position=count, start=start, end=end, quote=TEXT[start:end], data=data, state=state
    )


def task_item(reading: Reading, number: str, title: str, start: int, units=(), **more) -> Item:
    said = {"number": number, "title": title, "section": "主要任务", "part": "task", "units": list(units), "due": None}
    return add(reading, "task", start, start + 6, **(said | {"body_start": start, "body_end": start + 20} | more))


def unit(name: str, role: str = "responsible") -> dict[str, str]:
    return {"name": name, "role": role}


def goal(reading: Reading, start: int, value=118, **more) -> Item:
    said = {"subject": "产值", "value": value, "unit": "亿元", "comparator": "ge", "deadline_year": 2026}
    return add(reading, "target", start, start + 8, **(said | more))


def plan_of(document: Document) -> Plan:
    return Plan.objects.get(document=document)


def test_items_become_a_plan_with_evidence_and_series(world) -> None:
    reading = make_reading(make_document())
    first = task_item(reading, "1", "建清单", 0, [unit("马镇", "lead"), unit("经委", "cooperating")], due="2026-06-30")
    add(reading, "promised_list", 10, 14, name="场景清单", verb="公布", task="1")
    number = goal(reading, 50, task="1")
    add(reading, "phase", 0, 4, name="全年", start_year=2026, end_year=2026)
    assert hand_on(reading.document, actor=None, now=NOW) == {"plans": 4}
    plan = plan_of(reading.document)
    task = plan.tasks.get()
    assert (task.key, task.due, task.promised_list) == ("plan-a-t0", dt.date(2026, 6, 30), "场景清单")
    assert task.evidence == f"doc:plan-a@{reading.text_hash}#0-6"
    assert [(a.unit, a.role) for a in task.assignments.all()] == [(world.town, "lead"), (world.bureau, "cooperating")]
    target = plan.targets.get()
    assert (target.key, target.low, target.deadline) == ("plan-a-g50", 118, dt.date(2026, 12, 31))
    assert (target.series.key, target.series.unit, target.series.nature) == ("plan-a-g50", "亿元", "level")
    assert set(target.units.all()) == {world.town, world.bureau}
    first.refresh_from_db()
    number.refresh_from_db()
    assert (first.adopted_as, number.adopted_as) == ("task:plan-a-t0", "target:plan-a-g50")


def test_handing_on_again_doubles_nothing_and_keeps_what_people_did(world) -> None:
    reading = make_reading(make_document())
    task_item(reading, "1", "建清单", 0, [unit("马镇")], due="2026-06-30")
    task_item(reading, "2", "强服务", 30)
    goal(reading, 50)
    hand_on(reading.document, actor=None, now=NOW)
    Task.objects.filter(number="1").update(state="reported", due=dt.date(2026, 9, 30))
    Assignment.objects.create(task=Task.objects.get(number="2"), unit=world.bureau, printed="经委")
    task_item(reading, "3", "作保障", 45, [unit("经委")])
    for _ in range(2):
        hand_on(reading.document, actor=None, now=NOW)
    plan = plan_of(reading.document)
    assert list(plan.tasks.order_by("key").values_list("number", "state", "due")) == [
        ("1", "reported", dt.date(2026, 9, 30)),
        ("2", "open", None),
        ("3", "open", None),
    ]
    assert Task.objects.get(number="2", plan=plan).assignments.get().unit == world.bureau
    assert (plan.targets.count(), Series.objects.filter(key__startswith="plan-a").count()) == (1, 1)


def test_a_new_text_of_the_document_is_matched_by_number_and_title(world) -> None:
    document = make_document()
    old = make_reading(document)
    task_item(old, "1", "建清单", 0, [unit("马镇")])
    task_item(old, "2", "强服务", 30, [unit("马镇")])
    goal(old, 50)
    hand_on(document, actor=None, now=NOW)
    new = make_reading(document, "前言。" + TEXT)
    task_item(new, "1", "建好清单", 3, [unit("马镇")])
    task_item(new, "3", "强服务", 33, [unit("马镇")])
    task_item(new, "2", "新任务", 30, [unit("经委")])
    goal(new, 53, value=120)
    hand_on(document, actor=None, now=NOW)
    plan = plan_of(document)
    assert dict(plan.tasks.values_list("key", "title")) == {
        "plan-a-t0": "建好清单",
        "plan-a-t30": "强服务",
        f"plan-a-t30-{new.text_hash[:6]}": "新任务",
    }
    target = plan.targets.get()
    assert (target.key, target.low, target.evidence) == ("plan-a-g50", 120, f"doc:plan-a@{new.text_hash}#53-61")


def test_a_restated_target_stays_beside_the_first(world) -> None:
    reading = make_reading(make_document())
    goal(reading, 40)
    goal(reading, 50)
    hand_on(reading.document, actor=None, now=NOW)
    hand_on(reading.document, actor=None, now=NOW)
    assert set(Target.objects.filter(plan__key="plan-a").values_list("key", flat=True)) == {"plan-a-g40", "plan-a-g50"}


def test_a_range_a_rate_and_a_day(world) -> None:
    reading = make_reading(make_document())
    goal(reading, 40, value=[5, 8], unit="%", comparator="range", deadline="2026-09-30", denominator="全市")
    hand_on(reading.document, actor=None, now=NOW)
    target = Target.objects.get(plan__key="plan-a")
    assert (target.low, target.high, target.deadline, target.denominator) == (5, 8, dt.date(2026, 9, 30), "全市")
    assert target.series.nature == "rate"


def test_a_class_of_units_gives_each_member(world) -> None:
    group = OrganisationGroup.objects.create(key="towns", name="各相关街镇")
    group.members.set([world.town, world.bureau])
    reading = make_reading(make_document())
    task_item(reading, "1", "建清单", 0, [unit("各相关街镇"), unit("不知何处")])
    for _ in range(2):
        hand_on(reading.document, actor=None, now=NOW)
        assert list(Assignment.objects.filter(task__plan__key="plan-a").values_list("printed", "unit__key")) == [
            ("各相关街镇：经委", "bureau"),
            ("各相关街镇：马镇", "town"),
            ("不知何处", None),
        ]


def test_a_task_without_a_unit_asks_for_one_but_not_in_a_draft(world) -> None:
    reading = make_reading(make_document())
    task_item(reading, "1", "建清单", 0)
    hand_on(reading.document, actor=None, now=NOW)
    hand_on(reading.document, actor=None, now=NOW)
    case = Case.objects.get()
    assert (case.type, case.about) == ("task_unassigned", "task:plan-a-t0")
    assert case.evidence == [f"doc:plan-a@{reading.text_hash}#0-6"]
    other = Document.objects.create(key="plan-b", title="草案", status="draft_for_comment", created_at=NOW)
    drafted = make_reading(other, TEXT + "草")
    task_item(drafted, "1", "建清单", 0)
    hand_on(other, actor=None, now=NOW)
    assert plan_of(other).draft
    assert Case.objects.count() == 1


def test_a_policys_articles_are_no_tasks(world) -> None:
    reading = make_reading(make_document(), kind="policy")
    task_item(reading, "1", "第一条", 0)
    hand_on(reading.document, actor=None, now=NOW)
    assert not Plan.objects.filter(document=reading.document).exists()


def test_a_clerks_correction_counts(world) -> None:
    reading = make_reading(make_document())
    item = goal(reading, 50)
    item.corrected = item.data | {"value": 180, "subject": "工业产值"}
    item.state = "corrected"
    item.save()
    hand_on(reading.document, actor=None, now=NOW)
    target = Target.objects.get(plan__key="plan-a")
    assert (target.low, target.subject) == (180, "工业产值")


def test_phases_are_brought_up_to_date(world) -> None:
    reading = make_reading(make_document())
    item = add(reading, "phase", 0, 4, name="一期", start_year=2026, end_year=2026)
    hand_on(reading.document, actor=None, now=NOW)
    item.data["end_year"] = 2027
    item.save()
    hand_on(reading.document, actor=None, now=NOW)
    assert Phase.objects.get(plan__key="plan-a").end_year == 2027
