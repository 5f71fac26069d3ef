"""The worked policy file loads, its quotes stand in its document, and editions apply by date."""

import datetime as dt
from pathlib import Path

import pytest

from gangshen.engines.benefits import Policy, Status, load_policies
from gangshen.engines.formats import FormatError, dump_yaml, load_yaml
from gangshen.engines.rules import clauses

ZONE = Path(__file__).parents[3] / "zones" / "maqiao"
FILE = ZONE / "policies" / "equipment-renewal.yaml"


def policy() -> Policy:
    return load_yaml(FILE, Policy)


def test_every_quote_stands_at_its_span() -> None:
    loaded = policy()
    texts = {document.key: (ZONE / document.file).read_text(encoding="utf-8") for document in loaded.documents}
    (version,) = loaded.versions
    for clause in clauses(version.eligibility):
        assert texts[clause.span.document][clause.span.start : clause.span.end] == clause.quote
    benefit = version.benefit
    assert texts[benefit.span.document][benefit.span.start : benefit.span.end] == benefit.quote


def test_the_file_is_written_the_same_way_twice() -> None:
    text = dump_yaml(policy())
    assert load_yaml(text, Policy) == policy()
    assert dump_yaml(load_yaml(text, Policy)) == text


def test_an_edition_applies_between_its_dates() -> None:
    loaded = policy()
    assert loaded.version_at(dt.date(2025, 12, 31)) is None
    assert loaded.version_at(dt.date(2026, 1, 1)).version == "2026"
    assert loaded.version_at(dt.date(2027, 12, 31)).version == "2026"
    assert loaded.version_at(dt.date(2028, 1, 1)) is None


def edited(**changes: object) -> Policy:
    loaded = policy()
    return Policy.model_validate(
        loaded.model_dump() | {"versions": [loaded.versions[0].model_dump(by_alias=True) | changes]}
    )


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEWED, Status.FOR_COMMENT])
def test_a_draft_is_never_law(status: Status) -> None:
    assert edited(status=status).version_at(dt.date(2026, 6, 1)) is None


def text_with(old: str, new: str) -> str:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("valid_to: 2027-12-31", "valid_to: 2025-12-31", "valid_to is before valid_from"),
        ("    valid_from: 2026-01-01\n", "", "needs valid_from"),
        ("operator: ge", "operator: gte", r"eligibility\.all\[2\]\.operator: not one of the values allowed"),
        ("attribute: equipment_investment", "atribute: x", "did you mean attribute"),
        ("amount_fen: 300万元, per", "amount_fen: 300, until", "unknown key"),
        ("amount_fen: 300万元", "amount_fen: 三百", "no amount of money"),
        ("window: {", "window: {opens: 2026-06-01, closes: 2026-05-01} #", "closes is before opens"),
        ("amount_fen: 300万元", "amount_fen: ',万元'", "no amount of money"),
        ("amount_fen: 300万元", "amount_fen: 99999999999999亿元", "too large"),
        ("basis: equipment-renewal", "basis: elsewhere", "none of the documents"),
        ("decision: yes", "decision: perhaps", r"cases\[0\]\.expect\.decision"),
    ],
)
def test_a_broken_policy_is_refused_with_its_place(old: str, new: str, says: str) -> None:
    with pytest.raises(FormatError, match=says) as caught:
        load_yaml(text_with(old, new), Policy, name="p.yaml")
    assert all(problem.line for problem in caught.value.problems)


def test_two_editions_in_force_on_one_day_are_refused() -> None:
    loaded = policy().model_dump()
    second = loaded["versions"][0] | {"version": "2027", "valid_from": dt.date(2027, 12, 31), "valid_to": None}
    with pytest.raises(ValueError, match="in force on the same day"):
        Policy.model_validate(loaded | {"versions": [*loaded["versions"], second]})


def test_a_file_is_named_after_its_policy(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(FormatError, match=r"policies/other\.yaml|other\.yaml:1:id: must be the file's name"):
        load_policies(tmp_path.glob("*.yaml"))
    assert [one.id for one in load_policies([FILE])] == ["equipment-renewal"]
