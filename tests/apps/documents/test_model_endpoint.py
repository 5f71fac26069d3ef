"""The optional model endpoint against a server of our own: what is asked, what is kept, what is refused."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gangshen.apps.documents import services
from gangshen.apps.documents.adapters import Endpoint, EndpointError, configured
from gangshen.apps.documents.adapters._proposals import _read, _stretches
from gangshen.apps.documents.commands import app
from gangshen.apps.documents.services._items import FORMS

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
GOOD = {"kind": "promised_list", "quote": "建立联席会议制度", "fields": {"name": "联席会议制度", "verb": "建立"}}


class FakeModel(HTTPServer):
    """Answers every question with ``said`` and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.said: Any = "[]"
        self.status = 200
        self.asked: list[tuple[dict[str, Any], str]] = []

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self.server_port}/v1", "small-model", "secret", seconds=5)

    def answers(self, *items: Any) -> None:
        self.said = json.dumps(list(items), ensure_ascii=False)


class _Answer(BaseHTTPRequestHandler):
    server: FakeModel

    def do_POST(self) -> None:
        assert self.path == "/v1/chat/completions"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((body, self.headers.get("Authorization", "")))
        said = self.server.said
        data = said if isinstance(said, bytes) else json.dumps({"choices": [{"message": {"content": said}}]}).encode()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *given: Any) -> None:
        pass


@pytest.fixture
def model() -> Iterator[FakeModel]:
    server = FakeModel()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def use(settings: Any) -> Callable[[FakeModel], None]:
    def point(model: FakeModel) -> None:
        one = model.endpoint
        settings.CONFIG = replace(settings.CONFIG, model_url=one.url, model_name=one.name, model_key=one.key)

    return point


def test_without_the_setting_there_is_none_and_the_page_says_so(plan, people) -> None:
    assert configured() is None
    assert settings.CONFIG.model_url == ""
    client = Client()
    client.force_login(people.clerk)
    assert "Ask the model" not in client.get("/documents/plan/").content.decode()
    assert client.post("/documents/plan/propose/").status_code == 409


def test_a_proposal_that_quotes_the_text_waits_to_be_checked_with_its_origin(plan, model) -> None:
    model.answers(GOOD)
    result = services.propose(plan, model.endpoint, now=NOW)
    assert (result.kept, dict(result.refused)) == (1, {})
    item = services.current(plan).items.get(origin="small-model")
    assert (item.state, item.doubts, item.added, item.data["name"]) == (
        "pending",
        ["proposed by a model"],
        True,
        "联席会议制度",
    )
    assert services.text(services.current(plan))[item.start : item.end] == item.quote
    (asked, key), *_ = model.asked
    assert asked["model"] == "small-model" and asked["temperature"] == 0
    assert key == "Bearer secret"
    assert services.propose(plan, model.endpoint, now=NOW).refused == {"known": 1}


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        ({"kind": "promised_list", "quote": "建立联席会议 制度", "fields": {"verb": "建立"}}, "quote"),
        ({"kind": "promised_list", "quote": "从未写过的一句", "fields": {"verb": "建立"}}, "quote"),
        ({"kind": "promised_list", "quote": " ", "fields": {}}, "quote"),
        ({"kind": "poem", "quote": "建立联席会议制度"}, "kind"),
        ({"kind": "unread", "quote": "建立联席会议制度"}, "kind"),
        ({"kind": "target", "quote": "定期研究重大事项", "fields": {"value": "many"}}, "form"),
        ({"kind": "target", "quote": "定期研究重大事项", "fields": {"subject": ["x"]}}, "form"),
        ({"kind": "task", "quote": "定期研究重大事项", "fields": {"units": ["区经委"]}}, "form"),
        ({"kind": "task", "quote": "定期研究重大事项", "fields": {"units": "区经委"}}, "form"),
    ],
)
def test_what_does_not_quote_or_fit_is_not_kept(plan, model, proposal: dict[str, Any], why: str) -> None:
    before = services.current(plan).items.count()
    model.answers(proposal)
    assert services.propose(plan, model.endpoint, now=NOW).refused == {why: 1}
    assert services.current(plan).items.count() == before


def test_a_model_cannot_move_an_item_or_say_it_was_accepted(plan, model) -> None:
    sly = GOOD | {"fields": {"name": "制度", "verb": "建立", "start": 0, "end": 5, "quote": "x", "state": "accepted"}}
    model.answers(sly)
    services.propose(plan, model.endpoint, now=NOW)
    item = services.current(plan).items.get(origin="small-model")
    assert (item.data["quote"], item.state) == ("建立联席会议制度", "pending")
    FORMS[item.kind].model_validate(item.data)


@pytest.mark.parametrize("said", ["I am sorry.", "[{]", '{"kind": "task"}', "[1, null, {}]", "```json\n[]\n```"])
def test_an_answer_that_is_no_list_proposes_nothing(plan, model, said: str) -> None:
    model.said = said
    result = services.propose(plan, model.endpoint, now=NOW)
    assert (result.kept, dict(result.refused)) == (0, {})


@pytest.mark.parametrize(("said", "status"), [(b"<html>", 200), (b'{"choices": []}', 200), (b'{"error": "x"}', 500)])
def test_a_failing_endpoint_is_one_message(plan, model, said: bytes, status: int) -> None:
    model.said, model.status = said, status
    with pytest.raises(EndpointError, match=r"127\.0\.0\.1"):
        services.propose(plan, model.endpoint, now=NOW)
    with pytest.raises(EndpointError, match="not an http address"):
        Endpoint("file:///etc/passwd", "x").ask([])


def test_the_run_tells_what_was_kept(plan, people, model, use) -> None:
    use(model)
    model.answers(GOOD, {"kind": "poem", "quote": "x"})
    run = services.start_proposing(plan, actor=people.clerk, now=NOW, inline=True)
    run.refresh_from_db()
    assert (run.state, run.result) == ("done", {"kept": 1, "refused": {"kind": 1}})
    client = Client()
    client.force_login(people.clerk)
    assert "Ask the model" in client.get("/documents/plan/").content.decode()
    item = services.current(plan).items.get(origin="small-model")
    assert "proposed by small-model" in client.get(f"/documents/plan/?item={item.pk}").content.decode()


def test_the_command_line_asks_too(plan, model, use) -> None:
    unset = CliRunner().invoke(app, ["propose", "plan"])
    assert unset.exit_code == 1 and "GANGSHEN_MODEL_URL" in unset.stderr
    use(model)
    model.answers(GOOD, GOOD | {"quote": "从未写过"})
    assert CliRunner().invoke(app, ["propose", "plan"]).stdout.strip() == "1 kept; not kept: 1 for their quote"
    assert "documents list" in CliRunner().invoke(app, ["propose", "nope"]).stderr
    model.status = 500
    failed = CliRunner().invoke(app, ["propose", "plan"])
    assert failed.exit_code == 1 and len(failed.stderr.strip().splitlines()) == 1


@given(st.text(max_size=30_000))
def test_stretches_cover_the_text_once(text: str) -> None:
    assert "".join(text[start:end] for start, end in _stretches(text)) == text


@given(st.text(max_size=300))
def test_any_answer_is_read_without_a_fault(said: str) -> None:
    assert all(isinstance(one.quote, str) for one in _read(said))
