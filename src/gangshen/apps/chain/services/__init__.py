"""The chain desk: firms on nodes, how strong the zone is, gaps, candidates and leads, what stops with a supplier."""

from ._candidates import CANDIDATE_HEADS, Fit, candidate_row, fits, keep_candidates
from ._here import Here, Maker, here, names_of
from ._leads import advance, case_of, take
from ._placing import CONFIRM_FROM, decide, place_by_hand, propose, write_down
from ._related import Related, related, related_row
from ._rows import gap_rows, node_row, stop_row
from ._supplies import SUPPLY_HEADS, keep_supplies
from ._terms import Match, Terms
from ._town import Spot, keep_layer, spots

__all__ = [
    "CANDIDATE_HEADS",
    "CONFIRM_FROM",
    "SUPPLY_HEADS",
    "Fit",
    "Here",
    "Maker",
    "Match",
    "Related",
    "Spot",
    "Terms",
    "advance",
    "candidate_row",
    "case_of",
    "decide",
    "fits",
    "gap_rows",
    "here",
    "keep_candidates",
    "keep_layer",
    "keep_supplies",
    "names_of",
    "node_row",
    "place_by_hand",
    "propose",
    "related",
    "related_row",
    "spots",
    "stop_row",
    "take",
    "write_down",
]
