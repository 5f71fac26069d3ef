"""Rungs: editions by the day, files refused with file and field, holdings and what comes next."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gangshen.engines.formats import FormatError, dump_yaml, load_yaml
from gangshen.engines.rules import Decision, interpret, prepare
from gangshen.engines.rungs import State, Title, facts_of, holding, ladder_at, load_ladder
from gangshen.engines.vocabulary import Vocabulary

ZONE = Path(__file__).parents[3] / "zones" / "maqiao"
WORDS = Vocabulary.load_builtin()
OLD, NEW = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
BASE = """\
id: {id}
title: {{zh: {zh}, en: {id}}}
certificate: {zh}
issuer: {{zh: 甲部门}}
editions:
  - edition: old
    valid_from: 2022-01-01
    valid_to: 2026-03-31
    place: {old}
    notice: {{title: 旧办法}}
    conditions: {{all: [{{id: staff, attribute: employees, operator: ge, value: 10}}]}}
    cases:
      - {{name: 刚好, given: {{employees: 10}}, expect: {{decision: yes}}}}
  - edition: new
    valid_from: 2026-04-01
    place: {new}
    notice: {{title: 新办法}}
    conditions: {{all: [{{id: staff, attribute: employees, operator: ge, value: 20}}]}}
"""


def title(id: str, zh: str, old: str, new: str, change: tuple[str, str] = ("", "")) -> str:
    return BASE.format(id=id, zh=zh, old=old, new=new).replace(*change)


def write(folder: Path, *texts: str, counts: str = "") -> list[Path]:
    for text in texts:
        (folder / f"{text.splitlines()[0].removeprefix('id: ')}.yaml").write_text(text, encoding="utf-8")
    if counts:
        (folder / "counts.yaml").write_text(counts, encoding="utf-8")
    return list(folder.glob("*.yaml"))


TECH = title("tech", "科技型中小企业", "beside", "rung\n    rung: 1")
BASIC = title("basic", "创新型中小企业", "rung\n    rung: 1", "rung\n    rung: 1")
MIDDLE = title("middle", "专精特新中小企业", "rung\n    rung: 2", "rung\n    rung: 2")
ASIDE = title("aside", "高新技术企业", "beside", "beside")


@pytest.fixture
def titles(tmp_path: Path) -> list[Title]:
    return load_ladder(write(tmp_path, TECH, BASIC, MIDDLE, ASIDE), WORDS)[0]


def entry(type: str, to: str = "2027-01-01", **more: str) -> dict[str, object]:
    return {"type": type, "from": dt.date(2024, 1, 1), "to": dt.date.fromisoformat(to), "number": type, **more}


def test_the_edition_is_that_of_the_day(titles: list[Title]) -> None:
    tech = next(one for one in titles if one.id == "tech")
    assert tech.at(OLD).edition == "old" and tech.at(NEW).edition == "new"
    assert tech.at(dt.date(2021, 12, 31)) is None
    assert ladder_at(titles, OLD).on(1) == ["basic"]
    assert ladder_at(titles, NEW).on(1) == ["basic", "tech"]


def test_a_title_beside_the_ladder_is_no_rung(titles: list[Title]) -> None:
    held = holding(ladder_at(titles, NEW), [entry("高新技术企业")])
    assert held.rung == 0 and held.next == ("basic", "tech")
    assert holding(ladder_at(titles, OLD), [entry("科技型中小企业")]).rung == 0
    assert holding(ladder_at(titles, NEW), [entry("科技型中小企业")]).rung == 1


def test_the_highest_rung_counts_and_the_top_has_none_above(titles: list[Title]) -> None:
    both = holding(ladder_at(titles, NEW), [entry("创新型中小企业"), entry("专精特新中小企业")])
    assert (both.rung, both.next) == (2, ())
    assert holding(ladder_at(titles, NEW), [entry("创新型中小企业")]).next == ("middle",)


@pytest.mark.parametrize(
    ("to", "state"),
    [("2026-04-01", State.ENDING), ("2026-03-31", State.ENDED), ("2026-09-28", State.ENDING), ("2026-09-29", State.HELD)],
)  # fmt: skip
def test_the_last_day_counts_and_180_days_are_the_limit(titles: list[Title], to: str, state: State) -> None:
    assert holding(ladder_at(titles, NEW), [entry("创新型中小企业", to)]).held[0].state is state


def test_withdrawn_is_lost_unless_another_certificate_holds(titles: list[Title]) -> None:
    gone = entry("创新型中小企业") | {"withdrawn_on": NEW}
    alone = holding(ladder_at(titles, NEW), [gone])
    assert alone.held[0].state is State.WITHDRAWN and alone.lost and alone.rung == 0
    again = holding(ladder_at(titles, NEW), [gone, entry("创新型中小企业") | {"number": "2"}])
    assert not again.lost and again.rung == 1
    before = holding(ladder_at(titles, OLD), [gone])
    assert before.held[0].state is State.HELD


def test_a_title_renewed_already_does_not_end(titles: list[Title]) -> None:
    rows = [entry("创新型中小企业", "2026-05-01"), entry("创新型中小企业", "2029-05-01") | {"number": "2"}]
    assert not holding(ladder_at(titles, NEW), rows).ending


def fault(folder: Path, *texts: str, counts: str = "") -> str:
    with pytest.raises(FormatError) as caught:
        load_ladder(write(folder, *texts, counts=counts), WORDS)
    return str(caught.value)


def test_editions_that_overlap_are_refused_with_file_and_field(tmp_path: Path) -> None:
    said = fault(tmp_path, title("basic", "创新型中小企业", "beside", "beside", ("2026-03-31", "2026-04-01")))
    assert said == "basic.yaml:15:editions[1].valid_from: overlaps edition old (end that one the day before)"


def test_a_gap_between_editions_is_refused_with_the_day_to_write(tmp_path: Path) -> None:
    said = fault(tmp_path, title("basic", "创新型中小企业", "beside", "beside", ("2026-03-31", "2026-03-30")))
    assert said == "basic.yaml:15:editions[1].valid_from: leaves a gap after edition old (write 2026-03-31)"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("certificate: 创新型中小企业", "certificate: 某某企业"), "basic.yaml:3:certificate: unknown certificate"),
        (("expect: {decision: yes}", "expect: {decision: no}"), "editions[0].cases[0].expect: case 刚好: yes, expected no"),
        (("attribute: employees", "attribute: employes"), "editions[0].conditions.all[0]"),
        (("place: beside", "place: rung"), "rung goes with place: rung"),
        (("id: basic", "id: other"), "must be basic"),
    ],
)  # fmt: skip
def test_faults_name_file_and_field(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    text = title("basic", "创新型中小企业", "beside", "beside", change)
    (tmp_path / "basic.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        load_ladder(list(tmp_path.glob("*.yaml")), WORDS)
    assert "basic.yaml:" in str(caught.value) and said in str(caught.value)


def test_counts_name_titles_that_exist_and_keys_once(tmp_path: Path) -> None:
    counts = "counts:\n  - {key: a, label: {zh: 甲}, titles: [basic, nobody]}\n  - {key: a, label: {zh: 乙}, titles: [basic]}\n"
    said = fault(tmp_path, BASIC, counts=counts)
    assert "counts.yaml:2:counts[0].titles[1]: there is no title 'nobody'" in said
    assert "counts.yaml:3:counts[1].key: given twice" in said


def zone_words() -> Vocabulary:
    return WORDS.merge(*sorted((ZONE / "vocabulary").glob("*.yaml")))


def zone_titles() -> list[Title]:
    return load_ladder((ZONE / "ladder").glob("*.yaml"), zone_words())[0]


def test_every_edition_of_the_zone_has_cases_and_a_citation() -> None:
    for one in zone_titles():
        for edition in one.editions:
            assert edition.notice.title and edition.notice.place, one.id
            if edition.conditions is not None:
                wanted = {case.expect.decision for case in edition.cases}
                assert {Decision.NO, Decision.UNKNOWN} <= wanted, (one.id, edition.edition)


def test_what_was_enough_before_the_revision_is_not_enough_after() -> None:
    words = zone_words()
    giant = next(one for one in zone_titles() if one.id == "little-giant")
    old, new = giant.edition("2022"), giant.edition("2026")
    enough = facts_of(old.cases[0], words)
    assert interpret(prepare(old.conditions, words), enough, words, OLD).decision is Decision.YES
    assert interpret(prepare(new.conditions, words), enough, words, NEW).decision is Decision.NO


def test_a_file_written_out_is_read_back_as_the_same() -> None:
    for one in zone_titles():
        assert load_yaml(dump_yaml(one), Title) == one
