"""``gangshen policies check``: one line an edition, faults with file and line, words left out, and an exit code."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gangshen.apps.policies.commands import app
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused

ZONE = Path(__file__).parents[3] / "zones" / "maqiao"


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    for name in ("policies", "documents", "vocabulary"):
        shutil.copytree(ZONE / name, tmp_path / name)
    shutil.copy(ZONE / "zone.yaml", tmp_path / "zone.yaml")
    return tmp_path


def edit(zone: Path, policy: str, old: str, new: str) -> None:
    file = zone / "policies" / f"{policy}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["check", *map(str, arguments)])
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.exit_code, found.output


def test_the_demo_zone_is_sound_and_no_slip_goes_unnoticed(zone: Path) -> None:
    code, told = run(zone, "--json")
    assert code == 0, told
    report = json.loads(told)
    assert report["faults"] == report["uncovered"] == []
    assert len(report["editions"]) >= 14
    for row in report["editions"]:
        assert row["quotes_gone"] == 0
        assert row["passed"] == row["cases"]
        assert (row["unnoticed"], row["noticed"]) == ([], row["slips"])
        assert row["deciding"] > 0
    code, told = run(zone / "policies" / "rent-subsidy.yaml", "--boundaries")
    assert code == 0
    assert "area" in told and "499.99" in told


def test_what_is_wrong_is_told_with_its_place(zone: Path) -> None:
    edit(zone, "rent-subsidy", "rate: 0.3", "rate: 30")
    edit(zone, "first-set", "quote: 近一年内", "quote: 近三年内")
    code, told = run(zone)
    assert code == 1
    assert "rent-subsidy.yaml:70:versions[0].benefit.rate: 30.0 is no rate" in told
    assert "first-set.yaml: 2026: rule (listed): these words no longer stand" in told
    assert "rent-subsidy" in told and "above-scale-award" in told


def test_a_condition_that_lost_its_clause_and_a_case_that_is_gone_are_named(zone: Path) -> None:
    file = zone / "policies" / "talent-housing.yaml"
    file.unlink()
    edit(zone, "above-scale-award", "      - name: 登记在外区\n", "      - name: 登记在别处\n")
    edit(zone, "above-scale-award", 'registered_division: "310117"', 'registered_division: "310112"')
    code, told = run(zone)
    assert "参保人数50人以上" in told
    assert code == 1
    assert "case 登记在别处: decision is unknown, expected no" in told
    assert "no case notices eligibility.all[0]: left out" in told


def test_a_file_that_cannot_be_read_is_refused(zone: Path) -> None:
    edit(zone, "rent-subsidy", "operator: ge", "operator: gte")
    with pytest.raises(FormatError, match=r"rent-subsidy\.yaml:\d+:versions\[0\]"):
        run(zone)
    code, _ = run(zone / "documents")
    assert code == 1


def test_a_rule_is_told_as_json_sentence_and_sql(zone: Path) -> None:
    file = zone / "policies" / "rent-subsidy.yaml"

    def told(*arguments: str) -> str:
        found = CliRunner().invoke(app, ["rule", *arguments])
        assert found.exit_code == 0, found.output
        return found.output

    written = json.loads(told(str(file), "--version", "2024"))
    assert [part.get("id") for part in written["all"]] == ["place", "age", "park", "area", None]
    assert written["all"][3]["value"] == 800
    assert "不少于 500 平方米" in told(str(file), "--language", "zh")
    assert "at least 500" in told(str(file), "--language", "en")
    sqlite = told(str(file), "--sql", "sqlite")
    assert sqlite.startswith('SELECT "id"') and '"premises_area" >= 500' in sqlite
    assert "DATE '" in told(str(file), "--sql", "postgresql", "--as-of", "2026-11-21")
    file = zone / "policies" / "compute-subsidy.yaml"
    asked = told(str(file), "--sql", "sqlite", "--as-of", "2026-11-21")
    assert '"compute_spend@2025"' in asked and '"compute_spend"' not in asked, "the year asked for, not the latest"
    assert '"rd_ratio@2025"' in asked and '"certificates@2025"' not in asked
    assert json.loads(told("--schema"))["title"] == "Gangshen rule"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "No policy file named"),
        (["--version", "1999"], "has no edition 1999"),
        (["--sql", "oracle"], "No SQL for oracle"),
        (["--sql", "sqlite", "--as-of", "tomorrow"], "is no day"),
    ],
)
def test_what_cannot_be_told_is_refused(zone: Path, arguments: list[str], says: str) -> None:
    file = [str(zone / "policies" / "rent-subsidy.yaml")] if arguments else []
    found = CliRunner().invoke(app, ["rule", *file, *arguments])
    assert isinstance(found.exception, Refused)
    assert says in str(found.exception)
