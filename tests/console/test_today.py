"""Today: the sentence, what is first, the brief, and where each role comes in."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Role, User
from gangshen.console import pages
from gangshen.web.components import Measure
from gangshen.web.hookpoints import NAVIGATION
from gangshen.web.morning import MORNING, Clause, Morning, Todo

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 4, 15)
Say = Callable[..., None]


@pytest.fixture(autouse=True)
def zone() -> None:
    identity.set_zone(key="z", name="测试区", demo_today=DAY)


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Put parts of our own in place of what the apps say."""
    held: dict[str, tuple[int, Morning]] = {}
    monkeypatch.setattr(MORNING, "_entries", held)

    def add(clauses: Any = (), todos: Any = (), measures: Any = (), soon: dt.date | None = None) -> None:
        part = Morning(lambda u, d: clauses, lambda u, d: measures, lambda u, d: todos, next_date=lambda u, d: soon)
        MORNING.register(f"part-{len(held)}", part)

    return add


def user(*roles: str, name: str = "lin") -> User:
    return identity.create_user(name, None, by=None, now=NOW, roles=roles)


def entered(one: User) -> Client:
    client = Client()
    client.force_login(one)
    return client


def todo(title: str, state: str = "ok", **values: Any) -> Todo:
    return Todo(title, f"/t/{title}/", "任务", state, values.pop("clock", "期限"), **values)


def clause(words: str, state: str, number: int = 1) -> Clause:
    return Clause(words, number, "/x/", state, "总账")


def html(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode()


def test_the_sentence_holds_what_is_urgent_with_each_figure_a_link(say: Say) -> None:
    say([clause("%(figure)s 项超期", "bad", 2), clause("%(figure)s 家新增", "ok", 9)])
    say([clause("资金用到 %(figure)s", "near", 82)])
    shown = html(entered(user("operator")))
    assert '<a class="fig" href="/x/">2</a> 项超期；资金用到 <a class="fig" href="/x/">82</a>。' in shown
    assert "家新增" not in shown


def test_a_quiet_day_says_what_comes_next(say: Say) -> None:
    say(soon=dt.date(2026, 5, 1))
    say(soon=dt.date(2026, 4, 20))
    shown = html(entered(user("operator")))
    assert "2026-04-20" in shown and "2026-05-01" not in shown
    assert 'class="empty' in shown


def test_words_of_others_are_escaped(say: Say) -> None:
    say([clause("<b>%(figure)s</b>", "bad")], [todo("<i>x</i>", "bad")])
    shown = html(entered(user("operator")))
    assert "&lt;b&gt;" in shown and "<i>x</i>" not in shown


def test_late_comes_before_soon_and_the_earlier_first() -> None:
    day = dt.date(2026, 4, 10)
    rows = [
        todo("later", "near", due=DAY, key="1"),
        todo("waits", "unk", due=day, key="2"),
        todo("sooner", "near", due=day, key="3"),
        todo("late", "bad", key="4"),
        todo("fine", "ok", due=day, key="5"),
    ]
    ordered = sorted(rows, key=lambda one: (pages._ORDER[one.state], one.due or dt.date.max))
    assert [one.title for one in ordered] == ["late", "sooner", "later", "fine", "waits"]


def test_a_task_and_its_case_are_one_matter_told_by_the_first(say: Say) -> None:
    say(todos=[todo("task", "bad", key="task:1"), todo("other", "bad", key="task:2")])
    say(todos=[todo("case", "bad", key="task:1")])
    shown = html(entered(user("operator")))
    assert "/t/task/" in shown and "/t/other/" in shown and "/t/case/" not in shown


def test_mine_and_waiting_choose_and_eight_are_shown_first(say: Say) -> None:
    say(todos=[todo(f"n{number}", "bad", key=str(number)) for number in range(10)])
    say(todos=[todo("own", "ok", mine=True), todo("theirs", "unk")])
    client = entered(user("operator"))
    assert html(client).count('class="row" href="/t/') == 8
    assert html(client, "/?all=1").count('class="row" href="/t/') == 12
    assert html(client, "/?show=mine").count('class="row" href="/t/') == 1
    assert "/t/theirs/" in html(client, "/?show=waiting")


def test_no_more_than_six_measures(say: Say) -> None:
    say(measures=[Measure(f"m{number}", number) for number in range(9)])
    assert html(entered(user("operator"))).count('class="m-k"') == 6


HOMES = {
    "enterprise": "/my/",
    "audit_admin": "/audit/",
    "security_admin": "/users/",
    "system_admin": "/runs/",
}


@pytest.mark.parametrize("role", Role.values)
def test_each_role_comes_in_where_its_work_is(say: Say, role: str) -> None:
    response = entered(user(role)).get("/")
    if role in pages.STAFF:
        assert response.status_code == 200
    else:
        assert response.status_code == 302
        assert response["Location"] == HOMES.get(role, "/cases/")


def test_a_log_in_without_a_role_comes_to_its_account(say: Say) -> None:
    assert entered(user()).get("/")["Location"] == "/account/"


def test_the_brief_holds_six_sourced_figures_and_what_is_first(say: Say) -> None:
    say([clause(f"%(figure)s 号事实{number}", "bad", number) for number in range(7)], [todo("建成训练场", "bad")])
    response = entered(user("operator")).get("/today/brief.docx")
    document = docx.Document(io.BytesIO(response.content))
    words = "\n".join(one.text for one in document.paragraphs)
    assert [f"号事实{number}" in words for number in range(7)] == [True] * 6 + [False]
    assert "建成训练场" in "".join(cell.text for row in document.tables[0].rows for cell in row.cells)
    assert 'filename="brief-2026-04-15.docx"' in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("matter", "fewest", "most"), [("开放应用场景", 8, 8), ("说明上年度算力支出的口径并附合同，" * 4, 2, 4)]
)
def test_the_brief_stays_one_page_however_long_its_matters(say: Say, matter: str, fewest: int, most: int) -> None:
    facts = [clause(f"%(figure)s 号事实{number}", "bad", number) for number in range(6)]
    say(facts, [todo(f"{matter}{number}", "bad", key=str(number)) for number in range(12)])
    response = entered(user("operator")).get("/today/brief.docx")
    table = docx.Document(io.BytesIO(response.content)).tables[0]
    assert fewest <= len(table.rows) - 1 <= most
    assert [round(cell.width.mm) for cell in table.rows[0].cells] == [32, 80, 44]


