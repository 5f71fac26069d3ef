"""Connectors: one suite that every adapter passes, and what only one of them can do wrong."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import User, Zone
from gangshen.apps.registers import portable, services
from gangshen.apps.registers.adapters import ConnectorFile, PullError, adapter_of
from gangshen.apps.registers.adapters._part import cursor_text, in_chunks
from gangshen.apps.registers.models import Batch, Connector, Record
from gangshen.apps.registers.services import importing
from gangshen.apps.runs import services as runs
from gangshen.engines.formats import FormatError, load_yaml
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
HEADS = ("企业编号", "企业名称", "参保人数", "改于")
Row = tuple[str, str, Any, str]


class World:
    """A source of rows that each adapter reads in its own way."""

    text: str

    def put(self, *rows: Row) -> None:
        raise NotImplementedError

    def break_(self) -> None:
        raise NotImplementedError


class Folder(World):
    text = "source: lists\nfolder: {path: lists, pattern: '*.csv'}\nheaders: {改于: '-'}\n"

    def __init__(self, home: Path) -> None:
        self.place = home / "inbox" / "lists"
        self.place.mkdir(parents=True)
        self.count = 0

    def put(self, *rows: Row) -> None:
        self.count += 1
        file = self.place / f"{self.count:03}.csv"
        lines = [HEADS, *rows]
        file.write_text("\n".join(",".join(map(str, line)) for line in lines), encoding="utf-8")
        at = time.time() - 1000 + self.count
        os.utime(file, (at, at))

    def break_(self) -> None:
        self.place.rename(self.place.with_name("gone"))


class Sql(World):
    text = "source: lists\nsql: {setting: GANGSHEN_CONNECT_LISTS, query: select * from firms, cursor: 改于, chunk: 1}\nheaders: {改于: '-'}\n"

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = home / "lists.db"
        home.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(self.file) as database:
            database.execute(f"create table firms ({', '.join(HEADS)})")
        monkeypatch.setenv("GANGSHEN_CONNECT_LISTS", f"sqlite:///{self.file}")

    def put(self, *rows: Row) -> None:
        with sqlite3.connect(self.file) as database:
            database.executemany("insert into firms values (?, ?, ?, ?)", rows)

    def break_(self) -> None:
        with sqlite3.connect(self.file) as database:
            database.execute("alter table firms rename to others")


class Postgres(World):
    """The same query over PostgreSQL, in a schema of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import psycopg

        url = os.environ["GANGSHEN_DATABASE_URL"]
        self.schema = f"lists_{uuid.uuid4().hex}"
        self.base = psycopg.connect(url, autocommit=True)
        self.base.execute(f"create schema {self.schema}")
        listed = ", ".join(f'"{name}" text' for name in HEADS)
        self.base.execute(f"create table {self.schema}.firms ({listed})")
        self.text = Sql.text.replace("from firms", f"from {self.schema}.firms")
        monkeypatch.setenv("GANGSHEN_CONNECT_LISTS", url)

    def put(self, *rows: Row) -> None:
        for row in rows:
            cells = [None if cell is None else str(cell) for cell in row]
            self.base.execute(f"insert into {self.schema}.firms values (%s, %s, %s, %s)", cells)

    def break_(self) -> None:
        self.base.execute(f"alter table {self.schema}.firms rename to others")

    def close(self) -> None:
        self.base.execute(f"drop schema {self.schema} cascade")
        self.base.close()


class Http(World):
    """A local server with pages of one row, a token and a parameter ``since``."""

    text = (
        "source: lists\nheaders: {改于: '-'}\nhttp: {url: 'http://127.0.0.1:PORT/firms', token: GANGSHEN_CONNECT_TOKEN, "
        "rows: data.items, page: page, size: size, page_size: 1, cursor: 改于, since: since}\n"
    )

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: list[Row] = []
        self.answers: list[tuple[int, bytes]] = []  # given first, one a request
        self.asked: list[str] = []
        monkeypatch.setenv("GANGSHEN_CONNECT_TOKEN", "t0ken")
        world = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                world.asked.append(self.path)
                status, body = world.answers.pop(0) if world.answers else world.page(self.path)
                if self.headers["Authorization"] != "Bearer t0ken":
                    status = 401
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.text = Http.text.replace("PORT", str(self.server.server_address[1]))

    def page(self, path: str) -> tuple[int, bytes]:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        rows = [row for row in self.rows if row[3] > asked.get("since", "")]
        at, size = int(asked.get("page", 1)), int(asked.get("size", 100))
        items = [dict(zip(HEADS, row, strict=True)) for row in rows[(at - 1) * size : at * size]]
        return 200, json.dumps({"data": {"items": items}}).encode()

    def put(self, *rows: Row) -> None:
        self.rows += rows

    def break_(self) -> None:
        self.answers = [(404, b"gone")] * 9


