"""Registers as files: export → load → export is byte-identical; faults name file, line and field."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gangshen.apps.archive import portable as archive_files
from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import portable
from gangshen.apps.registers.commands import app, synth
from gangshen.apps.registers.models import Batch, Record, VocabularyPart
from gangshen.apps.registers.services import add_record, facts, snapshot
from gangshen.engines.formats import FormatError

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def files_of(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def empty() -> None:
    Record.objects.all().delete()
    Batch.objects.all().delete()
    VocabularyPart.objects.all().delete()
    Organisation.objects.all().delete()


def test_a_round_trip_gives_the_same_bytes_and_the_same_facts(market: Source, firm: Source, tmp_path: Path) -> None:
    title = {"type": "高新技术企业", "level": "国家级", "number": "GR|1", "from": dt.date(2025, 1, 1)}
    values: dict[str, Any] = {
        "name": '甲"厂", 有限公司\n二行',
        "registered_capital": 12_345_678_901,
        "registered_on": dt.date(2019, 2, 3),
        "tax_credit_a": False,
        "certificates": [title, {"type": "瞪羚企业", "publisher": "某院"}],
        "penalties": [],
    }
    add_record("a", values, market, TODAY, None, NOW)
    add_record("a", {"insured_employees": None, "premises_area": 0.1 + 0.2}, firm, TODAY, None, NOW)
    add_record("a", {"revenue": -3, "debt_ratio": 1e-7}, firm, TODAY, None, NOW, period="2025")
    add_record("b", {"insured_employees": 1}, firm, TODAY, None, NOW)
    add_record("b", {"insured_employees": 2}, firm, TODAY, None, NOW)  # said later on the same day
    before = {key: {n: f.value for n, f in facts(key, TODAY).items()} for key in ("a", "b")}
    portable.dump(tmp_path / "one")
    assert set(files_of(tmp_path / "one")) == {"registers/market/enterprises.csv", "registers/firm/enterprises.csv"}
    empty()
    report = portable.load(tmp_path / "one", now=NOW)
    assert report.loaded["records"] == 5
    assert {key: {n: f.value for n, f in facts(key, TODAY).items()} for key in ("a", "b")} == before
    portable.dump(tmp_path / "two")
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")


def test_loading_again_changes_nothing_and_an_edited_file_takes_the_place(market: Source, tmp_path: Path) -> None:
    add_record("a", {"name": "甲厂"}, market, TODAY, None, NOW)
    portable.dump(tmp_path)
    assert portable.load(tmp_path, now=NOW).loaded["records"] == 0
    assert Batch.objects.count() == 1
    file = tmp_path / "registers/market/enterprises.csv"
    file.write_text(file.read_text().replace("甲厂", "乙厂"))
    portable.load(tmp_path, now=NOW)
    assert facts("a", TODAY)["name"].value == "乙厂"
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["live", "undone"]


def test_the_zones_words_travel_too(market: Source, tmp_path: Path) -> None:
    (tmp_path / "vocabulary").mkdir()
    words = "attributes:\n  - id: pets\n    label: 宠物数\n    type: count\n    unit: 只\n"
    (tmp_path / "vocabulary" / "zone.yaml").write_text(words)
    (tmp_path / "registers" / "market").mkdir(parents=True)
    (tmp_path / "registers" / "market" / "enterprises.csv").write_text(
        "key,as_of,企业名称,宠物数\na,2026-01-01,甲厂,3\n"
    )
    portable.load(tmp_path, now=NOW)
    assert facts("a", TODAY)["pets"].value == 3
    portable.dump(tmp_path / "one")
    empty()
    portable.load(tmp_path / "one", now=NOW)
    portable.dump(tmp_path / "two")
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("nobody/enterprises.csv", "key,as_of,name\na,2026-01-01,x\n", "registers/nobody/enterprises.csv"),
        ("market/houses.csv", "key,as_of,name\na,2026-01-01,x\n", "registers/market/houses.csv"),
        ("market/enterprises.csv", "key,name\na,x\n", "registers/market/enterprises.csv:1:as_of"),
        ("market/enterprises.csv", "key,as_of,shoe\na,2026-01-01,x\n", "enterprises.csv:1:shoe"),
        ("market/enterprises.csv", "key,as_of,name\na,yesterday,x\n", "enterprises.csv:2:as_of"),
        ("market/enterprises.csv", "key,as_of,revenue\na,2026-01-01,许多\n", "enterprises.csv:2:revenue"),
        ("market/enterprises.csv", "key,as_of,period,revenue\na,2026-01-01,2025H1,1元\n", "enterprises.csv:2:period"),
    ],
)
def test_faults_name_their_place_and_leave_the_database(
    path: str, text: str, place: str, market: Source, tmp_path: Path
) -> None:
    file = tmp_path / "registers" / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    with pytest.raises(FormatError, match=place):
        portable.load(tmp_path, now=NOW)
    assert not Batch.objects.exists()


def invoke(*words: str) -> Any:
    if "synth" not in [command.name for command in app.registered_commands]:
        app.command("synth")(synth)
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_made_up_enterprises_are_the_same_by_file_and_by_load(tmp_path: Path) -> None:
    done = invoke("synth", "--count", "25", "--seed", "3", "--as-of", "2026-03-02", "--out", str(tmp_path))
    assert done.exit_code == 0
    archive_files.load(tmp_path, now=NOW)
    portable.load(tmp_path, now=NOW)
    from_files = snapshot(as_of=TODAY).frame
    assert from_files.height == 25
    assert from_files.get_column("synthetic").all()
    empty()
    invoke("synth", "--count", "25", "--seed", "3", "--as-of", "2026-03-02", "--load")
    assert snapshot(as_of=TODAY).frame.equals(from_files)
    portable.dump(tmp_path / "again")
    assert files_of(tmp_path / "again" / "registers") == files_of(tmp_path / "registers")


def test_synth_wants_to_know_where(tmp_path: Path) -> None:
    assert invoke("synth").exit_code == 2