def test_excel_holds_every_matter(say: Say) -> None:
    say(todos=[todo(f"事项{number}", "bad", key=str(number), due=DAY) for number in range(11)])
    content = entered(user("leader")).get("/today/today.xlsx").content
    cells = [str(cell) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values for cell in row]
    assert all(f"事项{number}" in cells for number in range(11))


@pytest.mark.parametrize("path", ["/today/brief.docx", "/today/today.xlsx"])
@pytest.mark.parametrize("role", ["enterprise", "provider", "audit_admin", "system_admin", "security_admin"])
def test_the_zones_morning_is_not_for_outsiders(say: Say, role: str, path: str) -> None:
    assert entered(user(role)).get(path).status_code == 403


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_has_at_most_seven_first_entries_and_no_orphan(say: Say, role: str) -> None:
    client = entered(user(role))
    response = client.get("/account/")
    items = response.wsgi_request.menu_items  # type: ignore[attr-defined]
    assert 0 < len(items) <= 7, [item.key for item in items]
    for item in items:
        assert client.get(item.url).status_code in (200, 302), item.key
    parents = {entry.parent for entry in NAVIGATION if entry.parent}
    assert parents <= {key for key, _entry in NAVIGATION.items()}


def test_what_manages_the_zone_opens_at_the_first_page_one_may_open(say: Say) -> None:
    items = entered(user("audit_admin")).get("/audit/").wsgi_request.menu_items  # type: ignore[attr-defined]
    manage = next(item for item in items if item.key == "manage")
    assert manage.on and manage.children
    assert manage.url == manage.children[0].url


def test_late_sources_are_found_in_one_question(django_assert_num_queries: Any) -> None:
    from gangshen.apps.archive.models import Source
    from gangshen.apps.registers import hooks
    from gangshen.apps.registers.models import Batch, Record

    one = user("operator")
    for number in range(8):
        source = Source.objects.create(key=f"s{number}", name=f"来源{number}", update_days=number or None)
        for state, age in (("live", 30), ("live", number * 3), ("undone", 0)):
            batch = Batch.objects.create(source=source, state=state, created_at=NOW, rows=1)
            day = DAY - dt.timedelta(days=age)
            Record.objects.create(subject="f", source=source, batch=batch, as_of=day, recorded_at=NOW, values={})
    with django_assert_num_queries(2):  # the user's roles, the sources
        late = hooks.late(hooks._expected(one, DAY))
        assert hooks._measures(one, DAY)[0].value == 7
    assert [(each.source.key, each.days) for each in late] == [(f"s{n}", n * 3) for n in range(7, 0, -1)]
