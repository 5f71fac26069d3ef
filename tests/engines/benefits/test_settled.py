"""A case for a yes is asked for only where data can come to a yes; checked against the interpreter."""

from __future__ import annotations

import datetime as dt
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.benefits._settled import settled
from gangshen.engines.rules import All, Any_, AtLeast, Clause, ClauseKind, Decision, Node, None_, interpret
from gangshen.engines.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load_builtin()
FIELDS = ("accidents_3y", "above_scale_declared", "tax_credit_a")


def _data(field: str) -> Clause:
    return Clause(id=field, attribute=field, operator="eq", value=True)


def _rules() -> st.SearchStrategy[Node]:
    """Rules in which every data clause stands once, so that each can be settled by itself."""
    leaves: list[Node] = [_data(field) for field in FIELDS]
    leaves += [Clause(id="expert", kind=ClauseKind.JUDGEMENT), Clause(id="words", kind=ClauseKind.UNTRANSLATED)]

    def build(parts: list[Node]) -> st.SearchStrategy[Node]:
        if len(parts) == 1:
            return st.just(parts[0])
        cut = st.integers(1, len(parts) - 1)

        def joined(at: int) -> st.SearchStrategy[Node]:
            pairs = st.tuples(build(parts[:at]), build(parts[at:]))
            return st.one_of(
                pairs.map(lambda two: All(all=two)),
                pairs.map(lambda two: Any_(any=two)),
                pairs.map(lambda two: None_(none=two)),
                st.tuples(pairs, st.integers(1, 2)).map(lambda both: AtLeast(at_least=both[1], of=both[0])),
            )

        return cut.flatmap(joined)

    chosen = st.lists(st.sampled_from(leaves), min_size=1, max_size=5, unique_by=lambda leaf: leaf.id)
    return chosen.flatmap(build)


@given(_rules())
def test_is_what_some_applicant_comes_to(rule: Node) -> None:
    come = {
        interpret(rule, dict(zip(FIELDS, values, strict=True)), VOCABULARY, dt.date(2026, 1, 1)).decision
        for values in product((True, False), repeat=len(FIELDS))
    }
    assert settled(rule) == come - {Decision.UNKNOWN}
