"""Putting a document on file."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Document
from gangshen.apps.identity.access import require
from gangshen.engines.reading import DocumentError, extract, read
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

__all__ = ["set_status", "upload"]


def upload(
    data: bytes, name: str, *, actor: Any, now: dt.datetime, key: str = "", title: str = "", **values: Any
) -> Document:
    """File a document; its head (title, number, issuer, date, status) is read at once where it isn't given.

    The same file again gives the document that is there. Raises :class:`Refused` with the reader's reason for a file
    that can't be read; nothing is kept of it.
    """
    if actor is not None:
        require(actor, "add", Document)
    if len(data) > settings.CONFIG.upload_megabytes * 1024 * 1024:
        raise Refused(
            _("%(name)s is larger than %(limit)d MB.") % {"name": name, "limit": settings.CONFIG.upload_megabytes},
            _("Split it, or raise GANGSHEN_UPLOAD_MEGABYTES."),
        )
    try:
        head = read(extract(data, name)).header
    except DocumentError as error:
        raise Refused(label(error.text)) from error
    with transaction.atomic():
        file = archive.store(data, name, now=now, actor=actor)
        there = Document.objects.filter(file=file).first()
        if there and (not key or there.key == key):
            return there
        title = title or (head.title.value if head.title else "") or re.sub(r"\.\w+$", "", name)
        values.setdefault("number", head.number.value if head.number else "")
        values.setdefault("issuer", "、".join(fact.value for fact in head.issuers)[:200])
        values.setdefault("issued_on", head.issued_on)
        if "status" not in values:
            draft = head.status == "draft_for_comment"
            values["status"] = Document.Status.DRAFT_FOR_COMMENT if draft else Document.Status.REFERENCE
        return Document.objects.create(
            key=key or _free_key(file.sha256), title=title[:300], file=file, uploaded_by=actor, created_at=now, **values
        )


def _free_key(sha256: str) -> str:
    """A key from the content: the same file gets the same key in every database."""
    return f"doc-{sha256[:10]}"


def set_status(document: Document, status: str, *, actor: Any, note: str = "") -> Document:
    """Move a document along its chain (for comment, in force, amended, expired, repealed).

    ``note`` says what that rests on, in words or as a reference. Raises :class:`Refused` for a status there isn't.
    """
    require(actor, "change", document)
    if status not in Document.Status.values:
        raise Refused(_("There is no status “%(status)s”.") % {"status": status}, _("Choose one of the list."))
    document.status, document.status_note = status, note.strip()
    document.save(update_fields=["status", "status_note"])
    return document
