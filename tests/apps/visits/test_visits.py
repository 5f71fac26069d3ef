"""Visits: planned once, told of to others, written down as records and cases, undone by nobody."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, Zone
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Record
from gangshen.apps.visits import portable, services
from gangshen.apps.visits.models import Matter, Topic, Visit
from gangshen.apps.visits.services import Asked
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
TODAY = dt.date(2026, 4, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Any:
    settings.HOME = tmp_path / "home"
    Zone.objects.create(key="z", name="园区", demo_today=TODAY)
    town, space, firm, other = (
        Organisation.objects.create(key=key, kind=kind, name=name)
        for key, kind, name in (
            ("town", "agency", "镇"),
            ("space", "agency", "空间组"),
            ("firm", "enterprise", "甲厂"),
            ("other", "enterprise", "乙厂"),
        )
    )

    def user(name: str, role: str, home: Organisation | None = None) -> Any:
        return identity.create_user(name, None, by=None, now=NOW, roles=[role], organisation=home, language="en")

    filed = registers.source_named(registers.ANSWER)
    registers.add_record(
        "firm", {"name": "甲厂", "employees": 80, "premises_area": 900.0}, filed, dt.date(2026, 1, 5), None, NOW
    )
    Topic.objects.create(key="space", label_zh="空间", unit=space)
    with translation.override("en"):
        yield SimpleNamespace(
            town=town,
            space=space,
            firm=firm,
            other=other,
            manager=user("manager", "account_manager", town),
            operator=user("operator", "operator"),
            clerk=user("clerk", "unit", space),
            contact=user("contact", "enterprise", firm),
            stranger=user("stranger", "enterprise", other),
        )


def planned(world: Any, on: dt.date = TODAY, unit: Organisation | None = None) -> Visit:
    return services.plan(world.firm, unit or world.town, on, actor=world.manager, today=TODAY, purpose="看厂房")


def held(world: Any, **given: Any) -> Visit:
    given = {"said": {}, "matters": [], "note": ""} | given
    return services.hold(planned(world), actor=world.manager, now=NOW, today=TODAY, **given)


def client(user: Any) -> Client:
    made = Client()
    made.force_login(user)
    return made


class TestPlanning:
    def test_one_visit_of_a_unit_a_day_and_none_in_the_past(self, world: Any) -> None:
        first = planned(world)
        with pytest.raises(Refused, match="already"):
            planned(world)
        with pytest.raises(Refused, match="has passed"):
            planned(world, TODAY - dt.timedelta(days=1))
        planned(world, unit=world.space)
        services.cancel(first, "改为线上", actor=world.manager)
        planned(world)

    def test_what_was_said_at_a_firm_goes_on_with_the_one_it_is_merged_into(self, world: Any) -> None:
        world.firm, kept = Organisation.objects.create(key="twin", kind="enterprise", name="甲厂有限公司"), world.firm
        registers.add_record("twin", {"name": "甲厂"}, registers.source_named(registers.ANSWER), TODAY, None, NOW)
        before = held(world, matters=[Asked("promise", "引荐供应商")])
        officer = identity.create_user("officer", None, by=None, now=NOW, roles=["data_officer"])
        assert services.earlier(kept, TODAY) == []
        batch = registers.merge("firm", "twin", actor=officer, now=NOW)
        assert services.earlier(kept, TODAY) == [before]
        assert [one.words for one in services.matters_of(world.manager, kept)] == ["引荐供应商"]
        assert [one.words for one in services.open_matters(kept)] == ["引荐供应商"]
        assert [one.lately for one in services.stops(["firm"], world.manager, TODAY)] == [[before]]
        page = client(world.manager)
        assert page.get("/visits/new/twin/").context["firm"] == kept  # nobody plans a visit to a firm that is no more
        assert [one["firm"] for one in page.get("/api/visits", {"firm": "firm"}).json()["items"]] == ["twin"]
        registers.unmerge(batch, actor=officer, now=NOW)
        assert services.earlier(kept, TODAY) == []

    def test_others_of_late_are_told_of_before_one_goes(self, world: Any) -> None:
        before = held(world, matters=[Asked("promise", "引荐供应商")])
        assert [one.pk for one in services.earlier(world.firm, TODAY + dt.timedelta(days=9))] == [before.pk]
        assert services.earlier(world.firm, TODAY + dt.timedelta(days=31)) == []
        page = client(world.operator)
        url = "/visits/new/firm/"
        assert "引荐供应商" in page.get(url).content.decode()
        data = {"on": "2026-04-20", "unit": world.space.pk, "purpose": ""}
        refused = page.post(url, data)
        assert refused.status_code == 200
        assert Visit.objects.count() == 1
        assert page.post(url, data | {"anyway": "on"}).status_code == 302
        assert Visit.objects.filter(unit=world.space, state="planned").exists()

    def test_several_firms_are_planned_together_from_the_register(self, world: Any) -> None:
        held(world, note="谈过")
        registers.add_record(
            "other",
            {"name": "乙厂", "account_manager": "manager"},
            registers.source_named(registers.ANSWER),
            TODAY,
            None,
            NOW,
        )
        page = client(world.operator)
        assert 'formaction="/visits/chosen/"' in page.get("/enterprises/").content.decode()
        assert 'formaction="/visits/chosen/"' not in client(world.contact).get("/enterprises/").content.decode()
        sent = page.post("/visits/chosen/", {"row": ["firm", "other", "nobody"]})
        shown = page.get(sent["Location"]).content.decode()
        boxes = {name: "checked" in rest for name, rest in re.findall(r'<input[^>]*name="go:(\d)"([^>]*)>', shown)}
        assert boxes == {"0": True, "1": False}  # 乙厂 is ticked; 甲厂 was visited of late
        data = {"on": "2026-04-20", "unit": world.space.pk, "purpose": "摸底", "go:0": "on", "on:0": "2026-04-22"}
        assert page.post(sent["Location"], data).status_code == 302
        made = Visit.objects.get(state="planned")
        assert (made.firm, made.on, made.visitor) == (world.other, dt.date(2026, 4, 22), world.manager)
        again = page.post(sent["Location"], data | {"go:1": "on", "visitor": world.operator.pk}).content.decode()
        assert "already" in again  # 乙厂 is planned on that day, so 甲厂 is not planned either
        assert Visit.objects.filter(state="planned").count() == 1
        nothing = page.post(sent["Location"], {name: data[name] for name in ("on", "unit")}).content.decode()
        assert "No firm is ticked" in nothing
        assert page.get("/visits/several/?firm=nobody").status_code == 409
        assert client(world.clerk).post("/visits/chosen/", {"row": ["firm"]}).status_code == 403

    def test_a_moved_visit_keeps_the_rules_and_a_held_one_stays(self, world: Any) -> None:
        visit = planned(world)
        services.move(visit, TODAY + dt.timedelta(days=3), actor=world.manager, today=TODAY)
        with pytest.raises(Refused):
            services.move(visit, TODAY - dt.timedelta(days=3), actor=world.manager, today=TODAY)
        services.hold(visit, said={}, note="谈过", actor=world.manager, now=NOW, today=TODAY)
        assert Visit.objects.get().on == TODAY
        with pytest.raises(Refused, match="held"):
            services.cancel(visit, "x", actor=world.manager)


class TestWritingDown:
    def test_a_fact_said_is_a_dated_record_ranked_below_what_was_filed(self, world: Any) -> None:
        held(world, said={"premises_area": "1200", "products": "协作机器人", "customers": ""})
        record = Record.objects.get(source__key="visit")
        assert record.as_of == TODAY
        assert record.values["premises_area"] == 1200.0
        assert "customers" not in record.values
        facts = registers.facts("firm", TODAY)
        assert facts["premises_area"].value == 900.0  # what was filed is believed before what was said
        assert facts["products"].value[0]["type"] == "协作机器人"
        assert facts["products"].record_id == record.pk

    def test_the_register_knows_the_last_visit(self, world: Any) -> None:
        held(world, said={"premises_area": "1200"})
        known = registers.facts("firm", TODAY)["last_visit"]
        assert (known.value, known.source) == (TODAY, "visit")
        Visit.objects.update(on=TODAY + dt.timedelta(days=1))
        held(world, said={"premises_area": "1300"})  # of an earlier day, written down late
        assert "last_visit" not in Record.objects.filter(source__key="visit").order_by("-pk")[0].values

    def test_a_cell_that_cannot_be_read_names_itself_and_keeps_nothing(self, world: Any) -> None:
        with pytest.raises(Refused, match="premises area|使用面积"):
            held(world, said={"premises_area": "很大"}, matters=[Asked("request", "厂房", "space")])
        assert Visit.objects.get().state == "planned"
        assert not Matter.objects.exists()
        assert not Record.objects.filter(source__key="visit").exists()

    def test_nothing_at_all_is_no_visit(self, world: Any) -> None:
        with pytest.raises(Refused, match="Nothing"):
            held(world, said={"employees": " "}, matters=[Asked("request", "  ")])

    def test_a_request_goes_to_its_topics_unit_and_comes_back_as_an_answer(self, world: Any) -> None:
        visit = held(world, matters=[Asked("request", "2000 平方米厂房", "space"), Asked("promise", "寄送目录")])
        first, second = visit.matters.all()
        assert (first.case.unit, second.case.unit) == (world.space, world.town)
        assert first.case.due is not None
        cases.close(first.case, "已带看三处", actor=world.clerk, now=NOW)
        first.refresh_from_db()
        assert (first.answer, first.answered_on) == ("已带看三处", TODAY)
        assert [one.pk for one in services.open_matters(world.firm)] == [second.pk]
        assert LogEntry.objects.filter(event="visits.held").exists()

    def test_an_unknown_topic_is_refused_with_the_known_ones(self, world: Any) -> None:
        with pytest.raises(Refused, match="no topic moon"):
            held(world, matters=[Asked("request", "x", "moon")])
        assert not Case.objects.exists()


class TestWhoSeesWhat:
    def test_a_firm_sees_its_own_matters_and_no_notes(self, world: Any) -> None:
        visit = held(world, matters=[Asked("promise", "引荐供应商")], note="内部看法")
        page = client(world.contact).get("/enterprises/firm/").content.decode()
        assert "引荐供应商" in page
        assert "内部看法" not in page
        assert client(world.contact).get(f"/visits/{visit.pk}/").status_code in (403, 404)
        assert services.matters_of(world.stranger, world.firm) == []

    def test_who_has_the_request_sees_it_not_the_visit(self, world: Any) -> None:
        visit = held(world, matters=[Asked("request", "厂房", "space")])
        assert [one.words for one in services.matters_of(world.clerk, world.firm)] == ["厂房"]
        assert client(world.clerk).get(f"/visits/{visit.pk}/").status_code == 404
        with pytest.raises(PermissionDenied):
            services.plan(world.firm, world.space, TODAY, actor=world.clerk, today=TODAY)

    def test_the_profile_says_who_was_there_and_what_is_open(self, world: Any) -> None:
        held(world, matters=[Asked("promise", "引荐供应商")])
        page = client(world.operator).get("/enterprises/firm/").content.decode()
        assert "visited 0 days ago" in page
        assert "/visits/new/firm/" in page
        assert "/visits/sheet/firm.docx" in page


class TestPaper:
    def test_the_sheet_holds_facts_with_age_promises_and_what_to_ask(self, world: Any) -> None:
        held(world, matters=[Asked("promise", "引荐供应商")])
        answer = client(world.manager).get("/visits/sheet/firm.docx")
        assert "filename*=utf-8''%E7%94%B2" in answer["Content-Disposition"]
        file = docx.Document(io.BytesIO(answer.content))
        cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
        assert {"80 人", "引荐供应商", "100 days"} <= set(cells) or "80" in " ".join(cells)
        assert "引荐供应商" in cells

    def test_the_profile_as_excel_has_source_and_date_of_each_value(self, world: Any) -> None:
        answer = client(world.manager).get("/enterprises/firm/facts.xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        assert any("900" in str(row[1]) and row[3] and row[4] for row in rows)


class TestPages:
    def test_the_form_of_a_visit_takes_facts_and_requests(self, world: Any) -> None:
        visit = planned(world)
        page = client(world.manager)
        shown = page.get(f"/visits/{visit.pk}/").content.decode()
        assert "said:employees" in shown
        data = {"said:employees": "95", "words:1": "厂房", "kind:1": "request", "topic:1": "space", "note": ""}
        assert page.post(f"/visits/{visit.pk}/", data).status_code == 302
        after = page.get(f"/visits/{visit.pk}/").content.decode()
        assert "95" in after
        assert "厂房" in after
        bad = page.post(f"/visits/{visit.pk}/", data)
        assert bad.status_code == 409

    def test_the_lists_ask_a_fixed_number_of_queries(self, world: Any, django_assert_max_num_queries: Any) -> None:
        for days in range(6):
            on = TODAY + dt.timedelta(days=days)
            services.plan(world.firm, world.town, on, actor=world.manager, today=TODAY)
        page = client(world.manager)
        page.get("/visits/")
        with django_assert_max_num_queries(24):
            assert page.get("/visits/").status_code == 200
        with django_assert_max_num_queries(24):
            assert page.get("/visits/matters/").status_code == 200

    def test_the_api_plans_and_writes_down(self, world: Any) -> None:
        page = client(world.manager)
        given = {"firm": "firm", "unit": "town", "on": "2026-04-16"}
        made = page.post("/api/visits", given, content_type="application/json").json()
        answer = page.post(
            f"/api/visits/{made['id']}/hold",
            {"said": {"employees": "95"}, "matters": [{"words": "厂房", "topic": "space"}]},
            content_type="application/json",
        )
        assert answer.json()["state"] == "held"
        assert page.get("/api/visits/matters?firm=firm").json()["items"][0]["words"] == "厂房"
        bad = page.post(f"/api/visits/{made['id']}/hold", {"said": {}}, content_type="application/json")
        assert bad.status_code == 409


class TestFiles:
    def test_out_in_and_out_again_is_the_same(self, world: Any, tmp_path: Path) -> None:
        visit = held(world, matters=[Asked("request", "厂房", "space"), Asked("promise", "寄送目录")])
        cases.close(visit.matters.get(number=2).case, "已寄", actor=world.manager, now=NOW)
        planned(world, TODAY + dt.timedelta(days=5))
        first, second = tmp_path / "a", tmp_path / "b"
        first.mkdir()
        second.mkdir()
        portable.dump(first)
        Matter.objects.all().delete()
        Visit.objects.all().delete()
        portable.load(first, now=NOW)
        portable.dump(second)
        assert (first / portable.FILE).read_bytes() == (second / portable.FILE).read_bytes()
        assert Matter.objects.get(number=1).case == Case.objects.get(type="request")

    def test_an_unknown_unit_is_named_with_its_place(self, world: Any, tmp_path: Path) -> None:
        (tmp_path / "visits").mkdir()
        text = (
            "visits:\n  - {firm: firm, unit: moon, day: 2026-04-01, matters: [{kind: request, words: x, topic: y}]}\n"
        )
        (tmp_path / portable.FILE).write_text(text, encoding="utf-8")
        with pytest.raises(FormatError) as refused:
            portable.load(tmp_path, now=NOW)
        assert "visits[0].unit" in str(refused.value)
        assert "visits[0].matters[0].topic" in str(refused.value)
        assert not Visit.objects.exists()
