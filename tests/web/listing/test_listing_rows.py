"""One declaration, two kinds of source: the same questions have the same answers over a queryset and over a frame."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.formats import Text
from gangshen.web.listing import MAY, Column, Filter, Listing, ListingError, as_json, as_text, rows

FIRMS = pl.DataFrame(
    {
        "key": ["a", "b", "c", "d", "e"],
        "name": ["砾石关节", "沐川视觉", "启衡减速器", "青屿仿真", "=1+1"],
        "town": ["马桥镇", "颛桥镇", "马桥镇", None, "马桥镇"],
        "ratio": [4.6, None, 5.0, 12.0, 0.5],
        "output": [5_420_000_00, 100_00, None, 86_00, 0],
        "listed": [True, False, None, True, False],
        "since": [date(2019, 5, 1), date(2021, 1, 1), date(2020, 2, 2), None, date(2024, 12, 31)],
        "synthetic": [True, True, False, False, False],
    }
)


class Anyone:
    is_authenticated = True


class Clerk(Anyone):
    pass


FRAME = Listing(
    key="firms",
    title=Text(zh="企业", en="Firms"),
    noun=Text(zh="家企业", en="firms"),
    columns=[
        Column("name", Text(zh="企业", en="Firm"), main=True),
        Column("town", "Town"),
        Column("ratio", "Ratio", kind="percent"),
        Column("output", "Output", kind="money", allowed=lambda actor: isinstance(actor, Clerk)),
        Column("since", "Since", kind="date"),
        Column("short", "Short", value=lambda row: row["name"][:2]),
    ],
    filters=[
        Filter("town", "Town"),
        Filter("ratio", "Ratio", kind="range", unit="%"),
        Filter("output", "Output", kind="range", scale=1_000_000, unit="万元"),
        Filter("listed", "Listed", kind="bool"),
        Filter("since", "Since", kind="date"),
        Filter("called", "Called", kind="text", field="name"),
    ],
    search_fields=["name", "town"],
    source=lambda actor: FIRMS,
    row_id="key",
    marks=lambda row: ["synthetic"] if row["synthetic"] else [],
)


def names(params: dict[str, Any] | str, actor: Any = None) -> str:
    asked = QueryDict(params) if isinstance(params, str) else params
    return "".join(row["key"] for row in rows(FRAME, actor or Anyone(), asked).rows)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("", "abcde"),
        ("town=马桥镇", "ace"),
        ("town=马桥镇&town=颛桥镇", "abce"),
        ("town=马桥镇&unknown=1", "acde"),
        ("ratio.min=4.6", "acd"),
        ("ratio.min=4.6&ratio.max=5", "ac"),
        ("ratio.max=4.6&unknown=1", "abe"),
        ("listed=yes", "ad"),
        ("listed=no", "be"),
        ("since.min=2020-02-02&since.max=2021-01-01", "bc"),
        ("called=视", "b"),
        ("q=马桥 石", "a"),
        ("q==1", "e"),
        ("sort=ratio", "eacdb"),
        ("sort=-ratio", "dcaeb"),
        ("sort=since", "acbed"),
        ("size=2&page=2", "cd"),
        ("size=2&page=9", "e"),
    ],
)
def test_a_frame_is_asked(params: str, expected: str) -> None:
    assert names(params) == expected


def test_rows_left_out_as_unknown_are_counted_and_can_be_kept() -> None:
    left_out = rows(FRAME, Anyone(), {"town": "马桥镇", "ratio.min": "1"})
    assert (left_out.total, left_out.unknown) == (2, 1)
    kept = rows(FRAME, Anyone(), {"town": "马桥镇", "ratio.min": "1", "unknown": "1"})
    assert (kept.total, kept.unknown) == (3, 0)


def test_a_scale_turns_what_is_typed_into_what_is_stored() -> None:
    assert names({"output.min": "500"}, Clerk()) == "a"


def test_a_hidden_column_can_be_neither_seen_nor_sorted_nor_filtered_by() -> None:
    shown = rows(FRAME, Anyone(), {"output.min": "500", "sort": "output"})
    assert "output" not in [column.id for column in shown.columns]
    assert shown.total == 5
    assert len(shown.query.faults) == 2  # the sort, and the bound as a parameter this actor has not
    assert "output" not in as_json(shown)["items"][0]
    assert "output" in as_json(rows(FRAME, Clerk(), {}))["items"][0]


@pytest.mark.parametrize(
    "params",
    [{"ratio.min": "many"}, {"since.min": "last year"}, {"listed": "perhaps"}, {"sort": "mood"}, {"page": "0"}, {"size": "9999"},
     {"tonw": "x"}, {"ratio.min": "nan"}],
)  # fmt: skip
def test_a_fault_is_named_and_refused_when_strict(params: dict[str, str]) -> None:
    noted = rows(FRAME, Anyone(), params)
    assert noted.query.faults
    assert noted.total == 5
    with pytest.raises(ListingError):
        rows(FRAME, Anyone(), params, strict=True)


def test_a_list_that_is_not_open_is_refused() -> None:
    shut = Listing("shut", "Shut", [Column("name", "Name")], lambda actor: FIRMS, allowed=lambda actor: False)
    with pytest.raises(PermissionDenied):
        rows(shut, Anyone(), {})


def test_a_filter_may_not_take_a_word_of_the_list_itself() -> None:
    with pytest.raises(ValueError, match="sort"):
        Listing("x", "X", [Column("name", "Name")], lambda actor: FIRMS, filters=[Filter("sort", "Sort")])


def test_json_says_null_for_unknown_and_fen_for_money() -> None:
    first, second = as_json(rows(FRAME, Clerk(), {"size": "2"}))["items"]
    assert first["output"] == 542_000_000
    assert first["marks"] == ["synthetic"]
    assert second["ratio"] is None
    assert first["since"] == "2019-05-01"


def test_text_is_aligned_with_wide_characters_counted_twice() -> None:
    lines = as_text(rows(FRAME, Anyone(), {})).splitlines()
    at = lines[0].index("Town")
    assert all(len(line.encode("gb18030")) >= at for line in lines)
    assert lines[1].startswith("砾石关节")


@given(st.lists(st.tuples(st.none() | st.integers(-5, 5), st.booleans() | st.none()), max_size=30), st.integers(-6, 6))
def test_known_unknown_and_left_out_add_up(values: list[tuple[int | None, bool | None]], low: int) -> None:
    frame = pl.DataFrame(values, schema={"n": pl.Int64, "b": pl.Boolean}, orient="row")
    listing = Listing("n", "N", [Column("n", "N")], lambda actor: frame, filters=[Filter("n", "N", kind="range")])
    fitting = rows(listing, None, {"n.min": str(low)})
    assert fitting.total == sum(1 for n, _ in values if n is not None and n >= low)
    assert fitting.unknown == sum(1 for n, _ in values if n is None)
    assert rows(listing, None, {"n.min": str(low), "unknown": "1"}).total == fitting.total + fitting.unknown


USERS = Listing(
    key="users",
    title="Users",
    columns=[
        Column("username", "Name", main=True),
        Column("organisation", "Organisation", value="organisation__name"),
        Column("last_login", "Last seen", kind="moment"),
        Column("is_staff", "Staff", kind="bool"),
    ],
    filters=[Filter("is_staff", "Staff", kind="bool"), Filter("seen", "Seen", kind="date", field="last_login__date"), Filter("username", "Name")],
    search_fields=["username", "display_name"],
    source=lambda actor: get_user_model().objects.select_related("organisation"),
    default_sort="username",
    page_size=3,
)  # fmt: skip


@pytest.mark.django_db
class TestQueryset:
    @pytest.fixture(autouse=True)
    def people(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MAY, "_entries", {})  # rights on models are identity's, and tested there
        model = get_user_model()
        model.objects.bulk_create([model(username=f"user{at:02}", is_staff=at % 3 == 0) for at in range(10)])

    def test_it_is_asked_like_a_frame(self) -> None:
        found = rows(USERS, Anyone(), {"is_staff": "yes", "sort": "-username"})
        assert [one.username for one in found.rows] == ["user09", "user06", "user03"]
        assert (found.total, found.pages) == (4, 2)

    def test_choices_come_from_the_rows_and_search_needs_every_word(self) -> None:
        assert rows(USERS, Anyone(), {"username": ["user01", "user02"]}).total == 2
        assert rows(USERS, Anyone(), {"q": "user 07"}).total == 1

    def test_unknown_is_told_apart(self) -> None:
        found = rows(USERS, Anyone(), {"seen.min": "2026-01-01"})
        assert (found.total, found.unknown) == (0, 10)
        assert rows(USERS, Anyone(), {"seen.min": "2026-01-01", "unknown": "1"}).total == 10

    def test_the_number_of_queries_does_not_grow_with_the_rows(self) -> None:
        with CaptureQueriesContext(
            connection,
        ) as few:
            as_json(rows(USERS, Anyone(), {"is_staff": "yes", "size": "1"}))
        with CaptureQueriesContext(connection) as many:
            as_json(rows(USERS, Anyone(), {"is_staff": "yes", "size": "100"}))
        assert len(few) == len(many) == 3
