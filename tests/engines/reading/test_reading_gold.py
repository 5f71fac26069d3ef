"""Our own gold of plans and policies: the reader against documents annotated before it was tuned on them."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from own_gold import gold_files, load

from gangshen.engines.reading import extract, read, to_scored

SHARED = Path(os.environ.get("GANGSHEN_SHARED", Path(__file__).parents[3] / "../shared")).resolve()
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "documents").is_dir(), reason="the developer data is not beside the checkout"),
]
FLOORS = {
    "spans": 1.0,
    "tasks": 0.98,
    "units": 0.98,
    "lead_units": 0.96,
    "targets/lenient": 0.97,
    "targets/strict": 0.97,
}


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_documents", SHARED / "documents/score_documents.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


POLICY_FLOORS = {
    "spans": 1.0,
    "benefit/exact": 0.98,
    "benefit/kind-group": 0.98,
    "condition/num": 0.95,
    "condition/num-linked": 0.95,
    "condition/cat": 0.86,
    "validity": 0.99,
}


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
def test_plans_are_read_as_annotated(held_out: bool) -> None:
    reached = _reached("plan", held_out)
    assert all(reached[key] >= FLOORS[key] for key in FLOORS.keys() & reached), reached
    assert {"tasks", "units", "targets/strict"} <= set(reached)


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held out"])
def test_policies_are_read_as_annotated(held_out: bool) -> None:
    reached = _reached("policy", held_out)
    assert all(reached[key] >= floor for key, floor in POLICY_FLOORS.items()), reached


def _reached(side: str, held_out: bool) -> dict[str, float]:
    scorer = _scorer()
    total: dict[str, Any] = {}
    for path in gold_files(side):
        gold, text = load(path, SHARED)
        if gold["held_out"] != held_out:
            continue
        file = SHARED / gold["file"]
        scored = to_scored(read(extract(file.read_bytes(), file.name)))
        for key, tally in scorer.score_doc(gold, scored, text).items():
            total.setdefault(key, scorer.T()).add(tally.tp, tally.fp, tally.fn)
    return {key: round(tally.prf()[2], 3) for key, tally in total.items()}


def test_the_gold_holds_no_sentence_of_a_document() -> None:
    for path in (*gold_files("plan"), *gold_files("policy")):
        assert max(map(len, _words(path.read_text(encoding="utf-8"))), default=0) <= 20, path.name


def _words(text: str) -> list[str]:
    return ["".join(c for c in piece if "\u4e00" <= c <= "\u9fff") for piece in text.split('"')]
