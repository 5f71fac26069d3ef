"""Lists of the registers: enterprises, imports, contradictions, words, the queue 同一家企业？ and merges."""

from ._connectors import CONNECTORS
from ._likenesses import LIKENESSES, MERGES
from ._quality import DOUBT_LIST, STATES
from ._registers import CODE_STATES, CONFLICT_LIST, ENTERPRISES, IMPORTS, enterprises
from ._words import ACCESS_LABELS, PERIOD_LABELS, TYPE_LABELS, WORDS, WORLD_LABELS

__all__ = [
    "ACCESS_LABELS",
    "CODE_STATES",
    "CONFLICT_LIST",
    "CONNECTORS",
    "DOUBT_LIST",
    "ENTERPRISES",
    "IMPORTS",
    "LIKENESSES",
    "MERGES",
    "PERIOD_LABELS",
    "STATES",
    "TYPE_LABELS",
    "WORDS",
    "WORLD_LABELS",
    "enterprises",
]
