"""A town by its name, whatever way the register writes its division."""

import polars as pl
import pytest

from gangshen.engines.vocabulary import town, town_column

WRITTEN = {
    "310112 马桥镇": "马桥镇",
    "310112马桥镇": "马桥镇",
    "马桥镇": "马桥镇",
    "310112": "310112",
    "": "",
    "310112001": "310112001",
}


@pytest.mark.parametrize(("division", "name"), WRITTEN.items())
def test_a_town_is_named_however_its_division_is_written(division: str, name: str) -> None:
    assert town(division) == name


def test_a_column_says_the_same_and_keeps_what_is_missing() -> None:
    column = pl.Series("d", [*WRITTEN, None], dtype=pl.String)
    assert pl.select(town_column(pl.lit(column))).to_series().to_list() == [*WRITTEN.values(), None]
