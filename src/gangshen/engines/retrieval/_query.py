"""From what a person typed to a query that cannot fail."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from tantivy import Occur, Query, Schema

from ._pinyin import letter_pairs
from ._text import fold, fold_name, tokens

__all__ = ["limited", "restricted", "search_query"]

_LONGEST = 300  # characters of a query that are read
_TYPED = re.compile(r"[a-z][a-z0-9]+")
_PREFIX = re.compile(r"\w{2,40}")


def limited(text: str) -> str:
    """The part of a query that is searched for."""
    return " ".join(text[:_LONGEST].encode("utf-8", "replace").decode().split())


def search_query(schema: Schema, text: str, *, relaxed: bool = False) -> Query | None:
    """The query for ``text``; None when there is nothing in it to search for.

    Parts between spaces must all be found, ``relaxed`` asks for one. Of a part's pairs of characters most must be
    found (all of up to two, 60 % of up to eight, 30 % of more), ``relaxed`` asks for one. Names outweigh titles, titles
    bodies; a phrase found as it stands outweighs its pieces.
    """
    parts = [part for part in fold(text).split() if tokens(part)]
    found = [_part(schema, part, relaxed) for part in dict.fromkeys(parts)]
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    occur = Occur.Should if relaxed else Occur.Must
    every = Query.boolean_query([(occur, query) for query in found])
    whole = Query.term_query(schema, "name", fold_name(text))
    return Query.boolean_query([(Occur.Must, every), (Occur.Should, Query.boost_query(whole, 20.0))])


def _part(schema: Schema, part: str, relaxed: bool) -> Query:
    terms = tokens(part)
    options = [_bag(schema, terms, relaxed)]
    if len(terms) > 1:
        options.append(Query.boost_query(Query.phrase_query(schema, "title", list(terms)), 6.0))
        options.append(Query.boost_query(Query.phrase_query(schema, "body", list(terms)), 2.0))
    if len(part) == 1:
        options.append(Query.term_query(schema, "single", part))
    name = fold_name(part)
    options.append(Query.boost_query(Query.term_query(schema, "name", name), 20.0))
    if _PREFIX.fullmatch(name):
        options.append(Query.const_score_query(Query.regex_query(schema, "name", f"{name}.*"), 12.0))
    if _TYPED.fullmatch(part):
        options += _typed(schema, part)
    return _any(options)


def _typed(schema: Schema, letters: str) -> list[Query]:
    """A Latin word may be the beginning of a word, or a title typed by pinyin."""
    options = [Query.const_score_query(Query.regex_query(schema, name, f"{letters}.*"), s) for name, s in _BEGINNINGS]
    pairs = letter_pairs(letters)[:40]
    for name, score, fewest in (("initials", 6.0, 2), ("pinyin", 4.0, 3)):
        if len(letters) >= fewest:
            options.append(Query.const_score_query(_phrase(schema, name, pairs), score))
    return options


_BEGINNINGS = (("title", 3.0), ("body", 1.0))


def _phrase(schema: Schema, name: str, terms: list[str]) -> Query:
    if len(terms) == 1:
        return Query.term_query(schema, name, terms[0])
    return Query.phrase_query(schema, name, list(terms))


def _bag(schema: Schema, terms: list[str], relaxed: bool) -> Query:
    distinct = list(dict.fromkeys(terms))
    each = [
        Query.disjunction_max_query(
            [
                Query.boost_query(Query.term_query(schema, "title", term), 3.0),
                Query.term_query(schema, "body", term),
            ],
            0.2,
        )
        for term in distinct
    ]
    count = len(distinct)
    share = 1.0 if count <= 2 else 0.6 if count <= 8 else 0.3
    least = 1 if relaxed else math.ceil(count * share)
    return Query.boolean_query([(Occur.Should, query) for query in each], least)


def _any(options: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, option) for option in options], 1)


def restricted(schema: Schema, query: Query, **fields: Iterable[str] | None) -> Query:
    """``query`` among the entries that hold one of the given terms in each field; a None restricts nothing."""
    conditions: list[Any] = [
        (Occur.Must, Query.const_score_query(Query.term_set_query(schema, name, sorted(terms)), 0.0))
        for name, terms in fields.items()
        if terms is not None
    ]
    return Query.boolean_query([(Occur.Must, query), *conditions]) if conditions else query
