"""`gangshen read` without a database, and `gangshen documents`: output, bad files, nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gangshen.apps.documents import services
from gangshen.apps.documents.commands import app

TEXT = """青禾区低空产业行动方案（2026-2028年）
一、主要任务
1.建设平台。建设开放的试飞平台，到2027年建成平台3个。（责任单位：区经委）
2.攻关部件。围绕飞控和动力电池，组织企业与高校开展联合攻关。（责任单位：区科委）
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_is_one_document_and_a_list_for_several(file: Path, tmp_path: Path) -> None:
    one = json.loads(run("read", file, "--json").stdout)
    assert one["tasks"][0]["title"] == "建设平台"
    other = tmp_path / "gb.txt"
    other.write_bytes(TEXT.encode("gb18030"))
    both = json.loads(run("read", file, other, "--json").stdout)
    assert [reading["tasks"] for reading in both] == [one["tasks"], one["tasks"]]


def test_offsets_refer_to_the_text_it_prints(file: Path) -> None:
    text = run("read", file, "--text").stdout
    tasks = json.loads(run("read", file, "--json").stdout)["tasks"]
    assert len(tasks) == 2
    for task in tasks:
        assert task["title"] in text[task["start"] : task["end"]]


def test_each_bad_file_has_one_line_and_the_others_are_read(file: Path, tmp_path: Path) -> None:
    empty, scan = tmp_path / "empty.docx", tmp_path / "scan.png"
    empty.write_bytes(b"")
    scan.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 99)
    result = run("read", empty, file, scan, tmp_path / "gone.pdf", "--json")
    assert result.exit_code == 1
    assert [reading["tasks"][0]["title"] for reading in json.loads(result.stdout)] == ["建设平台"]
    complaints = result.stderr.strip().splitlines()
    assert len(complaints) == 3
    for name, line in zip(("empty.docx", "scan.png", "gone.pdf"), complaints, strict=True):
        assert name in line


def test_out_refuses_a_clash_before_it_writes(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "plan.md"
    twin.write_text(TEXT, encoding="utf-8")
    assert run("read", file, twin, "--out", out).exit_code == 1
    assert not out.exists()
    assert run("read", file, "--out", out).exit_code == 0
    written = (out / "plan.json").read_bytes()
    again = run("read", file, "--out", out)
    assert again.exit_code == 1
    assert "Not overwriting" in again.stderr
    assert (out / "plan.json").read_bytes() == written


def test_reading_needs_no_database_nor_django(file: Path, tmp_path: Path) -> None:
    src = Path(__file__).resolve().parents[3] / "src"
    code = (
        "import sys; from gangshen.apps.documents.commands import app\n"
        "try: app(['read', sys.argv[1], '--json'])\n"
        "except SystemExit as end: code = end.code\n"
        "assert not code; assert not any(m.startswith('django') for m in sys.modules)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(src), "GANGSHEN_HOME": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, "-c", code, str(file)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tasks"]
    assert not (tmp_path / "none").exists()


def test_list_show_and_search(plan) -> None:
    assert [row["key"] for row in json.loads(run("list", "--json").stdout)] == ["plan"]
    shown = json.loads(run("show", "plan", "--json").stdout)
    assert shown["text_hash"] == services.current(plan).text_hash
    assert "攻关关键部件" in run("show", "plan").stdout
    missing = run("show", "nope")
    assert missing.exit_code == 1
    assert "documents list" in missing.stderr
    found = json.loads(run("search", "联合攻关", "--json").stdout)
    assert [(hit["document"], hit["end"] - hit["start"]) for hit in found] == [("plan", 4)]
    assert "Nowhere" in run("search", "量子").stdout


def test_uploading_reads_at_once(file: Path) -> None:
    result = run("upload", file)
    assert result.exit_code == 0
    assert "青禾区低空产业行动方案" in result.stdout
