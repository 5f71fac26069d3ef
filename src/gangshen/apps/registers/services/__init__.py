"""What the software knows of enterprises and other subjects: records, batches, facts, snapshots, the vocabulary."""

from ._batches import ON_PUBLISHED, add_record, publish, redo, stage, sweep, undo
from ._codes import CodeState, code_state, plain_code
from ._facts import Said, facts, history, is_own, live_records, readable_attributes
from ._law import Fact, period_end
from ._snapshots import Snapshot, snapshot
from ._sources import ANSWER, REVIEW, UPLOAD, VISIT, source_named
from ._vocabulary import attributes, define, put_part, vocabulary, vocabulary_digest

__all__ = [
    "ANSWER",
    "ON_PUBLISHED",
    "REVIEW",
    "UPLOAD",
    "VISIT",
    "CodeState",
    "Fact",
    "Said",
    "Snapshot",
    "add_record",
    "attributes",
    "code_state",
    "define",
    "facts",
    "history",
    "is_own",
    "live_records",
    "period_end",
    "plain_code",
    "publish",
    "put_part",
    "readable_attributes",
    "redo",
    "snapshot",
    "source_named",
    "stage",
    "sweep",
    "undo",
    "vocabulary",
    "vocabulary_digest",
]
