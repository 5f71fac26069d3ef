"""Services of visits: plan, hold, cancel; requests and promises; the sheet to take along."""

from ._facts import Sayable, sayable
from ._matters import answered, matters_of, open_matters, stand_of
from ._several import MOST, Stop, plan_several, stops, visitors
from ._sheet import sheet
from ._visits import EARLIER, Asked, cancel, earlier, find, hold, move, plan, topics

__all__ = [
    "EARLIER",
    "MOST",
    "Asked",
    "Sayable",
    "Stop",
    "answered",
    "cancel",
    "earlier",
    "find",
    "hold",
    "matters_of",
    "move",
    "open_matters",
    "plan",
    "plan_several",
    "sayable",
    "sheet",
    "stand_of",
    "stops",
    "topics",
    "visitors",
]
