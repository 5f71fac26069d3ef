"""Rules: eligibility as data, in three values."""

from ._batch import Batch, Matrix, compile_rules
from ._check import check
from ._columns import Columns, SnapshotError
from ._decide import held_types, row_is_valid
from ._exchange import from_json, rule_schema, to_json
from ._facts import Fact, Reading, figure_keys, is_stale, keys_of, read, subject_of
from ._interpret import FAR, Prepared, interpret, prepare
from ._model import All, Any_, AtLeast, Clause, ClauseKind, Decision, Node, None_, Operator, Reason, Span
from ._nearest import Change, Nearest, nearest
from ._period import back, period_keys
from ._problems import RuleError, RuleProblem
from ._questions import Question, questions
from ._sentence import period_words, sentence
from ._sql import Dialect, to_sql
from ._verdict import Verdict
from ._walk import children, clauses, combining, places

__all__ = [
    "FAR",
    "All",
    "Any_",
    "AtLeast",
    "Batch",
    "Change",
    "Clause",
    "ClauseKind",
    "Columns",
    "Decision",
    "Dialect",
    "Fact",
    "Matrix",
    "Nearest",
    "Node",
    "None_",
    "Operator",
    "Prepared",
    "Question",
    "Reading",
    "Reason",
    "RuleError",
    "RuleProblem",
    "SnapshotError",
    "Span",
    "Verdict",
    "back",
    "check",
    "children",
    "clauses",
    "combining",
    "compile_rules",
    "figure_keys",
    "from_json",
    "held_types",
    "interpret",
    "is_stale",
    "keys_of",
    "nearest",
    "period_keys",
    "period_words",
    "places",
    "prepare",
    "questions",
    "read",
    "row_is_valid",
    "rule_schema",
    "sentence",
    "subject_of",
    "to_json",
    "to_sql",
]
