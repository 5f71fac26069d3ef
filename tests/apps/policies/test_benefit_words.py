"""How an amount comes about, said line by line."""

import pytest
from django.utils import translation

from gangshen.apps.policies.services import benefit_lines
from gangshen.engines.benefits import Benefit

pytestmark = pytest.mark.django_db

BENEFIT = Benefit.model_validate(
    {
        "kind": "subsidy",
        "rate": 0.5,
        "matches": "city-grant",
        "floor_fen": "1万元",
        "uplifts": [
            {"when": {"id": "a", "attribute": "employees", "operator": "ge", "value": 50}, "factor": 0.2},
            {"when": {"id": "b", "kind": "untranslated", "quote": "主板"}, "amount_fen": "10万元"},
        ],
        "caps": [{"amount_fen": "20万元", "per": "item", "period": "year"}],
        "ceilings": [{"name": "year", "amount_fen": "500万元"}],
        "not_with": ["rent"],
    }
)


def test_everything_that_bears_on_the_amount_is_said_in_both_languages() -> None:
    with translation.override("en"):
        told = benefit_lines(BENEFIT)
    assert told[0].endswith("of that grant")
    assert any("20" in line and "more where" in line and "at least 50" in line for line in told)
    assert any("“主板”" in line for line in told)
    assert any(line.startswith("At least") for line in told)
    assert any("an item" in line and "a year" in line for line in told)
    assert any("under “year”" in line for line in told)
    assert told[-2:] == ["Tops up a grant of “city-grant”", "Not beside rent"]
    with translation.override("zh-hans"):
        said = benefit_lines(BENEFIT)
    assert len(said) == len(told)
    assert any("另加" in line and "不少于 50" in line for line in said)
