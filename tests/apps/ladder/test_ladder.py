"""The ladder over a small zone: counts, what is missing, series, coaching, pages, rights, files."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from ladder_world import DAY, NOW, TITLE, make_folder, tell
from openpyxl import load_workbook
from pydantic import TypeAdapter

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.indicators.models import Observation, Series
from gangshen.apps.ladder import portable, services
from gangshen.apps.ladder.models import Coached, CoachingList, Tally, Title
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import FormatError
from gangshen.engines.rules import Node
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import RESOLVERS

pytestmark = pytest.mark.django_db


def counted(day: dt.date = DAY) -> dict[str, int]:
    return {one.key: one.value for one in services.counts(services.survey(day))}


def test_a_firm_with_two_titles_is_one_firm(world) -> None:
    found = counted()
    assert found["title-middle"] == 1 and found["title-aside"] == 2
    assert found["two"] == 2  # both holds two of them, high one


def test_each_firm_stands_at_its_highest_rung_and_those_beside_on_none(world) -> None:
    found = counted()
    assert (found["rung-1"], found["rung-2"]) == (3, 1)


def test_a_tally_narrowed_by_a_rule_says_who_is_open(world) -> None:
    robots = services.counted(services.survey(DAY), "robots")
    assert robots.firms == ("both",) and robots.open == ("high",)  # nobody knows where high works


def test_the_zone_as_of_another_day(world) -> None:
    tell("gone", {"park": "乙园"})
    assert counted(dt.date(2026, 9, 30))["rung-1"] == 4  # gone was not yet withdrawn
    assert counted(dt.date(2026, 12, 2))["title-aside"] == 1  # the last day of high was the first


def test_titles_ending_and_lost(world) -> None:
    survey = services.survey(DAY)
    assert [(row.firm, one.title, one.days) for row, one in survey.ending] == [
        ("high", "aside", 11),
        ("base", "base", 56),
    ]
    assert [(row.firm, one.state.value) for row, one in survey.lost()] == [("gone", "withdrawn")]


def test_next_rung_ready_near_and_open(world) -> None:
    rows = services.survey(DAY).rows
    assert rows["base"].ready and rows["base"].qualifies == ("middle", "aside")
    assert rows["near"].near and rows["near"].distance == 1 and rows["near"].decision.value == "no"
    assert rows["open"].near and rows["open"].decision.value == "unknown"
    assert rows["both"].goal == ""


def outlook(firm: str, title: str = "middle", **more: Any) -> services.Outlook:
    survey = services.survey(DAY)
    row = survey.rows[firm]
    return services.outlook(survey.ladder, title, services.facts_of(firm, DAY), row.holding, **more)


def test_what_is_missing_with_value_question_and_date(world) -> None:
    near, open_ = outlook("near"), outlook("open")
    [lacking] = near.lacking()
    assert lacking.state == "bad" and lacking.value.startswith("1") and lacking.ref.startswith("rec:")
    assert [change.after for change in near.nearest.changes] == [2]
    assert near.by == dt.date(2028, 1, 15)
    assert [one.attribute for one in open_.questions] == ["employees"]
    assert "ask:" in services.missing_words(open_)
    assert [one.value for one in near.lacking(may=())] == [""]  # whoever may not read the value does not see it


def test_a_renewal_may_be_judged_by_the_edition_before(world) -> None:
    assert outlook("near", "base", edition="old").decision.value == "yes"
    assert outlook("near", "middle", edition="old").edition.edition == "old"


def test_counts_become_series_and_counting_again_adds_nothing(world) -> None:
    first = services.write_counts(services.survey(DAY), now=NOW, actor=None)
    rows = Observation.objects.count()
    assert first["ladder-two"] == 2 and rows == Series.objects.count() == len(first)
    assert services.write_counts(services.survey(DAY), now=NOW, actor=None) == first
    assert Observation.objects.count() == rows
    seen = Observation.objects.get(series__key="ladder-two")
    assert seen.at == DAY and seen.evidence == f"count:two@{DAY}" and "去重" in seen.series.scope
    tell("none", {"certificates": ["高新技术企业||N8|2026-01-01|2028-12-31"]})
    assert services.write_counts(services.survey(DAY), now=NOW, actor=None)["ladder-two"] == 3
    assert Observation.objects.filter(series__key="ladder-two").count() == 2  # a revision, with its reason


def test_a_count_is_evidence_that_opens_its_list(world) -> None:
    found = RESOLVERS.get("count")(Ref.parse(f"count:two@{DAY}"), world.users.operator)
    assert found.url.endswith("?counted=two") and dict(found.values)["Firms"] == "2"
    assert RESOLVERS.get("count")(Ref.parse(f"count:two@{DAY}"), world.users.unit) is None


def make(world: Any, *firms: str) -> CoachingList:
    survey = services.survey(DAY)
    return services.coach(survey, "middle", firms or ("near", "open"), name="一批", actor=world.users.operator, now=NOW)


def test_a_coaching_list_gives_each_firm_to_its_account_manager(world) -> None:
    made = make(world)
    near, open_ = made.firms.order_by("number")
    assert near.case.owner == world.users.account_manager and open_.case.owner is None
    assert near.case.due > DAY and near.missing and near.by == dt.date(2028, 1, 15)
    assert made.edition == "new" and Case.objects.filter(type="coaching").count() == 2


def test_the_receipt_of_the_case_is_the_note(world) -> None:
    row = make(world).firms.get(firm__key="near")
    cases.close(row.case, "材料已报", actor=world.users.account_manager, now=NOW)
    row.refresh_from_db()
    assert row.note == "材料已报" and row.answered_on == DAY


@pytest.mark.parametrize(
    ("firms", "said"),
    [((), "No firm is chosen"), (("nobody",), "no firm nobody"), (("both",), "holds this title already")],
)
def test_a_list_is_refused_whole(world, firms: tuple[str, ...], said: str) -> None:
    with pytest.raises(Refused, match=said):
        services.coach(services.survey(DAY), "middle", firms, name="", actor=world.users.operator, now=NOW)
    assert not CoachingList.objects.exists() and not Case.objects.exists()


def test_only_who_may_makes_a_list(world) -> None:
    for role in ("leader", "unit", "firm", "data_officer"):
        with pytest.raises(PermissionDenied):
            services.coach(services.survey(DAY), "middle", ["near"], name="", actor=getattr(world.users, role), now=NOW)


def filled(made: CoachingList, **outcomes: tuple[str, str]) -> bytes:
    book = load_workbook(BytesIO(services.coaching_workbook(made)))
    page = book.worksheets[0]
    heads = [cell.value for cell in page[2]]

    def place(column: str) -> int:
        return next(at for at, head in enumerate(heads) if head in services.HEADS[column])

    for row in page.iter_rows(min_row=3):
        key = row[place("key")].value
        if key in outcomes:
            row[place("outcome")].value, row[place("note")].value = outcomes[key]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def back(world: Any, made: CoachingList, data: bytes) -> services.Came:
    return services.read_back(made, data, name="一批.xlsx", actor=world.users.account_manager, today=DAY)


def test_the_excel_comes_back_with_outcomes(world) -> None:
    made = make(world)
    came = back(world, made, filled(made, near=("Applied", "已受理"), open=("已获称号", "")))
    assert (came.changed, came.same) == (2, 0)
    assert dict(made.firms.values_list("firm__key", "outcome")) == {"near": "applied", "open": "won"}
    assert back(world, made, filled(made)).changed == 0  # as it was exported, nothing changes


def test_a_wrong_outcome_is_told_with_its_row_and_nothing_is_taken(world) -> None:
    made = make(world)
    with pytest.raises(FormatError) as caught:
        back(world, made, filled(made, near=("Applied", "x"), open=("成功", "")))
    assert str(caught.value).startswith("一批.xlsx:4:结果: write one of")
    assert set(made.firms.values_list("outcome", flat=True)) == {"open"}
    with pytest.raises(FormatError, match="not a readable"):
        back(world, made, b"PK no book")


def log_in(world: Any, role: str) -> Client:
    client = Client()
    client.force_login(getattr(world.users, role))
    return client


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        *((role, path, 200) for role in ("operator", "leader", "account_manager") for path in ("/ladder/", "/ladder/firms/", "/ladder/coaching/")),
        ("data_officer", "/ladder/", 200),
        ("data_officer", "/ladder/coaching/", 403),
        ("unit", "/ladder/", 403),
        ("firm", "/ladder/", 403),
        ("firm", "/ladder/titles/", 200),
        ("firm", "/ladder/firms/base/", 200),
        ("firm", "/ladder/firms/near/", 404),
        ("unit", "/ladder/firms/near/", 404),
        ("data_officer", "/ladder/ladder.xlsx", 403),
        ("operator", "/ladder/ladder.xlsx", 200),
        ("operator", "/ladder/ladder.docx", 200),
        ("operator", "/ladder/?as_of=2026-09-30", 200),
    ],
)  # fmt: skip
def test_pages_by_role(world, role: str, page: str, status: int) -> None:
    assert log_in(world, role).get(page).status_code == status


def test_the_page_answers_first_and_every_figure_opens(world) -> None:
    text = log_in(world, "operator").get("/ladder/").content.decode()
    assert "firms stand on the ladder" in text and "?counted=rung-1" in text
    assert "near公司" in text and "2 titles end within 180 days" in text.replace(
        '<a class="fig" href="#ending">2</a>', "2"
    )
    wrong = log_in(world, "operator").get("/ladder/?as_of=2027-01-01")
    assert wrong.status_code == 409 or "has not come" in wrong.content.decode()


def test_the_page_without_titles_says_what_to_load(world) -> None:
    Tally.objects.all().delete()
    Title.objects.all().delete()
    text = log_in(world, "operator").get("/ladder/").content.decode()
    assert "No title is defined yet" in text


def test_profile_and_own_door_show_the_stand(world) -> None:
    text = log_in(world, "operator").get("/enterprises/near/").content.decode()
    assert 'id="ladder"' in text and "Missing for Middle" in text
    own = log_in(world, "firm").get("/my/").content.decode()
    assert 'id="ladder"' in own and "Stands on" in own


def test_a_list_is_made_opened_and_read_back_on_pages(world) -> None:
    client = log_in(world, "operator")
    asked = client.post("/ladder/coaching/new/", {"row": ["near", "open"]})
    assert asked.status_code == 200 and b'value="middle" selected' in asked.content
    made = client.post("/ladder/coaching/new/", {"row": ["near", "open"], "title": "middle", "name": "二批"})
    page = made["Location"]
    assert "二批" in client.get(page).content.decode()
    for kind in ("xlsx", "docx"):
        assert client.get(f"{page.rstrip('/')}.{kind}").content[:2] == b"PK"
    one = CoachingList.objects.get()
    upload = BytesIO(filled(one, near=("Dropped", "不愿申报")))
    upload.name = "二批.xlsx"
    assert client.post(f"{page}read/", {"file": upload}).status_code == 302
    assert Coached.objects.get(firm__key="near").outcome == "dropped"


def test_the_api_says_the_same(world) -> None:
    client = log_in(world, "operator")
    found = {one["key"]: one["firms"] for one in client.get("/api/ladder").json()}
    assert found == counted()
    one = client.get("/api/ladder/firms/near").json()
    assert one["next"][0]["decision"] == "no" and one["rung"] == 1
    assert client.get("/api/ladder/firms/nobody").status_code == 404
    assert log_in(world, "unit").get("/api/ladder").status_code == 403
    assert log_in(world, "firm").get("/api/ladder/firms/near").status_code == 404
    assert len(client.get("/api/ladder/titles").json()) == 3
    rows = client.get("/api/lists/ladder-firms?state=ready").json()
    assert [row["key"] for row in rows["items"]] == ["base"]


def test_the_command_line_says_the_same(world, monkeypatch, tmp_path) -> None:
    from typer.testing import CliRunner

    from gangshen.apps.ladder import commands

    monkeypatch.setattr(commands, "boot", lambda: None)
    run = CliRunner().invoke
    found = json.loads(run(commands.app, ["status", "--json"]).stdout)
    assert {one["key"]: one["firms"] for one in found} == counted()
    near = json.loads(run(commands.app, ["firms", "--near", "--json"]).stdout)
    assert {one["firm"] for one in near} >= {"base", "near", "open"}
    made = run(
        commands.app,
        ["coach", "middle", "--firm", "near", "--user", "operator", "--json", "--xlsx", str(tmp_path / "a.xlsx")],
    )
    assert made.exit_code == 0 and (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    assert run(commands.app, ["status", "--as-of", "tomorrow"]).exit_code == 2


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def test_export_load_export_gives_the_same_bytes(world, tmp_path) -> None:
    made = make(world)
    back(world, made, filled(made, near=("Applied", "已受理")))
    portable.dump(tmp_path / "one")
    Coached.objects.all().delete()
    CoachingList.objects.all().delete()
    Title.objects.all().delete()
    portable.load(tmp_path / "one", now=NOW)
    portable.dump(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert "ladder/coaching.csv" in files(tmp_path / "one")


def test_a_fault_in_a_file_changes_nothing(world, tmp_path) -> None:
    folder = make_folder(tmp_path / "bad")
    text = TITLE.format(id="middle", zh="专精特新中小企业", en="Middle", place="rung\n    rung: 2", low=1, high=1)
    (folder / "ladder/middle.yaml").write_text(text.replace("2026-03-31", "2026-04-15"), encoding="utf-8")
    (folder / "ladder/base.yaml").write_text("id: base\n", encoding="utf-8")
    before = list(Title.objects.values_list("key", "content"))
    with pytest.raises(FormatError) as caught:
        portable.load(folder, now=NOW)
    assert "ladder/middle.yaml:15:editions[1].valid_from: overlaps" in str(caught.value)
    assert list(Title.objects.values_list("key", "content")) == before


def test_a_list_of_firms_with_faults_names_row_and_field(world, tmp_path) -> None:
    folder = make_folder(tmp_path / "bad")
    head = ",".join(portable.OF_COACHING)
    (folder / "ladder/coaching.csv").write_text(
        f"{head}\na,甲,nothing,new,昨天,,1,nobody,,,,maybe,,\n", encoding="utf-8"
    )
    with pytest.raises(FormatError) as caught:
        portable.load(folder, now=NOW)
    said = str(caught.value)
    for field in ("title", "firm", "as_of", "outcome"):
        assert f"ladder/coaching.csv:2:{field}:" in said


def test_batches_and_withdrawals_come_with_the_registers(world) -> None:
    entry = [{"type": "专精特新中小企业", "number": "N9", "from": "2026-07-01", "to": "2029-06-30", "batch": "第三批"}]
    tell("near", {"certificates": entry})
    row = services.survey(DAY).rows["near"]
    [held] = [one for one in row.holding.valid if one.title == "middle"]
    assert row.holding.rung == 2 and held.extra == {"batch": "第三批"}
    assert row.refs["N9"].startswith("rec:")
    tell("near", {"certificates": [entry[0] | {"withdrawn_on": "2026-11-01"}]}, day=dt.date(2026, 11, 2))
    again = services.survey(DAY).rows["near"]
    assert again.holding.rung == 1 and again.holding.lost[0].state.value == "withdrawn"


def test_what_must_not_be_is_not_said_as_asked_for(world) -> None:
    rule = TypeAdapter(Node).validate_python(
        {
            "all": [
                {"id": "staff", "attribute": "employees", "operator": "ge", "value": 50},
                {"none": [{"id": "bad", "attribute": "serious_dishonesty", "operator": "exists"}]},
            ]
        }
    )
    assert services.conditions_of(SimpleNamespace(conditions=rule)) == [
        "employees at period end at least 50 people",
        "list of serious dishonesty: not on it",
    ]
