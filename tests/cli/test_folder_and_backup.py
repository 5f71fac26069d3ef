"""A folder is loaded whole or not at all; a backup brings back what the database held."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity.models import Organisation
from gangshen.cli import backups, folders
from gangshen.engines.formats import FormatError, Problem, Text

ZONE = Path(__file__).parents[2] / "zones" / "maqiao"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings, transactional_db: None) -> Path:
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    folders.fill(ZONE)
    return tmp_path


def test_a_folder_with_one_bad_rule_changes_nothing_and_a_backup_brings_all_back(home: Path) -> None:
    folders.export(home / "before")
    edited = home / "edited"
    shutil.copytree(home / "before", edited)
    names = edited / "enterprises.csv"
    names.write_text(names.read_text("utf-8").replace("桫泓", "桫泓泓", 1), encoding="utf-8")
    rule = edited / "policies" / "above-scale-award.yaml"
    rule.write_text(rule.read_text("utf-8").replace("attribute: revenue\n", "attribute: revenoo\n", 1), "utf-8")
    with pytest.raises(Exception, match="revenoo"):
        folders.load(edited, folders.compare(edited))
    folders.export(home / "after")
    assert _files(home / "after") == _files(home / "before")
    assert not Organisation.objects.filter(name__contains="桫泓泓").exists()

    trail = list(LogEntry.objects.order_by("pk").values_list("pk", "action", "timestamp"))
    assert trail
    backups.backup(home / "backup.zip")
    call_command("flush", interactive=False, verbosity=0)
    assert backups.restore(home / "backup.zip") > 0
    folders.export(home / "restored")
    assert _files(home / "restored") == _files(home / "before")
    assert list(LogEntry.objects.order_by("pk").values_list("pk", "action", "timestamp")) == trail
    assert archive.verify_seals() == []


def test_a_message_about_many_faults_shows_the_first_and_counts_the_rest() -> None:
    faults = [Problem("a.csv", row, "x", Text(zh="空", en="is empty")) for row in range(1, 94)]
    error = FormatError(faults)
    assert str(error).splitlines()[-1] == "… and 73 more"
    assert len(error.in_language("zh").splitlines()) == 21
    assert len(error.problems) == 93
