"""What everyone may know of policies: those in force, and the windows that take applications."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.documents.models import Document
from gangshen.apps.policies.services import editions_in_force
from gangshen.web.public import PublicPart, PublicRow

__all__ = ["CALLS", "IN_FORCE", "NOTICES"]


def _marks(example: bool) -> tuple[str, ...]:
    return ("synthetic",) if example else ()


def _in_force(today: dt.date) -> list[PublicRow]:
    return [
        PublicRow(
            one.policy.label,
            note=_said(one),
            day=one.version.valid_from,
            marks=_marks(one.policy.example),
        )
        for one in editions_in_force(today)
    ]


def _said(edition: Any) -> str:
    until, issuer = edition.version.valid_to, edition.policy.issuer
    parts = [_("Issued by %(issuer)s") % {"issuer": issuer}] if issuer else []
    parts += [_("valid until %(day)s") % {"day": until}] if until else []
    return _(", ").join(parts)


def _calls(today: dt.date) -> list[PublicRow]:
    rows = [
        PublicRow(
            one.policy.label,
            note=_unit(one),
            day=one.version.valid_from,
            opens=one.version.window_from,
            closes=one.version.window_to,
            marks=_marks(one.policy.example),
        )
        for one in editions_in_force(today)
        if one.version.window_to and one.version.window_to >= today and (one.version.window_from or today) <= today
    ]
    return sorted(rows, key=lambda row: row.closes or dt.date.max)


def _unit(edition: Any) -> str:
    contact = edition.rule.contact
    asked = getattr(contact, "unit", "") if contact else ""
    return _("Ask %(unit)s") % {"unit": asked} if asked else ""


def _notices(today: dt.date) -> list[PublicRow]:
    """Drafts for comment; the days left where the draft names its last day."""
    drafts = Document.objects.filter(status=Document.Status.DRAFT_FOR_COMMENT).order_by("-issued_on", "key")
    return [
        PublicRow(
            one.title,
            note=one.issuer,
            day=one.issued_on,
            closes=one.valid_to,
            marks=("draft", *_marks(one.example)),
        )
        for one in drafts
    ]


IN_FORCE = PublicPart(
    gettext_lazy("Policies in force"), _in_force, gettext_lazy("The next policy stands here on the day it takes force.")
)
CALLS = PublicPart(
    gettext_lazy("Open calls"),
    _calls,
    gettext_lazy("No policy takes applications today."),
    gettext_lazy("policies that take applications today, soonest end first"),
)
NOTICES = PublicPart(
    gettext_lazy("Notices"),
    _notices,
    gettext_lazy("No text is out for comment."),
    gettext_lazy("texts out for comment"),
)
