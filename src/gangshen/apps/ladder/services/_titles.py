"""Titles and tallies as the engine reads them; kept as the text of their files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from django.db import transaction
from django.db.models import F, Value

from gangshen.apps.ladder.models import Tally, Title
from gangshen.engines import rungs
from gangshen.engines.formats import dump_yaml, load_yaml

__all__ = ["digest", "keep", "tallies", "texts", "titles"]


@lru_cache(maxsize=64)
def _title(text: str) -> rungs.Title:
    return load_yaml(text, rungs.Title)


@lru_cache(maxsize=64)
def _tally(text: str) -> rungs.Count:
    return load_yaml(text, rungs.Count)


def texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of all titles and of all tallies: what the ladder rests on."""
    kept = Title.objects.annotate(kind=Value(0), at=Value(0)).order_by().values_list("kind", "at", "key", "content")
    counted = (
        Tally.objects.annotate(kind=Value(1), at=F("place")).order_by().values_list("kind", "at", "key", "content")
    )
    rows = sorted(kept.union(counted))
    return tuple(row[3] for row in rows if not row[0]), tuple(row[3] for row in rows if row[0])


def digest(given: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    """Names a state of the definitions."""
    return hashlib.sha256("\0".join((*given[0], "", *given[1])).encode()).hexdigest()


def titles(given: Iterable[str]) -> list[rungs.Title]:
    """Titles from their texts."""
    return [_title(text) for text in given]


def tallies(given: Iterable[str]) -> list[rungs.Count]:
    """Tallies from their texts, in the order of the file."""
    return [_tally(text) for text in given]


@transaction.atomic
def keep(found: Iterable[rungs.Title], counts: rungs.Counts) -> int:
    """Take in titles and counts that were found sound; what is there already is brought to what the files say."""
    kept = 0
    for one in found:
        values = {"name": one.title.zh, "name_en": one.title.en or "", "content": dump_yaml(one)}
        Title.objects.update_or_create(key=one.id, defaults=values)
        kept += 1
    for place, count in enumerate(counts.counts):
        Tally.objects.update_or_create(key=count.key, defaults={"place": place, "content": dump_yaml(count)})
    Tally.objects.exclude(key__in=[count.key for count in counts.counts]).delete()
    return kept
