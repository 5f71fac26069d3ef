"""Groups within groups: combined, taken apart, moved and dropped on the desk, without touching a condition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from deskzone import as_role, build
from gangshen.apps.policies import services
from gangshen.apps.policies.models import PolicyVersion
from gangshen.engines.rules import All, Any_, AtLeast, Clause, Node, None_, Operator, children, clauses, places
from gangshen.web.errors import Refused

PAGE = "/policies/grant/editions/draft-2027/"


def one(id: str) -> Clause:
    return Clause(id=id, attribute="revenue", operator=Operator.GE, value=1)


def told(node: Node) -> str:
    """``all(a, any(b, 2(c, d)))``."""
    if isinstance(node, Clause):
        return node.id
    name = str(node.at_least) if isinstance(node, AtLeast) else {All: "all", Any_: "any", None_: "none"}[type(node)]
    return f"{name}({', '.join(map(told, children(node)))})"


FIVE = All(all=tuple(map(one, "abcde")))
NESTED = All(all=(one("a"), Any_(any=(one("b"), AtLeast(at_least=2, of=(one("c"), one("d"), one("e")))))))


def test_a_group_within_a_group_is_made_of_what_is_ticked() -> None:
    inner = services.arranged(FIVE, "at_least", ["all[2]", "all[3]", "all[4]"], least="2")
    assert told(inner) == "all(a, b, 2(c, d, e))"
    assert services.arranged(inner, "any", ["all[1]", "all[2]"]) == NESTED
    assert told(services.arranged(NESTED, "none", ["all[0]", "all[1]"])) == "all(none(a, any(b, 2(c, d, e))))"


@pytest.mark.parametrize(
    ("do", "chosen", "more", "says"),
    [
        ("all", ["all[1]"], {}, "all(a, all(b, 2(c, d, e)))"),  # of one group: its kind
        ("at_least", ["all[1].any[1]"], {"least": "3"}, "all(a, any(b, 3(c, d, e)))"),
        ("apart", ["all[1]"], {}, "all(a, b, 2(c, d, e))"),
        ("apart", ["all[1].any[1]"], {}, "all(a, any(b, c, d, e))"),
        ("out", ["all[1].any[1].of[0]"], {}, "all(a, any(b, 2(d, e), c))"),
        ("out", ["all[1].any[0]"], {}, "all(a, 2(c, d, e), b)"),  # one alternative left stands for itself
        ("out", ["all[1].any[0]", "all[1].any[1].of[2]"], {}, "all(a, any(2(c, d), e), b)"),
        ("into", ["all[0]"], {"into": "all[1].any[1]"}, "all(any(b, 2(c, d, e, a)))"),
        ("into", ["all[1].any[1]"], {"into": ""}, "all(a, b, 2(c, d, e))"),
        ("drop", ["all[1].any[1]", "all[1].any[1].of[0]"], {}, "all(a, b)"),
        ("drop", ["all[1]"], {}, "all(a)"),
        ("any", ["all[0]", "all[1].any[0]"], {}, "all(any(a, b), 2(c, d, e))"),
    ],
)
def test_each_move(do: str, chosen: list[str], more: dict[str, str], says: str) -> None:
    assert told(services.arranged(NESTED, do, chosen, **more)) == says


@pytest.mark.parametrize(
    ("do", "chosen", "more", "says"),
    [
        ("any", [], {}, "Nothing is chosen"),
        ("any", ["all[7]"], {}, "Nothing is chosen"),
        ("any", ["all[0]"], {}, "One condition makes no group"),
        ("at_least", ["all[0]", "all[1]"], {"least": "3"}, "At least “3” of 2"),
        ("at_least", ["all[0]", "all[1]"], {"least": "²"}, "At least “²” of 2"),
        ("at_least", ["all[0]", "all[1]"], {}, "At least “” of 2"),
        ("apart", ["all[0]"], {}, "Only a group"),
        ("out", ["all[0]"], {}, "stands in no group"),
        ("out", ["all[1].any[1].of[0]", "all[1].any[1].of[1]"], {}, "Fewer conditions are left"),
        ("into", ["all[1]"], {"into": "all[1].any[1]"}, "can't be moved there"),
        ("into", ["all[1]"], {"into": "all[0]"}, "can't be moved there"),
        ("drop", ["all[0]", "all[1]"], {}, "everyone would get it"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_with_what_to_do(
    do: str, chosen: list[str], more: dict[str, str], says: str
) -> None:
    with translation.override("en"), pytest.raises(Refused, match=says) as refused:
        services.arranged(NESTED, do, chosen, **more)
    assert refused.value.remedy


def trees() -> st.SearchStrategy[Node]:
    ids = iter(range(10**9))
    leaf = st.builds(lambda: one(f"c{next(ids)}"))

    def group(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        listed = st.lists(parts, min_size=2, max_size=4).map(tuple)
        return st.one_of(
            listed.map(lambda of: All(all=of)),
            listed.map(lambda of: Any_(any=of)),
            listed.map(lambda of: None_(none=of)),
            listed.map(lambda of: AtLeast(at_least=1, of=of)),
        )

    return st.recursive(leaf, group, max_leaves=12)


@given(trees(), st.data())
def test_no_move_but_dropping_loses_or_doubles_a_condition(rule: Node, data: st.DataObject) -> None:
    there = [place for place, _node in places(services.whole(rule))]
    chosen = data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=4))
    do = data.draw(st.sampled_from((*services.GROUPINGS, "apart", "out", "into")))
    into = data.draw(st.sampled_from(there))
    try:
        moved = services.arranged(rule, do, chosen, least="1", into=into)
    except Refused:
        return
    assert sorted(each.id for each in clauses(moved)) == sorted(each.id for each in clauses(rule))


def draft() -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").get(policy__key="grant", version="draft-2027")


@pytest.fixture
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)


def sent(**more: Any) -> dict[str, Any]:
    rule = services.engine_version(draft())
    lines, cases = services.clause_lines(rule), services.case_lines(rule)
    found = {"mode": "lines", "base": draft().digest, "clauses": str(len(lines)), "cases": str(len(cases))}
    found |= {f"clause.{n}.{field}": text for n, line in enumerate(lines) for field, text in line.items()}
    found |= {f"case.{n}.{field}": text for n, line in enumerate(cases) for field, text in line.items()}
    return found | more


@pytest.mark.django_db
def test_the_desk_combines_keeps_what_was_typed_beside_it_and_records_the_grouping(zone: None) -> None:
    client = as_role("drafter")
    ticked = {"do": "any", "pick": ["all[0]", "all[1]"], "clause.0.value": "3"}
    assert client.post(PAGE, sent(**ticked)).status_code == 302
    rule = services.engine_version(draft()).eligibility
    assert told(rule) == "all(any(ratio, staff), none(dishonest))"
    assert clauses(rule)[0].value == 3
    body = client.get(PAGE).content.decode()
    assert "any one of these" in body
    assert 'value="all[0].any[1]"' in body
    assert client.post(PAGE, sent()).status_code == 302, "the form sent back as it was"
    assert services.engine_version(draft()).eligibility == rule
    note = draft().steps.latest("pk").note
    assert "one of:" in note
    assert client.post(PAGE, sent(do="at_least", pick=["all[0]", "all[1]"], least="9")).status_code == 400
    assert services.engine_version(draft()).eligibility == rule
    extra = {"attribute": "revenue", "operator": "ge", "value": "1", "unit": "亿元", "group": "all[0]"}
    line = {f"clause.3.{field}": extra.get(field, "") for field in services.CLAUSE_FIELDS}
    assert client.post(PAGE, sent(**line) | {"clauses": "4"}).status_code == 302
    assert told(services.engine_version(draft()).eligibility) == "all(any(ratio, staff, revenue), none(dishonest))"


@pytest.mark.django_db
def test_a_sheet_names_groups_within_groups(zone: None) -> None:
    rule = services.engine_version(draft())
    words = dict.fromkeys(services.CLAUSE_FIELDS, "")
    new = [
        words | {"id": id, "group": group, "attribute": "revenue", "operator": "ge", "value": value, "unit": "亿元"}
        for id, group, value in (("x", "any", "1"), ("y", "any/at_least 2", "2"), ("z", "any/at_least 2", "3"))
    ]
    made = services.edited(rule, [*services.clause_lines(rule), *new], services.case_lines(rule))
    assert told(made.eligibility) == "all(ratio, staff, none(dishonest), any(x, 2(y, z)))"
    lines = services.clause_lines(made)
    assert [line["group"] for line in lines] == ["", "", "none", "any", "any/at_least 2", "any/at_least 2"]
    assert services.edited(made, lines, services.case_lines(made)) == made
    with translation.override("en"), pytest.raises(Refused, match="stands in the group “any/at_least 2”"):
        services.edited(made, [*lines[:-1], lines[-1] | {"group": "any"}], services.case_lines(made))
