"""Files by their content: written once, whole or not at all, under ``files/ab/<sha256>`` of the home folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import File, Link
from gangshen.apps.identity.models import User
from gangshen.web.errors import Refused

__all__ = ["path", "read", "store", "uploaded", "verify_files"]

_BLOCK = 1 << 20


def _root() -> Path:
    return Path(settings.HOME) / "files"


def _place(sha256: str) -> Path:
    return _root() / sha256[:2] / sha256


def store(data: bytes | Path, name: str, *, now: dt.datetime, media_type: str = "", actor: User | None = None) -> File:
    """Keep a file; the same content is kept once and answers with the file there is.

    The content is on the disk, synced, before the row is; an upload by ``actor`` is linked to his organisation, whose
    own file it is from then on. Raises :class:`Refused` when the file to read isn't there.
    """
    sha256, size = _write(data)
    guessed = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    file, _created = File.objects.get_or_create(
        sha256=sha256,
        defaults={"name": Path(name).name[-255:], "media_type": guessed, "size": size, "created_at": now},
    )
    if actor is not None and actor.organisation_id:
        Link.objects.get_or_create(
            ref=f"file:{sha256}",
            owner=f"org:{actor.organisation.key}",  # type: ignore[union-attr]
            defaults={"scheme": "file", "target": sha256},
        )
    return file


def uploaded(upload: UploadedFile) -> bytes | Path:
    """What was sent, as :func:`store` takes it: the file it lies in when it was too large for memory."""
    return Path(upload.temporary_file_path()) if isinstance(upload, TemporaryUploadedFile) else upload.read()


def _blocks(data: bytes | Path) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    try:
        with data.open("rb") as source:
            while block := source.read(_BLOCK):
                yield block
    except OSError as error:
        raise Refused(
            _("%(file)s can't be read: %(reason)s.") % {"file": data.name, "reason": error.strerror},
            _("Check that it is there and that you may read it."),
        ) from error


def _write(data: bytes | Path) -> tuple[str, int]:
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, made = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            for block in _blocks(data):
                digest.update(block)
                size += len(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        place = _place(digest.hexdigest())
        if place.exists() and place.stat().st_size == size:
            return digest.hexdigest(), size
        place.parent.mkdir(exist_ok=True)
        Path(made).chmod(0o440)
        Path(made).replace(place)
        _sync(place.parent)
    finally:
        Path(made).unlink(missing_ok=True)
    return digest.hexdigest(), size


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path(file: File) -> Path:
    """Where the content is; raises :class:`Refused` when it is gone."""
    place = _place(file.sha256)
    if not place.is_file():
        raise Refused(
            _("The content of %(file)s is missing from the archive.") % {"file": file.name},
            _("Restore the files folder from a backup: gangshen restore."),
        )
    return place


def read(file: File) -> bytes:
    """The content; raises :class:`Refused` when it is gone."""
    return path(file).read_bytes()


def verify_files() -> list[str]:
    """What is wrong with kept files: missing or changed content, one sentence each."""
    problems = []
    for file in File.objects.order_by("pk").iterator():
        place = _place(file.sha256)
        if not place.is_file():
            problems.append(_("%(file)s (%(sha)s): content missing") % {"file": file.name, "sha": file.sha256[:12]})
            continue
        digest = hashlib.sha256()
        for block in _blocks(place):
            digest.update(block)
        if digest.hexdigest() != file.sha256:
            problems.append(_("%(file)s (%(sha)s): content changed") % {"file": file.name, "sha": file.sha256[:12]})
    return problems
