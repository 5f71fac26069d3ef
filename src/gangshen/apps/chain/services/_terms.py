"""Words to nodes: a product's words name a node, hold one of its terms, or come close to one."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gangshen.apps.chain.models import Node
from gangshen.engines.retrieval import fold, tokens

__all__ = ["EXACT", "Match", "Terms"]

EXACT, HELD, HELD_SHORT, CLOSE = 0.95, 0.75, 0.6, 0.45
"""Confidence by how the words fit: the term itself, a longer text that holds it (a short term says less), words in common.
Assumed, to be tuned on what the desk confirms and refuses."""
COVER = 0.6  # share of a text's weight that a node's words must cover to come close
_SHORT = 2
_BLANK = re.compile(r"\s+")
_SPLIT = re.compile(r"[、，,；;。：:（）()\s/]+")


@dataclass(frozen=True, slots=True)
class Match:
    node: str
    words: str
    confidence: float


class Terms:
    """The words of all nodes, ready to be looked up. Longer terms go before shorter ones, products before segments."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._terms: dict[str, str] = {}
        self._words: dict[str, set[str]] = {}
        holders: Counter[str] = Counter()
        by_token: dict[str, set[str]] = defaultdict(set)
        for node in sorted(nodes, key=lambda one: (one.kind != Node.Kind.PRODUCT, one.position)):
            said = [node.name, *node.terms]
            for term in said:
                self._terms.setdefault(_plain(term), node.key)
            words = {token for term in said for token in tokens(term)}
            self._words[node.key] = words
            holders.update(words)
            for token in words:
                by_token[token].add(node.key)
        self._by_token = by_token
        self._lengths = sorted({len(term) for term in self._terms}, reverse=True)
        count = len(self._words) + 1
        self._weight = {token: math.log(1 + count / n) for token, n in holders.items()}
        self._rare = math.log(1 + count)

    def product(self, text: str) -> Match | None:
        """The one node that a product's name fits best; None when nothing comes close."""
        folded = _plain(text)
        if not folded:
            return None
        if folded in self._terms:
            return Match(self._terms[folded], text.strip(), EXACT)
        held = self._held(folded)
        if held:
            term, node = held
            return Match(node, text.strip(), HELD if len(term) > _SHORT else HELD_SHORT)
        return self._close(text)

    def scope(self, text: str) -> list[Match]:
        """The nodes that a business scope names, one match a node; its clauses are looked at one by one."""
        found: dict[str, Match] = {}
        for clause in _SPLIT.split(text):
            folded = _plain(clause)
            if len(folded) < _SHORT or not (held := self._held(folded)):
                continue
            term, node = held
            if len(term) <= _SHORT and term != folded:
                continue  # two characters inside a longer clause say too little
            match = Match(node, clause, HELD_SHORT if term == folded else CLOSE)
            if node not in found or found[node].confidence < match.confidence:
                found[node] = match
        return list(found.values())

    def _held(self, folded: str) -> tuple[str, str] | None:
        """The longest term that the text holds; of two as long, the one that ends later (a head stands at the end)."""
        for size in self._lengths:
            for start in range(len(folded) - size, -1, -1):
                piece = folded[start : start + size]
                if piece in self._terms:
                    return piece, self._terms[piece]
        return None

    def _close(self, text: str) -> Match | None:
        asked = set(tokens(text))
        whole = sum(self._weight.get(token, self._rare) for token in asked)
        if not whole:
            return None
        near = {node for token in asked for node in self._by_token.get(token, ())}
        scored = [(sum(self._weight[t] for t in asked & self._words[node]) / whole, node) for node in near]
        best = max(scored, default=(0.0, ""))
        return Match(best[1], text.strip(), CLOSE) if best[0] >= COVER else None


def _plain(text: str) -> str:
    """Words as they are compared: folded, without blanks."""
    return _BLANK.sub("", fold(text))
