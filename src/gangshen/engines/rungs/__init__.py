"""Rungs: titles in dated editions, which a firm holds, on which rung it stands and what comes next."""

from ._cases import CaseResult, facts_of, run_cases
from ._load import COUNTS, check_titles, load_ladder
from ._model import Case, Count, Counts, Edition, Expect, Notice, Place, Renewal, Title
from ._stand import ENDING, Held, Holding, Ladder, State, holding, ladder_at

__all__ = [
    "COUNTS",
    "ENDING",
    "Case",
    "CaseResult",
    "Count",
    "Counts",
    "Edition",
    "Expect",
    "Held",
    "Holding",
    "Ladder",
    "Notice",
    "Place",
    "Renewal",
    "State",
    "Title",
    "check_titles",
    "facts_of",
    "holding",
    "ladder_at",
    "load_ladder",
    "run_cases",
]
