"""Whatever is handed out as a file: one head for all, and a name that no browser or folder can misread."""

from __future__ import annotations

import re
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

__all__ = ["attached", "attachment", "file_name"]

R = TypeVar("R", bound=HttpResponseBase)
_LONGEST = 120  # signs of a name; with three bytes each a file system still takes it
# what a path, a header or a shell would read: separators, quotes, wildcards, controls, marks that turn the writing round
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def file_name(name: str) -> str:
    """``name`` as one plain file name: ``../a"b.docx`` becomes ``a-b.docx``. Its ending stays."""
    plain = _UNSAFE.sub("-", name).strip(" .-") or "file"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def attached(response: R, name: str) -> R:
    """``response`` as a download under ``name``, never shown in place."""
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name(name)) or ""
    return response


def attachment(content: bytes | str, name: str, media_type: str) -> HttpResponse:
    """A file made for this request."""
    return attached(HttpResponse(content, content_type=media_type), name)
