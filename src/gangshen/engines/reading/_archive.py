"""Zip containers, opened with care: no bombs, no documents types, no entities."""

from __future__ import annotations

import io
import re
import zipfile

from ._errors import HostileDocument, UnreadableDocument

__all__ = ["LIMIT_UNPACKED", "open_archive", "part"]

LIMIT_UNPACKED = 400 * 1024 * 1024
_LIMIT_PARTS = 20_000
_LIMIT_RATIO = 200
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip whose declared content stays within limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableDocument(name, "broken zip container") from error
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > _LIMIT_PARTS or unpacked > LIMIT_UNPACKED:
        raise HostileDocument(name, f"unpacks to {unpacked // 1024 // 1024} MB in {len(infos)} parts")
    for info in infos:
        if info.file_size > 10 * 1024 * 1024 and info.file_size > _LIMIT_RATIO * max(info.compress_size, 1):
            raise HostileDocument(name, "zip bomb")
    return archive


def part(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    """One XML part; a document type or an entity in it is refused."""
    try:
        info = archive.getinfo(path)
        with archive.open(info) as stream:
            data = stream.read(info.file_size + 1)
    except (KeyError, zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableDocument(name, f"part {path} is missing or broken") from error
    except Exception as error:  # zlib.error is private to the codec in use
        raise UnreadableDocument(name, f"part {path} is broken") from error
    if len(data) > info.file_size:
        raise HostileDocument(name, "zip part longer than declared")
    head = data[:4096]
    if _DOCTYPE.search(head) or _DOCTYPE.search(head.replace(b"\x00", b"")):
        raise HostileDocument(name, f"document type or entities in {path}")
    return data
