"""The page on policy files shows only what the loader takes."""

import re
from pathlib import Path

from gangshen.engines.benefits import Benefit, Case, check_benefit
from gangshen.engines.formats import load_yaml
from gangshen.engines.rules import Node, Operator, check
from gangshen.engines.vocabulary import Vocabulary

PAGE = (Path(__file__).parents[3] / "docs" / "policy-files.md").read_text(encoding="utf-8")
VOCABULARY = Vocabulary.load_builtin()


def test_the_blocks_load_and_are_sound() -> None:
    rule, benefit, cases = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert check(load_yaml(rule, Node), VOCABULARY) == []
    assert check_benefit(load_yaml(benefit, Benefit), VOCABULARY) == []
    (case,) = load_yaml(cases, list[Case])
    for id, value in case.given.items():
        VOCABULARY.canon(id, value)


def test_every_operator_is_told() -> None:
    told = set(re.findall(r"`([a-z_ ]+)`", PAGE))
    words = {word for group in told for word in group.split()}
    assert {operator.value for operator in Operator} <= words
