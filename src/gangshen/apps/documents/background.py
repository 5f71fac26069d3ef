"""Reading as a run."""

from __future__ import annotations

from typing import Any

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document
from gangshen.apps.identity.services import now
from gangshen.apps.runs.models import Run

__all__ = ["read_document"]


def read_document(run: Run, progress: Any) -> dict[str, Any]:
    """Read the document named in the run's parameters."""
    document = Document.objects.get(key=run.params["document"])
    progress.step(0, 1, document.title)
    made = services.read(document, now=now(), run=run)
    found = services.progress(made)
    progress.step(1, 1)
    return {"reading": made.pk, "items": found.total, "doubtful": found.doubtful, "unread": found.unread}
