"""Policies: kept in dated editions, applied as of a day, matched with every enterprise."""

from ._adopt import adopt
from ._conditions import Condition, conditions, dots, rule_lines, said
from ._decisions import (
    Filed,
    decision_ref,
    filed,
    grounds_of_editions,
    grounds_of_matches,
    recompute,
    rests_on,
    run_of,
    sources_of,
)
from ._editions import Edition, edition_at, editions_in_force, file_of, save
from ._law import engine_policy, engine_version, theme_of
from ._matching import Match, all_matches, as_row, explain, match, matches, names, questions_for, subject
from ._morning import Ending, Morning, ending, morning
from ._runs import KIND, Change, Reach, as_file, decisions, difference, last_two, match_all, reach, start
from ._sheets import match_workbook, needed
from ._words import REASONS, benefit_lines

__all__ = [
    "KIND",
    "REASONS",
    "Change",
    "Condition",
    "Edition",
    "Ending",
    "Filed",
    "Match",
    "Morning",
    "Reach",
    "adopt",
    "all_matches",
    "as_file",
    "as_row",
    "benefit_lines",
    "conditions",
    "decision_ref",
    "decisions",
    "difference",
    "dots",
    "edition_at",
    "editions_in_force",
    "ending",
    "engine_policy",
    "engine_version",
    "explain",
    "file_of",
    "filed",
    "grounds_of_editions",
    "grounds_of_matches",
    "last_two",
    "match",
    "match_all",
    "match_workbook",
    "matches",
    "morning",
    "names",
    "needed",
    "questions_for",
    "reach",
    "recompute",
    "rests_on",
    "rule_lines",
    "run_of",
    "said",
    "save",
    "sources_of",
    "start",
    "subject",
    "theme_of",
]
