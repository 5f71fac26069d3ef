"""Reading as a run."""

from __future__ import annotations

from typing import Any

from gangshen.apps.documents import services
from gangshen.apps.documents.adapters import EndpointError, configured
from gangshen.apps.documents.models import Document, Reading
from gangshen.apps.identity.services import now
from gangshen.apps.runs.models import Run
from gangshen.engines.reading import DocumentError
from gangshen.web.errors import Refused

__all__ = ["propose", "read_document", "read_documents"]


def read_document(run: Run, progress: Any) -> dict[str, Any]:
    """Read the document named in the run's parameters; words that rules or tasks quote and that changed get a case."""
    document = Document.objects.get(key=run.params["document"])
    progress.step(0, 1, document.title)
    before = services.current(document)
    made = services.read(document, now=now(), run=run)
    found = services.progress(made)
    progress.step(1, 1)
    return {
        "reading": made.pk,
        "items": found.total,
        "doubtful": found.doubtful,
        "unread": found.unread,
        "alerts": _alerts(document, before, made),
    }


def read_documents(run: Run, progress: Any) -> dict[str, Any]:
    """Read all documents named in the run's parameters, in parallel; those that cannot be read are listed with why."""
    keys = run.params["documents"]
    documents = list(Document.objects.filter(key__in=keys))
    before = {document.pk: services.current(document) for document in documents}
    items, refused, alerts = 0, {}, []
    for count, (document, made) in enumerate(services.read_many(documents, now=now(), run=run), 1):
        if isinstance(made, DocumentError):
            refused[document.key] = str(made)
        else:
            items += services.progress(made).total
            alerts += _alerts(document, before[document.pk], made)
        progress.step(count, len(documents), document.title)
    return {"documents": len(documents), "items": items, "refused": refused, "alerts": alerts}


def _alerts(document: Document, before: Reading | None, made: Reading) -> list[int]:
    """Cases opened because words that something quotes are not what they were in the text read before."""
    if before is None or before.text_hash == made.text_hash:
        return []
    versions = [services.version(f"{document.key}@{one.text_hash}", None) for one in (before, made)]
    return services.alert_changed(services.compare(*versions, None), now=now())


def propose(run: Run, progress: Any) -> dict[str, Any]:
    """Ask the configured model for what the reader missed in the document of the run's parameters."""
    endpoint = configured()
    if endpoint is None:
        raise Refused("No model endpoint is configured.", "Set GANGSHEN_MODEL_URL.")
    document = Document.objects.get(key=run.params["document"])
    progress.step(0, 1, document.title)
    try:
        result = services.propose(document, endpoint, now=now())
    except EndpointError as error:
        raise Refused(str(error), "Look at the endpoint, then ask again.") from error
    progress.step(1, 1)
    return {"kept": result.kept, "refused": dict(result.refused)}