@pytest.fixture(autouse=True)
def zone(db: None) -> None:
    Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)
    Source.objects.create(key="lists", name="名单", rank=20, update_days=31)


@pytest.fixture
def allow(settings: Any) -> None:
    from dataclasses import replace

    settings.CONFIG = replace(settings.CONFIG, internal_hosts=("127.0.0.1", "localhost"))


ON_POSTGRES = pytest.mark.skipif(
    not os.environ.get("GANGSHEN_DATABASE_URL", "").startswith("postgres"),
    reason="needs PostgreSQL: set GANGSHEN_DATABASE_URL",
)


@pytest.fixture(params=["folder", "sql", pytest.param("postgres", marks=[pytest.mark.full, ON_POSTGRES]), "http"])
def world(
    request: pytest.FixtureRequest, own_home: Path, monkeypatch: pytest.MonkeyPatch, allow: None
) -> Iterator[World]:
    if request.param == "folder":
        yield Folder(own_home)
    elif request.param == "sql":
        yield Sql(own_home, monkeypatch)
    elif request.param == "postgres":
        base = Postgres(monkeypatch)
        yield base
        base.close()
    else:
        made = Http(monkeypatch)
        yield made
        made.server.shutdown()
        made.server.server_close()


def connector(text: str, key: str = "lists-in") -> Connector:
    return services.put_connector(key, load_yaml(text, ConnectorFile), NOW)


def pull(one: Connector, at: dt.datetime = NOW) -> dict[str, Any]:
    return services.pull(Connector.objects.get(pk=one.pk), actor=None, now=NOW, at=at)


def heads() -> dict[str, int]:
    return {key: services.facts(key, TODAY)["insured_employees"].value for key in sorted(subjects())}


def subjects() -> set[str]:
    return set(Record.objects.filter(batch__state="live").values_list("subject", flat=True))


# --- what every adapter does


def test_all_comes_once_and_later_only_what_is_new(world: World) -> None:
    one = connector(world.text)
    world.put(("a", "甲厂", 3, "2026-01-01"), ("b", "乙厂", 4, "2026-01-02"))
    told = pull(one)
    assert (told["rows"], told["refused"], heads()) == (2, 0, {"a": 3, "b": 4})
    assert Record.objects.filter(source__key="lists").count() == 2
    assert pull(one)["rows"] == 0
    world.put(("c", "丙厂", 5, "2026-01-03"))
    assert pull(one)["rows"] == 1
    assert heads() == {"a": 3, "b": 4, "c": 5}
    held = Connector.objects.get()
    assert (held.rows, held.error, held.pulled_at) == (1, "", NOW)


