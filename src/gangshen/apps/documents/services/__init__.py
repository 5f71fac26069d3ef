"""Documents: filed, read, checked item by item, and handed to whoever adopts what was read."""

from ._adding import ADDABLE, PROPOSED, Sentence, add_item, draft_of, nothing_here, quote_places, sentences
from ._adopting import ADOPTERS, Adopter, adopt, finish
from ._comparing import Compared, Version, alert_changed, compare, pairs, touched, version, versions
from ._filing import set_status, upload
from ._instructions import open_cases
from ._items import decide, last_decision, undo
from ._progress import Progress, progress
from ._proposing import Proposed, propose, start_proposing
from ._reading import READER, current, read, read_many, settle_lost, start_reading, start_reading_many, text
from ._relations import chain, older_version, relate, supersede, unrelate
from ._resting import RESTING, Rest, Resting, resting_kinds, rests_on
from ._search import Hit, search

__all__ = [
    "ADDABLE",
    "ADOPTERS",
    "PROPOSED",
    "READER",
    "RESTING",
    "Adopter",
    "Compared",
    "Hit",
    "Progress",
    "Proposed",
    "Rest",
    "Resting",
    "Sentence",
    "Version",
    "add_item",
    "adopt",
    "alert_changed",
    "chain",
    "compare",
    "current",
    "decide",
    "draft_of",
    "finish",
    "last_decision",
    "nothing_here",
    "older_version",
    "open_cases",
    "pairs",
    "progress",
    "propose",
    "quote_places",
    "read",
    "read_many",
    "relate",
    "resting_kinds",
    "rests_on",
    "search",
    "sentences",
    "set_status",
    "settle_lost",
    "start_proposing",
    "start_reading",
    "start_reading_many",
    "supersede",
    "text",
    "touched",
    "undo",
    "unrelate",
    "upload",
    "version",
    "versions",
]
