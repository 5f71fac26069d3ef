"""What the software knows of enterprises and other subjects: records, batches, facts, snapshots, the vocabulary."""

from ._batches import ON_PUBLISHED, add_record, publish, redo, stage, sweep, undo
from ._codes import CodeState, code_state, plain_code
from ._conflicts import CONFLICTS, conflicts
from ._evidence import resolve
from ._facts import Said, facts, history, is_own, live_records, may_see, personal, readable_attributes
from ._law import Fact, period_end
from ._panels import PROFILE_PANELS, USED_BY, Panel, Use
from ._shown import shown
from ._snapshots import Snapshot, prune, snapshot, snapshot_kept
from ._sources import ANSWER, REVIEW, UPLOAD, VISIT, source_named
from ._vocabulary import attributes, begin_request, define, end_request, put_part, vocabulary, vocabulary_digest
from ._wrong import report_wrong, settle

__all__ = [
    "ANSWER",
    "CONFLICTS",
    "ON_PUBLISHED",
    "PROFILE_PANELS",
    "REVIEW",
    "UPLOAD",
    "USED_BY",
    "VISIT",
    "CodeState",
    "Fact",
    "Panel",
    "Said",
    "Snapshot",
    "Use",
    "add_record",
    "attributes",
    "begin_request",
    "code_state",
    "conflicts",
    "define",
    "end_request",
    "facts",
    "history",
    "is_own",
    "live_records",
    "may_see",
    "period_end",
    "personal",
    "plain_code",
    "prune",
    "publish",
    "put_part",
    "readable_attributes",
    "redo",
    "report_wrong",
    "resolve",
    "settle",
    "shown",
    "snapshot",
    "snapshot_kept",
    "source_named",
    "stage",
    "sweep",
    "undo",
    "vocabulary",
    "vocabulary_digest",
]