def test_a_killed_pull_goes_on_and_repeats_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = connector(world.text)
    for number, key in enumerate("abc"):
        world.put((key, f"{key}厂", number, f"2026-01-0{number + 1}"))
    whole, count = importing.import_file, 0

    def dies(*args: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return whole(*args, **named)

    monkeypatch.setattr(importing, "import_file", dies)
    with pytest.raises(KeyboardInterrupt):
        pull(one)
    assert subjects() == {"a", "b"}, "what came before the end is in"
    pull(one)
    assert subjects() == {"a", "b", "c"}
    assert Record.objects.filter(source__key="lists").count() == 3, "nothing came twice"


def test_a_broken_source_is_named_and_the_cursor_stays(world: World) -> None:
    one = connector(world.text)
    world.put(("a", "甲厂", 3, "2026-01-01"))
    pull(one)
    before = Connector.objects.get()
    world.break_()
    with pytest.raises(Refused):
        pull(one, NOW + dt.timedelta(days=1))
    after = Connector.objects.get()
    assert after.error
    assert (after.cursor, after.pulled_at) == (before.cursor, before.pulled_at)
    assert services.overdue([after], NOW) == [after]


def test_a_refused_part_holds_the_cursor_and_is_tried_again(world: World) -> None:
    one = connector(world.text)
    world.put(("a", "甲厂", "很多", "2026-01-01"))
    with pytest.raises(Refused, match="参保人数"):
        pull(one)
    assert Connector.objects.get().cursor == ""
    with pytest.raises(Refused):
        pull(one)
    assert not subjects()


def test_what_was_undone_stays_undone(world: World) -> None:
    one = connector(world.text)
    world.put(("a", "甲厂", 3, "2026-01-01"))
    told = pull(one)
    for number in told["batches"]:
        services.undo(Batch.objects.get(pk=number), None, NOW)
    Connector.objects.update(cursor="")
    assert pull(one)["came"] == told["parts"]
    assert not subjects()


def test_a_look_writes_nothing(world: World) -> None:
    one = connector(world.text)
    world.put(("a", "甲厂", 3, "2026-01-01"))
    (part,) = services.look(one, TODAY)
    assert (part["rows"], part["new"], part["columns"]["参保人数"]) == (1, 1, "insured_employees")
    assert not Record.objects.exists()
    assert Connector.objects.get().cursor == ""


def test_two_pulls_of_one_connector_do_not_meet(world: World) -> None:
    one = connector(world.text)
    assert runs.acquire("pull:lists-in", "another", NOW, seconds=900)
    with pytest.raises(Refused):
        pull(one)
    pull(one, NOW + dt.timedelta(hours=1))  # the other died


# --- what only one of them can meet


def test_rows_of_one_cursor_value_are_never_parted() -> None:
    rows = [(number, at) for number, at in enumerate([1, 1, 2, 2, 2, 3])]
    assert [([row[0] for row in chunk], last) for chunk, last in in_chunks(rows, 1, 1)] == [
        ([0, 1], 1),
        ([2, 3, 4], 2),
        ([5], 3),
    ]
    assert cursor_text(dt.date(2026, 1, 2)) == '"2026-01-02"'


def test_a_database_is_only_read(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Sql(own_home, monkeypatch)
    world.put(("a", "甲厂", 3, "1"))
    for query in ("delete from firms", "select 1; delete from firms", "drop table firms"):
        with pytest.raises(FormatError):
            load_yaml(f"source: lists\nsql: {{setting: GANGSHEN_CONNECT_LISTS, query: '{query}'}}\n", ConnectorFile)
    sly = load_yaml(
        "source: lists\nsql: {setting: GANGSHEN_CONNECT_LISTS, query: 'with x as (select 1) delete from firms'}\n",
        ConnectorFile,
    )
    with pytest.raises(PullError):
        list(adapter_of(sly).pull(""))
    with sqlite3.connect(world.file) as database:
        assert database.execute("select count(*) from firms").fetchone() == (1,)


def test_an_inner_address_is_refused_unless_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANGSHEN_CONNECT_TOKEN", "t0ken")
    for host in ("127.0.0.1", "localhost", "10.0.0.7", "169.254.169.254", "[::1]", "0.0.0.0"):
        made = load_yaml(f"source: lists\nhttp: {{url: 'http://{host}:9/x'}}\n", ConnectorFile)
        with pytest.raises(PullError, match="GANGSHEN_INTERNAL_HOSTS"):
            list(adapter_of(made).pull(""))


@pytest.mark.usefixtures("allow")
def test_an_address_is_tried_again_but_never_follows_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Http(monkeypatch)
    made = load_yaml(world.text, ConnectorFile)
    adapter: Any = adapter_of(made)
    adapter.pause = 0
    world.put(("a", "甲厂", 3, "2026-01-01"))
    world.answers = [(503, b""), (429, b"")]
    assert [part.rows for part in adapter.pull("")] == [1]
    for status, body, words in [
        (302, b"", "302"),
        (404, b"", "404"),
        (200, b"<html>", "JSON"),
        (200, b'{"data": {}}', "data.items"),
        (200, b'{"data": {"items": [1]}}', "data.items"),
    ]:
        world.answers = [(status, body)]
        with pytest.raises(PullError, match=words) as caught:
            list(adapter.pull(""))
        assert "t0ken" not in str(caught.value)
    monkeypatch.setattr("gangshen.apps.registers.adapters._http.LARGEST", 10)
    with pytest.raises(PullError, match="50 MB"):
        list(adapter.pull(""))
    monkeypatch.setenv("GANGSHEN_CONNECT_TOKEN", "")
    with pytest.raises(PullError, match="GANGSHEN_CONNECT_TOKEN"):
        list(adapter.pull(""))
    world.server.shutdown()
    world.server.server_close()


@pytest.mark.usefixtures("allow")
def test_the_next_page_must_be_on_the_same_host(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Http(monkeypatch)
    text = f"source: lists\nhttp: {{url: '{json.loads(json.dumps(world.text)).split(chr(39))[3]}', token: GANGSHEN_CONNECT_TOKEN, rows: items, next: next}}\n"
    adapter = adapter_of(load_yaml(text, ConnectorFile))
    world.answers = [(200, b'{"items": [{"x": 1}], "next": "http://elsewhere.example/2"}')]
    with pytest.raises(PullError, match=r"elsewhere\.example"):
        list(adapter.pull(""))
    world.answers = [(200, b'{"items": [{"x": 1}], "next": "/firms"}')] * 2
    with pytest.raises(PullError):
        list(adapter.pull(""))  # the pages lead round
    world.server.shutdown()
    world.server.server_close()


@pytest.mark.parametrize(
    "text",
    [
        "source: lists\n",
        "source: lists\nfolder: {path: /etc}\n",
        "source: lists\nfolder: {path: a/../../b}\n",
        "source: lists\nsql: {setting: GANGSHEN_SECRET_KEY, query: select 1}\n",
        "source: lists\nhttp: {url: 'file:///etc/passwd'}\n",
        "source: lists\nhttp: {url: 'https://example.org/', token: abc}\n",
        "source: lists\nfolder: {path: a}\nhttp: {url: 'https://example.org/'}\n",
        "source: lists\nfolder: {path: a}\nevery_hours: 0\n",
    ],
)
def test_a_wrong_definition_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        load_yaml(text, ConnectorFile)


def test_files_still_being_copied_wait_and_links_out_are_refused(own_home: Path) -> None:
    world = Folder(own_home)
    adapter = adapter_of(load_yaml(world.text, ConnectorFile))
    (world.place / "new.csv").write_text("a,b\n1,2\n")
    assert list(adapter.pull("")) == []
    (own_home / "outside.csv").write_text("a,b\n1,2\n")
    (world.place / "new.csv").unlink()
    (world.place / "link.csv").symlink_to(own_home / "outside.csv")
    with pytest.raises(PullError, match=r"link\.csv"):
        list(adapter.pull(""))


# --- around them


def test_definitions_travel_with_the_zone_folder(tmp_path: Path) -> None:
    there, out = tmp_path / "in", tmp_path / "out"
    (there / "connectors").mkdir(parents=True)
    (there / "connectors" / "lists-in.yaml").write_text(Folder.text, encoding="utf-8")
    portable.load(there, now=NOW)
    first = Connector.objects.get()
    first.cursor = '"5"'
    first.save()
    portable.dump(out)
    written = (out / "connectors" / "lists-in.yaml").read_bytes()
    portable.load(out, now=NOW)
    portable.dump(tmp_path / "again")
    assert (tmp_path / "again" / "connectors" / "lists-in.yaml").read_bytes() == written
    assert Connector.objects.get().cursor == '"5"', "the same place is read on from where it was"
    (there / "connectors" / "lists-in.yaml").write_text("source: nobody\nfolder: {path: x}\n", encoding="utf-8")
    with pytest.raises(FormatError, match="nobody"):
        portable.load(there, now=NOW)


def test_what_is_due_is_pulled_by_the_clock(own_home: Path) -> None:
    world = Folder(own_home)
    connector(world.text)
    connector("source: lists\nenabled: false\nfolder: {path: none}\n", "off")
    world.put(("a", "甲厂", 3, "2026-01-01"))
    assert [one.key for one in services.due(NOW)] == ["lists-in"]
    run = runs.start("registers.pull-due", {}, actor=None, now=NOW, inline=True)
    assert (run.result["pulled"], run.result["failed"]) == (["lists-in"], [])
    assert subjects() == {"a"}
    again = runs.start("registers.pull-due", {}, actor=None, now=NOW, inline=True)
    assert again.result["pulled"] == []


def test_pages_show_the_state_and_pull(own_home: Path, client: Client, someone: Callable[..., User]) -> None:
    world = Folder(own_home)
    one = connector(world.text)
    client.force_login(someone("operator"))
    assert "lists-in" in client.get("/enterprises/connectors/").content.decode()
    assert client.post("/enterprises/connectors/lists-in/pull/").status_code == 403
    client.force_login(someone("data_officer"))
    assert client.post("/enterprises/connectors/lists-in/pull/").status_code == 302
    assert client.post("/enterprises/connectors/pull/", {"row": [one.pk]}).status_code == 302
    page = client.get("/enterprises/connectors/lists-in/").content.decode()
    assert "path: lists" in page
    pull(one)
    item = client.get("/api/lists/connectors").json()["items"][0]
    assert item["rows"] == 0
    assert client.post("/api/enterprises/connectors/lists-in/pull").json()["run"]


def test_a_socket_of_this_machine_is_reached_only_when_allowed(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANGSHEN_CONNECT_LISTS", "postgresql://reader@%2Fvar%2Frun%2Fnowhere/lists")
    with pytest.raises(PullError, match="GANGSHEN_INTERNAL_HOSTS"):
        list(adapter_of(load_yaml(Sql.text, ConnectorFile)).pull(""))
