"""Plans: what was promised, by whom, until when, and how it stands."""

from ._adopt import adopt
from ._board import Light, StatusLight, board, light
from ._figures import Doubt, doubt_about, standing, standings
from ._status import status
from ._work import accept_report, close_out, extend, follow_up, instruct, report, return_report, tick

__all__ = [
    "Doubt",
    "Light",
    "StatusLight",
    "accept_report",
    "adopt",
    "board",
    "close_out",
    "doubt_about",
    "extend",
    "follow_up",
    "instruct",
    "light",
    "report",
    "return_report",
    "standing",
    "standings",
    "status",
    "tick",
]
