"""Cases: opened once a key, moved by those who may, closed with a receipt."""

from ._clock import Clock, calendar, clock, deadline
from ._lists import done_by, mine, todo_count, waiting
from ._moves import close, comment, extend, hand_over, reopen, report, return_, wait
from ._open import case, open_case
from ._rights import actions, check
from ._types import CASE_TYPES, ON_CLOSE, CaseType, case_type
from ._wrong import may_doubt, report_wrong

__all__ = [
    "CASE_TYPES",
    "ON_CLOSE",
    "CaseType",
    "Clock",
    "actions",
    "calendar",
    "case",
    "case_type",
    "check",
    "clock",
    "close",
    "comment",
    "deadline",
    "done_by",
    "extend",
    "hand_over",
    "may_doubt",
    "mine",
    "open_case",
    "reopen",
    "report",
    "report_wrong",
    "return_",
    "todo_count",
    "wait",
    "waiting",
]
