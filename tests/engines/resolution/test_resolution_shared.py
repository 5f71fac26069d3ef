"""Measured on the developer data: halves that no rule was looked at with."""

import csv
import gzip
import hashlib
import os
from pathlib import Path

import pytest

from gangshen.engines.resolution import Names, Resolution

SHARED = Path(os.environ.get("GANGSHEN_SHARED", Path(__file__).parents[3] / "../shared"))
DATA = SHARED / "enterprise"
pytestmark = [
    pytest.mark.full,
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the developer data is not beside the checkout"),
]


def held_out(text: str) -> bool:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def measured(pairs: list[tuple[str, Resolution]]) -> tuple[float, float]:
    """Precision of what is said, and the share of what is to be said that is said rightly."""
    said = sum(one.best is not None for _gold, one in pairs)
    right = sum(one.best is not None and one.best.name == gold for gold, one in pairs)
    return right / said, right / sum(bool(gold) for gold, _one in pairs)


def test_altered_names() -> None:
    with gzip.open(DATA / "register_anhui.csv.gz", "rt", encoding="utf-8") as file:
        names = Names((row["name"], row["name"]) for row in csv.DictReader(file))
    rows = [row for row in csv.DictReader((DATA / "name_variants.csv").open()) if held_out(row["name"])]
    found = names.resolve([row["name"] for row in rows])
    precision, recall = measured([(row["full_name"], one) for row, one in zip(rows, found, strict=True)])
    assert precision >= 0.98
    assert 2 * precision * recall / (precision + recall) >= 0.93


def test_short_names() -> None:
    rows = list(csv.DictReader((DATA / "company_alias.csv").open()))
    names = Names((row["fullname"], row["fullname"]) for row in rows)
    rows = [row for row in rows if held_out(row["fullname"])]
    found = names.resolve([row["short"] for row in rows])
    first = sum(
        bool(one.candidates) and one.candidates[0].name == row["fullname"] for row, one in zip(rows, found, strict=True)
    )
    precision, recall = measured([(row["fullname"], one) for row, one in zip(rows, found, strict=True)])
    assert first / len(rows) >= 0.95
    assert precision >= 0.98
    assert recall >= 0.93
