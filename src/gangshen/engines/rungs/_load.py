"""Title files read together: every fault of every file with its line, its field and the remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from gangshen.engines.formats import FormatError, Problem, Text, load_yaml, yaml_lines
from gangshen.engines.rules import Node, check
from gangshen.engines.vocabulary import Vocabulary

from ._cases import run_cases
from ._model import Counts, Title

__all__ = ["COUNTS", "check_titles", "load_ladder"]

COUNTS = "counts.yaml"
_DAY = dt.timedelta(days=1)


def load_ladder(
    paths: Iterable[Path], vocabulary: Vocabulary, *, root: Path | None = None
) -> tuple[list[Title], Counts]:
    """Titles by id and the counts; raises :class:`FormatError` with the faults of all files."""
    titles: dict[str, Title] = {}
    counts = Counts()
    problems: list[Problem] = []
    lines: dict[str, Mapping[str, int]] = {}
    counted = COUNTS
    for path in sorted(paths):
        name = str(path.relative_to(root)) if root else path.name
        try:
            if path.name == COUNTS:
                counts, counted = load_yaml(path, Counts, name=name), name
                lines[counted] = yaml_lines(path)
                continue
            title = load_yaml(path, Title, name=name)
        except FormatError as error:
            problems += error.problems
            continue
        lines[name] = yaml_lines(path)
        if title.id != path.stem:
            problems.append(_problem(name, lines[name], "id", f"应与文件名 {path.stem} 一致", f"must be {path.stem}"))
        titles[name] = title
    problems += check_titles(titles, vocabulary, lines)
    if not problems:
        problems = _of_counts(counts, {one.id for one in titles.values()}, vocabulary, counted, lines.get(counted, {}))
    if problems:
        raise FormatError(problems)
    return sorted(titles.values(), key=lambda one: one.id), counts


def check_titles(
    titles: Mapping[str, Title], vocabulary: Vocabulary, lines: Mapping[str, Mapping[str, int]]
) -> list[Problem]:
    """What keeps titles (by file name) from being used, in the order of the files."""
    found: list[Problem] = []
    for name, title in titles.items():
        at = lines.get(name, {})
        if title.certificate not in vocabulary.certificates:
            words = f"未知的资质“{title.certificate}”（写词汇中的名称）", f"unknown certificate {title.certificate!r}"
            found.append(_problem(name, at, "certificate", words[0], f"{words[1]} (use its name in the vocabulary)"))
        found += _dates(name, title, at)
        faults = _rules(name, title, vocabulary, at)
        found += faults or _golden(name, title, vocabulary, at)
    return found


def _dates(name: str, title: Title, at: Mapping[str, int]) -> Iterable[Problem]:
    """Editions follow one another day by day: no day has two, and none between the first and the last is without."""
    seen: set[str] = set()
    for number, one in enumerate(title.editions):
        if one.edition in seen:
            zh, en = "版本重名（改名）", "two editions have this name (rename one)"
            yield _problem(name, at, f"editions[{number}].edition", zh, en)
        seen.add(one.edition)
        by = one.renewal.judged_by if one.renewal else ""
        if by and title.edition(by) is None:
            zh, en = f"没有版本“{by}”（改正）", f"there is no edition {by!r} (correct the name)"
            yield _problem(name, at, f"editions[{number}].renewal.judged_by", zh, en)
    for number, (earlier, later) in enumerate(pairwise(title.editions), start=1):
        field = f"editions[{number}].valid_from"
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            zh = f"与版本 {earlier.edition} 同日有效（为前一版写 valid_to）"
            yield _problem(name, at, field, zh, f"overlaps edition {earlier.edition} (end that one the day before)")
        elif later.valid_from > earlier.valid_to + _DAY:
            zh = f"与版本 {earlier.edition} 之间有空档（应为 {earlier.valid_to + _DAY}）"
            en = f"leaves a gap after edition {earlier.edition} (write {earlier.valid_to + _DAY})"
            yield _problem(name, at, field, zh, en)


def _rules(name: str, title: Title, vocabulary: Vocabulary, at: Mapping[str, int]) -> list[Problem]:
    found = []
    for number, one in enumerate(title.editions):
        if one.conditions is not None:
            found += _rule(name, f"editions[{number}].conditions", one.conditions, vocabulary, at)
    return found


def _rule(name: str, field: str, rule: Node, vocabulary: Vocabulary, at: Mapping[str, int]) -> list[Problem]:
    faults = [fault for fault in check(rule, vocabulary) if not fault.warning]
    return [
        Problem(name, _line(at, place), place, fault.message)
        for fault in faults
        for place in (f"{field}.{fault.place}" if fault.place else field,)
    ]


def _golden(name: str, title: Title, vocabulary: Vocabulary, at: Mapping[str, int]) -> Iterable[Problem]:
    for result in run_cases(title, vocabulary):
        for words in result.differences:
            field = f"editions[{result.number}].cases[{result.case}].expect"
            yield Problem(name, _line(at, field), field, words)


def _of_counts(
    counts: Counts, known: set[str], vocabulary: Vocabulary, name: str, at: Mapping[str, int]
) -> list[Problem]:
    found, seen = [], set()
    for number, one in enumerate(counts.counts):
        field = f"counts[{number}]"
        if one.key in seen:
            found.append(_problem(name, at, f"{field}.key", "编号重复（改名）", "given twice (rename one)"))
        seen.add(one.key)
        for part, title in enumerate(one.titles):
            if title not in known:
                words = f"没有称号“{title}”（改正）", f"there is no title {title!r} (use the id of a file here)"
                found.append(_problem(name, at, f"{field}.titles[{part}]", *words))
        if one.among is not None:
            found += _rule(name, f"{field}.among", one.among, vocabulary, at)
    return found


def _problem(name: str, at: Mapping[str, int], field: str, zh: str, en: str) -> Problem:
    return Problem(name, _line(at, field), field, Text(zh=zh, en=en))


def _line(at: Mapping[str, int], field: str) -> int | None:
    """Where the field stands; where it was left out, its parent."""
    while field and field not in at:
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    return at.get(field)
