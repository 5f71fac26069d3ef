"""What the software knows of enterprises and other subjects: records, batches, facts, snapshots, the vocabulary."""

from ._asking import Manager, ask, managers, question_key
from ._batches import ON_PUBLISHED, add_record, publish, redo, stage, sweep, undo
from ._codes import CodeState, code_state, plain_code
from ._conflicts import CONFLICTS, conflicts
from ._deliveries import Delivery, deliveries, late
from ._doubts import Asked, ask_for, ask_source, asked_sources
from ._duplicates import find_duplicates
from ._entries import entries, every_entry
from ._evidence import resolve
from ._facts import Said, facts, history, is_own, live_records, may_see, personal, readable_attributes
from ._filling import filling_workbook
from ._history import MEASURE, Measured, measure, measured
from ._law import Fact, period_end
from ._law import read as typed
from ._likenesses import ask_pair, ask_row, confirm, read_values, refuse, take_back
from ._merging import guard_merges, merge, unmerge
from ._named import NAMES, forget_names, named, names
from ._panels import CHOSEN, PROFILE_PANELS, SEEN_AS, USED_BY, Panel, SeenAs, Use
from ._pointers import kept_key, keys_of, of_subject, pointers, rows_of
from ._pulling import PULL, connector, definition, due, last_runs, look, overdue, pull, put_connector
from ._quality import DOUBTS, STAKE_ROWS, STAKES, Line, Quality, Stakes, doubts, open_refusals, quality
from ._resolution import former_names, printed_names, register_names, resolve_names
from ._shown import listed, shown
from ._snapshots import Snapshot, prune, snapshot, snapshot_kept
from ._sources import ANSWER, REVIEW, UPLOAD, VISIT, source_named
from ._vocabulary import (
    any_attribute,
    attributes,
    begin_request,
    define,
    end_request,
    kind_words,
    put_part,
    vocabulary,
    vocabulary_digest,
)
from ._wrong import report_wrong, settle

__all__ = [
    "ANSWER",
    "CHOSEN",
    "CONFLICTS",
    "DOUBTS",
    "MEASURE",
    "NAMES",
    "ON_PUBLISHED",
    "PROFILE_PANELS",
    "PULL",
    "REVIEW",
    "SEEN_AS",
    "STAKES",
    "STAKE_ROWS",
    "UPLOAD",
    "USED_BY",
    "VISIT",
    "Asked",
    "CodeState",
    "Delivery",
    "Fact",
    "Line",
    "Manager",
    "Measured",
    "Panel",
    "Quality",
    "Said",
    "SeenAs",
    "Snapshot",
    "Stakes",
    "Use",
    "add_record",
    "any_attribute",
    "ask",
    "ask_for",
    "ask_pair",
    "ask_row",
    "ask_source",
    "asked_sources",
    "attributes",
    "begin_request",
    "code_state",
    "confirm",
    "conflicts",
    "connector",
    "define",
    "definition",
    "deliveries",
    "doubts",
    "due",
    "end_request",
    "entries",
    "every_entry",
    "facts",
    "filling_workbook",
    "find_duplicates",
    "forget_names",
    "former_names",
    "guard_merges",
    "history",
    "is_own",
    "kept_key",
    "keys_of",
    "kind_words",
    "last_runs",
    "late",
    "listed",
    "live_records",
    "look",
    "managers",
    "may_see",
    "measure",
    "measured",
    "merge",
    "named",
    "names",
    "of_subject",
    "open_refusals",
    "overdue",
    "period_end",
    "personal",
    "plain_code",
    "pointers",
    "printed_names",
    "prune",
    "publish",
    "pull",
    "put_connector",
    "put_part",
    "quality",
    "question_key",
    "read_values",
    "readable_attributes",
    "redo",
    "refuse",
    "register_names",
    "report_wrong",
    "resolve",
    "resolve_names",
    "rows_of",
    "settle",
    "shown",
    "snapshot",
    "snapshot_kept",
    "source_named",
    "stage",
    "sweep",
    "take_back",
    "typed",
    "undo",
    "unmerge",
    "vocabulary",
    "vocabulary_digest",
]
