"""Programs outside: the converter of old files, the recogniser of scans, worker processes."""

import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from reading_files import PLAN, make_docx, make_picture_pdf

from gangshen.engines.reading import (
    DocumentError,
    ScannedDocument,
    UnreadableDocument,
    UnsupportedDocument,
    extract,
    read,
    read_many,
)

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 900
TEXT = PLAN.strip()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for LibreOffice that writes what the test put into ``out.docx``."""
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\n[ -f {tmp_path}/out.docx ] && cp {tmp_path}/out.docx "$2/source.docx"\ntrue\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
@pytest.mark.parametrize(("name", "data"), [("旧.doc", OLD), ("旧.wps", OLD), ("旧.rtf", b"{\\rtf1 x}")])
def test_old_files_are_converted(office: Path, name: str, data: bytes) -> None:
    (office / "out.docx").write_bytes(make_docx())
    source = extract(data, name)
    assert source.text == TEXT
    assert any("read as docx" in note for note in source.notes) or name.endswith(".rtf")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_conversion_that_fails_says_so(office: Path) -> None:
    with pytest.raises(UnreadableDocument, match="could not convert"):
        extract(OLD, "旧.doc")


def test_without_a_converter_the_message_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnsupportedDocument, match="LibreOffice is not installed"):
        extract(OLD, "旧.doc")


def _stand_in(monkeypatch: pytest.MonkeyPatch, engine: Any) -> None:
    module = types.ModuleType("rapidocr")
    module.RapidOCR = lambda: engine  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rapidocr", module)


def test_a_scan_is_recognised_and_everything_in_it_is_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = TEXT.splitlines()
    boxes = [
        [[0, 40 * i], [20 * len(t), 40 * i], [20 * len(t), 40 * i + 20], [0, 40 * i + 20]] for i, t in enumerate(lines)
    ]
    _stand_in(monkeypatch, lambda _: ([(b, t, 0.9) for b, t in zip(boxes, lines, strict=True)], 0.1))
    source = extract(make_picture_pdf(), "扫.pdf")
    assert source.recognised
    reading = read(source)
    assert [t.number for t in reading.tasks] == ["1", "2", "3"]
    assert all("recognised from a picture" in item.doubts for item in (*reading.tasks, *reading.targets))


def test_a_recogniser_that_cannot_start_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rapidocr", "rapidocr_onnxruntime", "pytesseract"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ScannedDocument, match="rapidocr"):
        extract(make_picture_pdf(), "扫.pdf")


def test_few_files_are_read_in_place_and_a_bad_one_stops_no_other() -> None:
    found = {r.index: r for r in read_many([("a.docx", make_docx()), ("b.pdf", b"%PDF-x"), ("c.txt", PLAN.encode())])}
    assert [len(found[i].reading.tasks) if found[i].reading else 0 for i in range(3)] == [3, 0, 3]
    assert isinstance(found[1].error, DocumentError)


@pytest.mark.full
def test_workers_read_as_this_process_does(tmp_path: Path) -> None:
    files: list[Path | tuple[str, bytes]] = [
        (f"{i}.txt", PLAN.replace("12家", f"{i + 20}家").encode()) for i in range(8)
    ]
    files.append(tmp_path / "missing.txt")
    found = {r.index: r for r in read_many(files, workers=2)}
    assert [found[i].reading.targets[0].value for i in range(8) if found[i].reading] == list(range(20, 28))
    assert isinstance(found[8].error, FileNotFoundError)


def test_workers_do_not_start_the_program_again(tmp_path: Path) -> None:
    for index in range(8):
        (tmp_path / f"{index}.txt").write_text(PLAN, encoding="utf-8")
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from pathlib import Path\nfrom gangshen.engines.reading import read_many\n"
        "files = sorted(Path(__file__).parent.glob('*.txt'))\n"
        "print(sum(len(r.reading.tasks) for r in read_many(files, workers=2)))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["24"], done.stderr
