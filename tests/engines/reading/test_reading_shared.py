"""The score against the developer gold, with floors just under what is reached."""

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gangshen.engines.reading import extract, read, to_scored

SHARED = Path(os.environ.get("GANGSHEN_SHARED", Path(__file__).parents[3] / "../shared"))
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (SHARED / "documents/gold").is_dir(), reason="the developer data is not beside the checkout"
    ),
]

FLOORS = {
    "spans": 1.0,
    "tasks": 0.99,
    "units": 0.99,
    "targets/lenient": 0.97,
    "targets/strict": 0.97,
    "phases": 0.99,
    "condition/num": 0.95,
    "condition/num-linked": 0.95,
    "condition/cat": 0.85,
    "benefit/exact": 0.97,
    "benefit/kind-exact": 0.95,
    "validity": 0.99,
}


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_documents", SHARED / "documents/score_documents.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(path: Path) -> tuple[dict[str, Any], str]:
    source = extract(path.read_bytes(), path.name)
    return to_scored(read(source)), source.text


def test_the_gold_is_met() -> None:
    scorer = _scorer()
    total: dict[str, Any] = {}
    for path in sorted((SHARED / "documents/gold").glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        scored, text = _read((SHARED / "documents" / gold["file"]).resolve())
        for key, tally in scorer.score_doc(gold, scored, text).items():
            total.setdefault(key, scorer.T()).add(tally.tp, tally.fp, tally.fn)
    reached = {key: tally.prf()[2] for key, tally in total.items()}
    assert {key: reached[key] >= floor for key, floor in FLOORS.items()} == dict.fromkeys(FLOORS, True), reached


def test_the_robot_plan_lists_its_eighteen_tasks_with_their_units() -> None:
    scored, _ = _read(next((SHARED / "seeds").glob("002_*.txt")))
    assert [t["number"] for t in scored["tasks"]] == [str(n) for n in range(1, 19)]
    assert all(t["responsible_units"] for t in scored["tasks"])
    assert [t["part"] for t in scored["tasks"]].count("safeguard") == 3
    assert scored["document"]["status"] == "draft_for_comment"


def test_of_the_newspaper_page_only_the_subsidy_is_kept() -> None:
    scored, _ = _read(next((SHARED / "seeds").glob("003_*.txt")))
    assert scored["kind"] == "none"
    assert [c["benefit"]["cap_amount_yuan"] for c in scored["clauses"]] == [10_000_000]
    assert scored["tasks"] == scored["targets"] == []


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_every_quote_of_every_document_is_exact(form: str) -> None:
    paths = sorted((SHARED / "documents").rglob(f"*.{form}"))
    assert paths
    for path in paths:
        scored, text = _read(path)
        for kind in ("tasks", "targets", "phases", "clauses", "general_conditions", "lists", "unread"):
            for item in scored[kind]:
                assert text[item["start"] : item["end"]] == item.get("source", item.get("quote")), path.name
