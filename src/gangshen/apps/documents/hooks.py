"""What documents register below: reading as a run."""

from __future__ import annotations

from gangshen.apps.documents import background
from gangshen.apps.runs.services import KINDS, RunKind
from gangshen.engines.formats import Text

KINDS.register(
    "documents.read",
    RunKind(Text(zh="读文", en="Read a document"), background.read_document, resumable=True),
)
