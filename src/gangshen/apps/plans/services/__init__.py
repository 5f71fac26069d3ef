"""Plans: what was promised, by whom, until when, and how it stands."""

from ._adopt import adopt
from ._board import Light, StatusLight, board, light
from ._figures import Doubt, doubt_about, standing, standings
from ._reports import Question, Questioned, accept_report, report, report_ref, return_report
from ._status import status
from ._work import assign, close_out, extend, follow_up, instruct, tick

__all__ = [
    "Doubt",
    "Light",
    "Question",
    "Questioned",
    "StatusLight",
    "accept_report",
    "adopt",
    "assign",
    "board",
    "close_out",
    "doubt_about",
    "extend",
    "follow_up",
    "instruct",
    "light",
    "report",
    "report_ref",
    "return_report",
    "standing",
    "standings",
    "status",
    "tick",
]
