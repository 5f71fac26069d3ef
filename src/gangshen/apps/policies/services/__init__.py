"""Policies: kept in dated editions, applied as of a day, matched with every enterprise."""

from ._adopt import adopt
from ._editions import Edition, edition_at, editions_in_force, file_of, save
from ._law import engine_policy, engine_version
from ._matching import Match, all_matches, as_row, explain, match, matches, names, questions_for, subject
from ._runs import KIND, Change, Reach, as_file, decisions, difference, last_two, match_all, reach, start
from ._sheets import match_workbook, needed

__all__ = [
    "KIND",
    "Change",
    "Edition",
    "Match",
    "Reach",
    "adopt",
    "all_matches",
    "as_file",
    "as_row",
    "decisions",
    "difference",
    "edition_at",
    "editions_in_force",
    "engine_policy",
    "engine_version",
    "explain",
    "file_of",
    "last_two",
    "match",
    "match_all",
    "match_workbook",
    "matches",
    "names",
    "needed",
    "questions_for",
    "reach",
    "save",
    "start",
    "subject",
]
