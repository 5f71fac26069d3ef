"""programmes.yaml: loaded once however often, exported the same, refused in place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gangshen.apps.money import portable, services
from gangshen.apps.money.models import Programme, Transaction
from gangshen.engines.formats import FormatError

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
GOOD = """
- key: compute
  name: {zh: 算力补贴, en: Compute subsidy}
  assumed: true
  years:
    - {year: 2025, on: 2025-01-10, appropriated: 3000万元, paid: 2950万元}
    - {year: 2026, on: 2026-01-12, appropriated: 5000万元, reserved: 600万元, paid: 3500.5万元, evidence: 'doc:budget#1-9'}
- key: renewal
  name: 设备更新
"""


def test_openings_stand_in_the_ledger_and_come_out_the_same(tmp_path: Path) -> None:
    (tmp_path / "programmes.yaml").write_text(GOOD, encoding="utf-8")
    for _twice in range(2):
        assert portable.load(tmp_path, now=NOW).loaded == {"programmes": 2}
    assert Transaction.objects.count() == 2
    now = services.balance("compute", 2026)
    assert (now.appropriated, now.available, now.reserved, now.paid) == (
        50_000_000_00,
        8_995_000_00,
        6_000_000_00,
        35_005_000_00,
    )
    assert services.check() == []
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        portable.dump(folder)
        portable.load(folder, now=NOW)
    assert (first / "programmes.yaml").read_bytes() == (second / "programmes.yaml").read_bytes()
    assert "5000万元" in (first / "programmes.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ("- {key: A B, name: x}", "key"),
        ("- {key: a, name: x, years: [{year: 2026, on: 2026-01-01, appropriated: 5}, {year: 2026}]}", r"years\[1\]"),
        ("- {key: a, name: x, years: [{year: 2026, on: 2026-01-01, appropriated: 5元, paid: 6元}]}", "exceed"),
        (
            "- {key: a, name: x, years: [{year: 2026, on: 2026-01-01, appropriated: 5元, evidence: nowhere}]}",
            "reference",
        ),
    ],
)
def test_a_fault_is_named_and_nothing_is_written(tmp_path: Path, bad: str, place: str) -> None:
    (tmp_path / "programmes.yaml").write_text("- {key: ok, name: 好}\n" + bad, encoding="utf-8")
    with pytest.raises(FormatError, match=place):
        portable.load(tmp_path, now=NOW)
    assert not Programme.objects.exists()


def test_a_changed_opening_is_refused_for_the_journal_is_never_changed(tmp_path: Path) -> None:
    file = tmp_path / "programmes.yaml"
    file.write_text(GOOD, encoding="utf-8")
    portable.load(tmp_path, now=NOW)
    file.write_text(GOOD.replace("5000万元", "6000万元"), encoding="utf-8")
    with pytest.raises(FormatError, match="opening/compute/2026"):
        portable.load(tmp_path, now=NOW)
