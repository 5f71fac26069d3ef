"""Services of visits: plan, hold, cancel; requests and promises; the sheet to take along."""

from ._facts import Sayable, sayable
from ._matters import answered, matters_of, open_matters, stand_of
from ._sheet import sheet
from ._visits import EARLIER, Asked, cancel, earlier, find, hold, move, plan, topics

__all__ = [
    "EARLIER",
    "Asked",
    "Sayable",
    "answered",
    "cancel",
    "earlier",
    "find",
    "hold",
    "matters_of",
    "move",
    "open_matters",
    "plan",
    "sayable",
    "sheet",
    "stand_of",
    "topics",
]
