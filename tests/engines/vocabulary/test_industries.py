"""GB/T 4754: every code lies under its parents, and what people write is found."""

from __future__ import annotations

import pytest

from gangshen.engines.vocabulary import divisions_of, industries, industry_path


def test_the_edition_is_whole() -> None:
    known = industries("2017")
    levels = [one.level for one in known.values()]
    assert {level: levels.count(level) for level in ("section", "division", "group", "class")} == {
        "section": 20,
        "division": 97,
        "group": 473,
        "class": 1381,
    }
    for code, one in known.items():
        path = industry_path(code)
        assert path[-1] == one, code
        assert [step.level for step in path] == ["section", "division", "group", "class"][: len(path)]
    assert {code for code, one in known.items() if one.level == "division"} == {
        division for letter in "ABCDEFGHIJKLMNOPQRST" for division in divisions_of(letter)
    }


def test_codes_as_they_are_written() -> None:
    assert [one.code for one in industry_path("C3491")] == ["C", "34", "349", "3491"]
    assert industry_path(" 34 ")[-1].code == "34"
    assert industry_path("I")[0].level == "section"
    assert [one.code for one in industry_path("3499999")] == []
    assert [one.code for one in industry_path("9999")] == []
    with pytest.raises(KeyError, match="1994"):
        industries("1994")
