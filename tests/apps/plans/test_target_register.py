"""A target counted over the register: bounds that hold, firms that are named, one question each, files and the form."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans_world import NOW, TODAY, logged_in, target

from gangshen.apps.archive.models import Source
from gangshen.apps.cases.models import Case
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.apps.plans import portable, services
from gangshen.apps.plans.forms import QueryForm
from gangshen.apps.plans.models import Target
from gangshen.apps.plans.services import Query
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import Fault, FormatError
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
YOUNG = {"attribute": "registered_on", "operator": "ge", "value": dt.date(2025, 1, 1)}
LARGE = {"attribute": "premises_area", "operator": "ge", "value": 100, "unit": "平方米"}
DAYS, AREAS = (dt.date(2024, 6, 1), dt.date(2025, 6, 1)), (50.0, 150.0)
FIRMS = st.lists(st.tuples(st.sampled_from((None, *DAYS)), st.sampled_from((None, *AREAS))), min_size=1, max_size=5)


def frame(rows: list[tuple[dt.date | None, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(f"f{i}", day, area, 10**10 * (i + 1)) for i, (day, area) in enumerate(rows)],
        schema={"id": pl.String, "registered_on": pl.Date, "premises_area": pl.Float64, "registered_capital": pl.Int64},
        orient="row",
    )


def completions(rows: list[tuple[dt.date | None, float | None]]) -> list[list[tuple[dt.date, float]]]:
    """Every way in which the missing values may turn out."""
    each = [itertools.product([day] if day else DAYS, [area] if area else AREAS) for day, area in rows]
    return [list(one) for one in itertools.product(*map(list, each))]


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        (Query(where=(YOUNG, LARGE)), "家"),
        (Query(measure="share", among=(YOUNG,), where=(LARGE,)), "%"),
        (Query(measure="sum", attribute="registered_capital", where=(YOUNG, LARGE)), "亿元"),
    ],
    ids=["count", "share", "sum"],
)
@given(rows=FIRMS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_bounds_are_the_least_and_the_most_that_missing_values_allow(query, unit, rows) -> None:
    found = services.measure(query, unit, frame(rows), TODAY)
    values = [services.measure(query, unit, frame(whole), TODAY).low for whole in completions(rows)]
    known = [value for value in values if value is not None]
    if not known:
        assert found.low is None
        return
    assert found.low == pytest.approx(min(known))
    assert found.high == pytest.approx(max(known))
    assert set(found.counted).isdisjoint(found.open)
    assert bool(found.open) or min(known) == max(known)


def test_a_missing_amount_has_no_upper_bound_and_leads_the_list() -> None:
    query = Query(measure="sum", attribute="registered_capital", where=(LARGE,))
    rows = frame([(None, 150.0), (None, 150.0), (None, None)])
    rows = rows.with_columns(pl.Series("registered_capital", [10**10, None, 3 * 10**10]))
    found = services.measure(query, "亿元", rows, TODAY)
    assert (found.low, found.high) == (1.0, None)
    assert found.open == ("f1", "f2")


def test_a_query_that_no_longer_fits_the_vocabulary_says_so() -> None:
    gone = Query(where=({"attribute": "no_such_thing", "operator": "eq", "value": True},))
    found = services.measure(gone, "家", frame([(None, None)]), TODAY)
    assert found.low is None and "no_such_thing" in found.fault


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            {"where": ({"attribute": "output_value_statistical", "operator": "gt", "value": 1, "unit": "元"},)},
            "statistics",
        ),
        ({"where": ({"attribute": "legal_representative", "operator": "exists"},)}, "personal"),
        ({"where": ({"attribute": "premises_area", "operator": "ge", "value": 5, "unit": "家"},)}, "家"),
    ],
)
def test_what_may_not_be_counted_by_is_refused(query, words) -> None:
    with pytest.raises(Fault, match=words):
        services.check_condition(Query(**query).where[0])


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        (Query(), "家"),
        (Query(measure="share", where=(LARGE,)), "%"),
        (Query(measure="sum", where=(LARGE,)), "亿元"),
        (Query(measure="sum", attribute="park"), "亿元"),
        (Query(measure="sum", attribute="registered_capital", period="someday"), "亿元"),
        (Query(attribute="registered_capital", where=(LARGE,)), "家"),
        (Query(measure="share", among=(YOUNG,), where=(LARGE,)), "家"),
        (Query(measure="sum", attribute="registered_capital"), "人"),
    ],
)
def test_a_query_that_is_not_whole_is_refused(query, unit) -> None:
    with pytest.raises(Fault):
        services.check_unit(services.check_query(query), unit)


@pytest.fixture
def counted(world) -> SimpleNamespace:
    """Three firms: one counts; one of an account manager and one of nobody are open."""
    for key, name in (("big", "大舟"), ("far", "远帆"), ("new", "新岸")):
        Organisation.objects.create(key=key, kind="enterprise", name=name)
    world.keeper = identity.create_user(
        "keeper", None, by=None, now=NOW, roles=["account_manager"], display_name="专员甲"
    )
    park = Source.objects.create(key="park", name="园区", rank=10)
    for key, values in (
        ("big", {"premises_area": 150.0, "account_manager": "专员甲"}),
        ("far", {"account_manager": "专员甲"}),
        ("new", {"account_manager": "专员丙"}),
    ):
        registers.add_record(key, values, park, TODAY, None, NOW)
    stored = Query(where=(LARGE,)).model_dump(mode="json", exclude_defaults=True)
    world.counted = target(world.plan, None, "g9", 2, subject="大面积企业", unit="家", query=stored)
    return world


def test_a_target_that_nobody_reports_stands_by_the_register(counted) -> None:
    found = services.standing(counted.counted, TODAY)
    assert found.measured is not None and found.pace is not None
    assert (found.measured.low, found.measured.high, found.measured.open) == (1, 3, ("far", "new"))
    assert found.pace.status.value == "unknown" and found.pace.reasons[0].code == "open_firms"
    counted.counted.low = 1
    assert services.standing(counted.counted, TODAY).pace.status.value == "met"


def test_one_click_asks_each_account_manager_once(counted) -> None:
    done = services.ask_managers(counted.counted, actor=counted.operator, now=NOW, today=TODAY)
    assert (done.opened, done.already, done.to_office, done.left) == (2, 0, 1, 0)
    far, new = Case.objects.filter(type="question").order_by("title")
    if far.owner is None:
        far, new = new, far
    assert far.owner == counted.keeper and far.about == f"target:{counted.counted.key}" and "远帆" in far.title
    assert new.owner is None and "专员丙" in new.instruction
    again = services.ask_managers(counted.counted, actor=counted.operator, now=NOW, today=TODAY)
    assert (again.opened, again.already) == (0, 2) and Case.objects.count() == 2


def test_a_draft_and_a_settled_target_ask_nobody(counted) -> None:
    counted.counted.plan = counted.draft
    with pytest.raises(Refused, match="draft"):
        services.ask_managers(counted.counted, actor=counted.operator, now=NOW, today=TODAY)
    for key in ("far", "new"):
        registers.add_record(key, {"premises_area": 10.0}, Source.objects.get(key="park"), TODAY, None, NOW)
    with pytest.raises(Refused, match="No firm"):
        services.ask_managers(Target.objects.get(pk=counted.counted.pk), actor=counted.operator, now=NOW, today=TODAY)


def test_the_page_names_the_firms_and_the_button_asks(counted) -> None:
    client, page = logged_in(counted.operator), f"/plans/targets/{counted.counted.key}/"
    body = client.get(page).content.decode()
    assert all(words in body for words in ("远帆", "新岸", "专员甲", "1–3 firms", "not asked"))
    body = client.post(page + "ask/", follow=True).content.decode()
    assert "2 cases ask for it." in body and "not asked" not in body
    sheet = client.get(page + "firms.xlsx")
    assert sheet.status_code == 200 and sheet["Content-Type"].startswith("application/vnd")


def test_a_unit_sees_the_span_but_no_firm(counted) -> None:
    counted.counted.units.add(counted.town)
    client, page = logged_in(counted.clerk), f"/plans/targets/{counted.counted.key}/"
    body = client.get(page).content.decode()
    assert "1–3 firms" in body and "远帆" not in body and "not open to your role" in body
    assert client.post(page + "ask/").status_code == 403
    assert client.get(page + "firms.xlsx").status_code == 403
    assert client.get(page + "query/").status_code == 403


def lines(**given: str) -> dict[str, str]:
    kinds = ("attribute", "operator", "value", "unit", "period")
    empty = {f"{part}-{i}-{kind}": "" for part, n in (("among", 2), ("where", 3)) for i in range(n) for kind in kinds}
    return empty | {"measure": "count", "attribute": "", "period": ""} | given


def test_the_form_saves_clears_and_says_what_does_not_fit(counted) -> None:
    client, page = logged_in(counted.operator), f"/plans/targets/{counted.counted.key}/query/"
    assert "100" in client.get(page).content.decode()
    where = {
        "where-0-attribute": "premises_area",
        "where-0-operator": "ge",
        "where-0-value": "200",
        "where-0-unit": "亩",
    }
    assert client.post(page, lines(**where)).status_code == 302
    stored = services.query_of(Target.objects.get(pk=counted.counted.pk).query)
    assert stored is not None and (stored.where[0].value, stored.where[0].unit) == (200, "亩")
    for bad in ({"where-0-unit": "家"}, {"where-0-value": "many"}, {"where-0-operator": ""}, {"measure": "share"}):
        body = client.post(page, lines(**(where | bad))).content.decode()
        assert 'class="msg"' in body or "note" in body
    assert client.post(page, lines()).status_code == 302
    assert Target.objects.get(pk=counted.counted.pk).query is None


def test_the_form_gives_back_what_is_stored(counted) -> None:
    held = {"attribute": "certificates", "operator": "has_any", "value": ("高新技术企业", "瞪羚企业")}
    stored = Query(measure="share", among=(YOUNG,), where=(held, LARGE))
    form = QueryForm(unit="%", stored=stored)
    data = dict.fromkeys(form.fields, "") | {k: str(v) for k, v in form.initial.items()}
    again = QueryForm(data, unit="%", stored=stored)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["query"] == stored


def test_a_query_goes_out_and_in_and_its_fault_has_a_line(counted, tmp_path: Path) -> None:
    portable.dump(tmp_path)
    file = tmp_path / "plans" / "work-2026.yaml"
    first = file.read_bytes()
    assert b"premises_area" in first
    Target.objects.filter(pk=counted.counted.pk).update(query=None)
    portable.load(tmp_path, now=NOW)
    portable.dump(tmp_path)
    assert file.read_bytes() == first
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("attribute: premises_area", "attribute: premises_aera"), encoding="utf-8")
    with pytest.raises(FormatError) as refused:
        portable.load(tmp_path, now=NOW)
    (problem,) = refused.value.problems
    line = text.splitlines()[problem.line - 1]
    assert "premises_area" in line and problem.field == "targets[1].query.where[0]"
