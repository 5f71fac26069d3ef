"""Organisations by key and by the names plans print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gangshen.apps.identity import services
from gangshen.apps.identity.models import Organisation
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db

UNITS = [
    {"key": "qjw", "kind": "agency", "name": "区经济委员会", "short_name": "区经委", "aliases": "区经信委; 经济委"},
    {"key": "maqiao", "kind": "agency", "name": "马桥镇人民政府", "short_name": "马桥镇"},
    {"key": "park", "kind": "state_company", "name": "园区发展（上海）有限公司", "short_name": "园区公司"},
]


@pytest.fixture
def units() -> None:
    services.upsert_organisations(UNITS)
    services.upsert_groups({"towns": ("各相关街镇", ["maqiao"]), "all": ("各相关单位", ["qjw", "maqiao"])})


def test_counts_what_is_new_changed_and_as_it_was() -> None:
    assert services.upsert_organisations(UNITS) == services.Upserted(3, 0, 0)
    again = [{**UNITS[0], "short_name": "经委"}, *UNITS[1:], {"key": "x", "kind": "fund", "name": "基金"}]
    assert services.upsert_organisations(again) == services.Upserted(1, 1, 2)
    assert services.organisation("qjw").short_name == "经委"


def test_a_field_not_given_stays() -> None:
    services.upsert_organisations(UNITS)
    services.upsert_organisations([{"key": "qjw", "name_en": "Economic Commission"}])
    one = services.organisation("qjw")
    assert (one.short_name, one.name_en) == ("区经委", "Economic Commission")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"key": "a", "kind": "club", "name": "甲"}, "is not a kind"),
        ({"key": "a", "kind": "fund"}, "key and name"),
        ({"key": "a", "kind": "fund", "name": "甲", "colour": "red"}, "colour"),
    ],
)
def test_refuses_a_faulty_row_and_keeps_nothing_of_its_chunk(row: dict, words: str) -> None:
    with pytest.raises(Refused, match=words):
        services.upsert_organisations([UNITS[0], row])
    assert not Organisation.objects.exists()


def test_query_count_does_not_grow_with_rows(django_assert_max_num_queries) -> None:
    rows = [{"key": f"e{number}", "kind": "enterprise", "name": f"企业{number}"} for number in range(2500)]
    with django_assert_max_num_queries(60):
        assert services.upsert_organisations(rows).added == 2500
    with django_assert_max_num_queries(60):
        assert services.upsert_organisations(rows).unchanged == 2500


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("区经委", "qjw"),
        ("区经济委员会", "qjw"),
        ("经济委", "qjw"),
        (" 区 经 委 ", "qjw"),
        ("园区发展(上海)有限公司", "park"),
        ("马桥", None),
        ("", None),
    ],
)
@pytest.mark.usefixtures("units")
def test_finds_a_unit_by_any_name_it_is_printed_under(printed: str, key: str | None) -> None:
    found = services.unit_named(printed)
    assert (found.key if found else None) == key


@pytest.mark.usefixtures("units")
def test_a_unit_goes_before_an_enterprise_of_the_same_name() -> None:
    services.upsert_organisations([{"key": "a", "kind": "enterprise", "name": "区经委"}])
    assert services.unit_named("区经委").key == "qjw"


@pytest.mark.usefixtures("units")
def test_expands_a_printed_class_of_units() -> None:
    assert [unit.key for unit in services.expand("各相关单位")] == ["maqiao", "qjw"]
    assert [unit.key for unit in services.expand("区经委")] == ["qjw"]
    assert services.expand("市级部门") == []


def test_an_unknown_key_is_refused_with_a_remedy() -> None:
    with pytest.raises(Refused) as caught:
        services.organisation("nobody")
    assert caught.value.remedy


class Upserts(TestCase):
    @given(
        st.lists(
            st.fixed_dictionaries(
                {
                    "key": st.sampled_from("abcdef"),
                    "kind": st.sampled_from(["fund", "park"]),
                    "name": st.sampled_from("甲乙"),
                }
            ),
            max_size=12,
        )
    )
    def test_the_last_word_about_a_key_stands_and_saying_it_again_changes_nothing(self, rows: list[dict]) -> None:
        Organisation.objects.all().delete()
        services.upsert_organisations(rows)
        final = {row["key"]: (row["kind"], row["name"]) for row in rows}
        assert {one.key: (one.kind, one.name) for one in Organisation.objects.all()} == final
        settled = [{"key": key, "kind": kind, "name": name} for key, (kind, name) in final.items()]
        assert services.upsert_organisations(settled) == services.Upserted(0, 0, len(final))
