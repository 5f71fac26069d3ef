"""The file of evidence: whole, signed, and its own making on record."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gangshen.apps.archive import services
from gangshen.apps.archive.commands import app
from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity import services as identity
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    return tmp_path


@pytest.fixture
def decision() -> str:
    file = services.store("申报须年满三年".encode(), "办法 (终稿).txt", now=NOW)
    services.link("doc:rule@ab#0-7", "run:7#e1")
    services.link(f"file:{file.sha256}", "doc:rule@ab#0-7")
    services.record_event(None, "decide", "run:7#e1", {"decision": "yes"}, subject="e1")
    services.record_event(None, "export", "list", {"rows": 3})
    return "run:7#e1"


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_holds_entries_seals_chain_and_files(decision: str) -> None:
    services.seal(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    data = services.evidence_archive(LogEntry.objects.filter(subject="e1"), ref=decision, actor=None, now=NOW)
    parts = opened(data)
    assert parts["entries.jsonl"].count(b"\n") == 1
    assert json.loads(parts["entries.jsonl"])["detail"] == {"decision": "yes"}
    assert len(parts["seals.csv"].splitlines()) == 2
    tree = json.loads(parts["chain.json"])
    assert tree["rests_on"][0]["rests_on"][0]["ref"].startswith("file:")
    (name,) = (name for name in parts if name.startswith("files/"))
    assert parts[name].decode() == "申报须年满三年"
    assert services.check_archive(data) == []
    assert LogEntry.objects.first().event == "export"


@pytest.mark.parametrize("name", ["entries.jsonl", "chain.json", "manifest.json", "README.txt"])
def test_a_changed_part_is_found(decision: str, name: str) -> None:
    parts = opened(services.evidence_archive(LogEntry.objects.all(), ref=decision, actor=None, now=NOW))
    parts[name] = parts[name].replace(b"e", b"f", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)
    assert services.check_archive(out.getvalue())


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(Refused):
        services.check_archive(b"PK nothing")
    with pytest.raises(Refused):
        services.evidence_archive(LogEntry.objects.all(), ref="no reference", actor=None, now=NOW)


def test_entries_are_found_by_person_firm_object_day_and_kind(decision: str) -> None:
    user = identity.create_user("lin", None, by=None, now=NOW, display_name="林静", roles=["security_admin"])
    services.record_event(user, "read", "rec:3", {}, personal=True, subject="e2")
    find = services.search_entries
    assert find(person="lin").count() == find(person="林").count() == find(personal=True).count() == 1
    assert find(subject="e1").get().event == "decide"
    assert find(thing="rec:3").get().subject == "e2"
    assert {entry.content_type.model for entry in find(rights=True)} == {"user", "rolegrant"}
    today = LogEntry.objects.first().timestamp.astimezone().date()
    assert (
        find(since=today - dt.timedelta(days=1), until=today + dt.timedelta(days=1)).count() == LogEntry.objects.count()
    )
    assert not find(until=today - dt.timedelta(days=2)).exists()


def test_the_commands_verify_export_and_check(decision: str, home: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["verify"]).exit_code == 0
    file = home / "out.zip"
    assert run(app, ["export", str(file), "--ref", decision]).exit_code == 0
    assert run(app, ["check", str(file)]).exit_code == 0
    with pytest.raises(Refused, match="already"):
        run(app, ["export", str(file)], catch_exceptions=False)
    next((home / "home" / "files").glob("*/*")).unlink()
    broken = run(app, ["verify"])
    assert (broken.exit_code, "content missing" in broken.stdout) == (1, True)
