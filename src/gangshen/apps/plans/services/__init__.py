"""Plans: what was promised, by whom, until when, and how it stands."""

from ._adopt import adopt
from ._asking import AT_ONCE, Asked, ask_managers, asked_about, may_name
from ._board import Light, StatusLight, board, light
from ._figures import Doubt, doubt_about, standing, standings
from ._query import Condition, Query, check_condition, check_query, check_unit, definition, query_of
from ._register import Gap, Measured, gaps, measure, measured, set_query
from ._reports import Question, Questioned, accept_report, report, report_ref, return_report, waiting_report
from ._status import status
from ._work import assign, close_out, extend, follow_up, instruct, tick

__all__ = [
    "AT_ONCE",
    "Asked",
    "Condition",
    "Doubt",
    "Gap",
    "Light",
    "Measured",
    "Query",
    "Question",
    "Questioned",
    "StatusLight",
    "accept_report",
    "adopt",
    "ask_managers",
    "asked_about",
    "assign",
    "board",
    "check_condition",
    "check_query",
    "check_unit",
    "close_out",
    "definition",
    "doubt_about",
    "extend",
    "follow_up",
    "gaps",
    "instruct",
    "light",
    "may_name",
    "measure",
    "measured",
    "query_of",
    "report",
    "report_ref",
    "return_report",
    "set_query",
    "standing",
    "standings",
    "status",
    "tick",
    "waiting_report",
]
