"""Files are refused with file, line and field, and written the same way twice."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from gangshen.engines.formats import Fen, FormatError, Text, dump_yaml, json_schema, load_yaml, written_fen
from gangshen.engines.rules import Node


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    label: Text = Text(zh="未命名")
    count: int = 0
    share: float = 0.0
    starts: dt.date | None = None
    words: tuple[str, ...] = ()
    cap: Fen = 0


class Shelf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: list[Item]
    rule: Node | None = None


def faults(text: str, model: type = Shelf) -> list[str]:
    with pytest.raises(FormatError) as caught:
        load_yaml(text, model, name="shelf.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_every_fault_is_reported_with_its_line() -> None:
    found = faults("items:\n  - id: a\n    cuont: 3\n  - label: 乙\n    count: many\n")
    assert found == [
        "shelf.yaml:3:items[0].cuont: unknown key (did you mean count?)",
        "shelf.yaml:4:items[1].id: required and not given (add it)",
        "shelf.yaml:5:items[1].count: must be a whole number",
    ]


def test_a_fault_deep_in_a_rule_has_its_own_line() -> None:
    text = "items: []\nrule:\n  all:\n    - at_least: 1\n      of:\n        - id: x\n          atribute: revenue\n"
    assert faults(text) == ["shelf.yaml:7:rule.all[0].of[0].atribute: unknown key (did you mean attribute?)"]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("items: [", 2, "not valid YAML"),
        ("", None, "empty"),
        ("items: []\nitems: []", 2, "twice"),
        ("a: &x [1]\nb: *x", 1, "aliases"),
        ("items: !!python/object:os.system []", 1, "tags"),
        ("items: []\n---\nitems: []", 2, "one document"),
        ("items:\n  - id: a\n    starts: 2026-02-30", 3, "calendar"),
        ("items:\n  - id: a\n    cap: 5 千美元", 3, "no amount of money"),
        ("items:\n  - id: a\n    cap: 5.5", 3, "write 540万元"),
        ("[" * 3000, None, ""),
    ],
)
def test_bad_files_name_place_and_remedy(text: str, line: int | None, says: str) -> None:
    found = faults(text)
    assert says in found[0]
    assert line is None or found[0].startswith(f"shelf.yaml:{line}:")


def test_files_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(FormatError, match=r"gone\.yaml: cannot be read"):
        load_yaml(tmp_path / "gone.yaml", Shelf)
    with pytest.raises(FormatError, match=r"x:2: not UTF-8"):
        load_yaml("items:\n  - 冈身".encode("gb18030"), Shelf, name="x")


def test_words_of_yaml_11_stay_words() -> None:
    item = load_yaml("id: no\nwords: [yes, on, 007, 12:30, 1_000]\n", Item)
    assert item.id == "no"
    assert item.words == ("yes", "on", "007", "12:30", "1_000")


def test_money_is_written_with_its_unit() -> None:
    item = load_yaml("id: a\ncap: 1,540.5万元", Item)
    assert item.cap == 15_405_000_00
    assert dump_yaml(item) == "id: a\ncap: 1540.5万元\n"


def test_messages_speak_chinese() -> None:
    with pytest.raises(FormatError) as caught:
        load_yaml("items:\n  - label: 甲", Shelf, name="s")
    assert caught.value.in_language("zh-hans") == "s:2:items[0].id: 缺少此项（补上）"


def test_schema_names_the_keys() -> None:
    assert set(json_schema(Item)["properties"]) >= {"id", "label", "cap"}


items = st.builds(
    Item,
    id=st.text(),
    label=st.builds(Text, zh=st.text(), en=st.none() | st.text()),
    count=st.integers(-(10**12), 10**12),
    share=st.floats(allow_nan=False, allow_infinity=False),
    starts=st.none() | st.dates(),
    words=st.lists(
        st.text() | st.sampled_from(["yes", "null", "1", "1.5", "2026-01-01", "~", "- a", "甲: 乙", "#"])
    ).map(tuple),
    cap=st.integers(-(10**15), 10**15),
)


@given(st.lists(items, max_size=3))
def test_dump_and_load_are_inverse_and_stable(some: list[Item]) -> None:
    text = dump_yaml(some, list[Item])
    again = load_yaml(text, list[Item])
    assert again == some
    assert dump_yaml(again, list[Item]) == text


@given(st.integers(-(10**16), 10**16))
def test_written_fen_reads_back(fen: int) -> None:
    assert load_yaml(f"id: a\ncap: {written_fen(fen)}", Item).cap == fen


@given(st.text() | st.binary())
def test_any_text_loads_or_is_refused(text: str | bytes) -> None:
    try:
        load_yaml(text, Shelf)
    except FormatError as error:
        assert error.problems


def test_faults_of_a_model_speak_both_languages() -> None:
    with pytest.raises(FormatError) as caught:
        load_yaml("id: a\ncap: 五万", Item, name="s")
    assert caught.value.in_language("zh-hans") == "s:2:cap: “五万”不是金额（写作 540万元）"
    assert caught.value.in_language("en") == "s:2:cap: '五万' is no amount of money (write 540万元)"


def test_what_is_met_twice_is_written_twice() -> None:
    day, words = dt.date(2027, 1, 1), ["a"]
    text = dump_yaml({"from": day, "until": day, "one": words, "two": words}, dict)
    assert load_yaml(text, dict, name="t") == {"from": day, "until": day, "one": words, "two": words}
