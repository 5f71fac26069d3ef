"""Files by content: once, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gangshen.apps.archive import services
from gangshen.apps.archive.models import File
from gangshen.apps.identity import services as identity
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def test_the_same_content_is_kept_once(home: Path) -> None:
    first = services.store(b"one", "a.txt", now=NOW)
    again = services.store(b"one", "b.txt", now=NOW)
    assert (first, first.name, first.media_type, first.size) == (again, "a.txt", "text/plain", 3)
    assert services.read(first) == b"one"
    assert [file.name for file in (home / "files").rglob("*") if file.is_file()] == [first.sha256]


def test_a_large_file_is_read_in_blocks(home: Path) -> None:
    source = home / "big.bin"
    source.write_bytes(b"x" * 3_000_001)
    kept = services.store(source, source.name, now=NOW)
    assert kept.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert services.path(kept).stat().st_size == kept.size == 3_000_001


def test_a_missing_source_leaves_nothing(home: Path) -> None:
    with pytest.raises(Refused, match=r"no\.pdf"):
        services.store(home / "no.pdf", "no.pdf", now=NOW)
    assert not File.objects.exists()
    assert not [file for file in (home / "files").rglob("*") if file.is_file()]


def test_a_cut_off_write_leaves_no_file(home: Path, monkeypatch) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        services.store(b"one", "a.txt", now=NOW)
    assert not File.objects.exists()
    assert not [file for file in (home / "files").rglob("*") if file.is_file()]


def test_verify_finds_changed_and_missing_content() -> None:
    changed, gone, whole = (services.store(text, f"{text.decode()}.txt", now=NOW) for text in (b"aa", b"bb", b"cc"))
    services.path(changed).chmod(0o640)
    services.path(changed).write_bytes(b"xx")
    services.path(gone).unlink()
    first, second = services.verify_files()
    assert changed.sha256[:12] in first and "changed" in first
    assert gone.sha256[:12] in second and "missing" in second
    assert services.read(whole) == b"cc"
    with pytest.raises(Refused):
        services.read(gone)


def test_a_file_sent_in_is_its_organisations_own() -> None:
    identity.upsert_organisations([{"key": key, "kind": "enterprise", "name": key} for key in ("a", "b")])
    one, other = (
        identity.create_user(
            name, "correct-horse-7", by=None, now=NOW, roles=["enterprise"], organisation=identity.organisation(name)
        )
        for name in ("a", "b")
    )
    file = services.store(b"report", "report.pdf", now=NOW, actor=one)
    assert list(File.objects.for_user(one)) == [file]
    assert not File.objects.for_user(other).exists()


class Contents(TestCase):
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(st.binary(max_size=40), max_size=6))
    def test_what_is_stored_is_read_back_and_addressed_by_its_digest(self, contents: list[bytes]) -> None:
        kept = [services.store(content, "f.bin", now=NOW) for content in contents]
        for content, file in zip(contents, kept, strict=True):
            assert services.read(file) == content
            assert file.sha256 == hashlib.sha256(content).hexdigest()
        assert services.verify_files() == []
