"""The audit trail: events that are no change of a row, beside the changes that are noted by themselves."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity.models import Organisation, User
from gangshen.engines.evidence import Ref
from gangshen.web.hookpoints import HookPoint

__all__ = ["EVENTS", "record_event"]

# name of an event -> its word in the past tense ("exported"); an app that records events of its own names them here
EVENTS: HookPoint[Any] = HookPoint("audit event")


def record_event(
    actor: User | None,
    action: str,
    obj: Model | Ref | str | None,
    detail: dict[str, Any] | None = None,
    *,
    personal: bool = False,
    subject: str = "",
    address: str | None = None,
) -> LogEntry:
    """Write down that ``actor`` (None: the system) did ``action`` (login, export, read, decide, …) to ``obj``.

    ``personal`` marks a read of personal data; ``subject`` is the key of the firm or person concerned, by default the
    object's when it is an organisation or names a subject. The time is the clock's, never a demo zone's day: the
    trail says when something happened. ``address`` is by default that of the request in progress.
    """
    entry = LogEntry(
        action=LogEntry.Action.ACCESS,
        event=action,
        actor=actor,
        actor_email=actor.email if actor else None,
        subject=subject or _subject(obj),
        personal=personal,
        remote_addr=address,
        object_repr=str(obj) if obj is not None else "",
        additional_data=json.loads(json.dumps(detail, cls=DjangoJSONEncoder)) if detail else None,
    )
    if isinstance(obj, Model):
        entry.content_type = ContentType.objects.get_for_model(obj)
        entry.object_pk = str(obj.pk)
        entry.object_id = obj.pk if isinstance(obj.pk, int) else None
    entry.save()
    return entry


def _subject(obj: Any) -> str:
    if isinstance(obj, Organisation):
        return obj.key
    named = getattr(obj, "subject", "") if isinstance(obj, Model) else ""
    return named[:64] if isinstance(named, str) else ""
