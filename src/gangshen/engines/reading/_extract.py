"""From a file's bytes to the text read: the content decides the format, not the suffix."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ._archive import open_archive
from ._convert import as_docx
from ._errors import (
    EmptyDocument,
    EncryptedDocument,
    MislabelledDocument,
    OversizedDocument,
    ScannedDocument,
    UnreadableDocument,
    UnsupportedDocument,
)
from ._extract_docx import extract_docx
from ._extract_html import extract_html
from ._extract_ofd import extract_ofd
from ._extract_pdf import extract_pdf
from ._layout import assemble, rejoin
from ._model import Block, SourceText
from ._recognise import picture_of, recogniser

__all__ = ["LIMIT_BYTES", "LIMIT_CHARACTERS", "extract"]

LIMIT_BYTES = 100 * 1024 * 1024
LIMIT_CHARACTERS = 5_000_000  # some 5,000 pages
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HTML_PIECE = re.compile(r"<(?:p|div|table|h[1-6]|br)\b[^>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def extract(data: bytes, name: str) -> SourceText:
    """The text of a .docx, .pdf, .ofd, .html, .txt or .md file with its blocks.

    Raises a :class:`DocumentError` that names the file, the reason and the remedy: empty, over 100 MB, encrypted,
    scanned, damaged, hostile or of another format (.doc and .wps among them).
    """
    if len(data) > LIMIT_BYTES:
        raise OversizedDocument(name, f"{len(data) / 1024 / 1024:.0f} MB, at most {LIMIT_BYTES // 1024 // 1024} MB")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise EmptyDocument(name)
    source = _by_content(data, name)
    if not source.text.strip():
        raise EmptyDocument(name, "no text in it")
    if len(source.text) > LIMIT_CHARACTERS:
        raise OversizedDocument(name, f"{len(source.text):,} characters, at most {LIMIT_CHARACTERS:,}")
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    expected = {"htm": "html", "xhtml": "html", "markdown": "md", "text": "txt"}.get(suffix, suffix)
    if expected in ("docx", "pdf", "ofd", "doc", "wps") and source.format in ("txt", "md"):
        raise MislabelledDocument(name, f"named .{suffix}, but plain text inside")
    if expected in ("docx", "pdf", "ofd", "html", "doc", "wps") and expected != source.format:
        note = f"named .{suffix}, read as {source.format}"
        source = source.model_copy(update={"notes": (*source.notes, note)})
    return source


def _by_content(data: bytes, name: str) -> SourceText:
    if b"%PDF-" in data[:1024]:
        return extract_pdf(data, name)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _zipped(data, name)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedDocument(name)
        suffix = PurePosixPath(name).suffix.lower().lstrip(".")
        return extract_docx(as_docx(data, name, suffix if suffix in ("doc", "wps") else "doc"), name)
    if data.startswith(b"{\\rtf"):
        return extract_docx(as_docx(data, name, "rtf"), name)
    if data.startswith(_PICTURES):
        return _picture(data, name)
    text = _decode(data, name)
    if len(text) > 4 * LIMIT_CHARACTERS:  # refused before it is taken apart: markup never is three quarters of a text
        raise OversizedDocument(name, f"{len(text):,} characters, at most {LIMIT_CHARACTERS:,}")
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if _HTML.match(text) or (suffix in (".html", ".htm", ".xhtml") and _HTML_PIECE.search(text)):
        return extract_html(text, name)
    return _plain(text, name, "md" if suffix in (".md", ".markdown") else "txt")


def _picture(data: bytes, name: str) -> SourceText:
    read = recogniser()
    if read is None:
        raise ScannedDocument(name, "a picture")
    try:
        lines = read(picture_of(data), 1)
    except Exception as error:  # pictures break in as many ways as there are formats
        raise UnreadableDocument(name, "damaged picture") from error
    source = assemble(name, "pdf", rejoin(lines), 1)
    return source.model_copy(update={"recognised": True, "notes": ("recognised from a picture",)})


def _zipped(data: bytes, name: str) -> SourceText:
    names = set(open_archive(data, name).namelist())
    if "word/document.xml" in names:
        return extract_docx(data, name)
    if "OFD.xml" in names:
        return extract_ofd(data, name)
    if "[Content_Types].xml" in names and any(n.startswith("word/") for n in names):
        return extract_docx(data, name)
    kind = "spreadsheet" if any(n.startswith("xl/") for n in names) else "zip archive"
    raise UnsupportedDocument(name, kind)


def _decode(data: bytes, name: str) -> str:
    """UTF-8 first, then what the page or the byte order mark says, then GB18030."""
    candidates = ["utf-8-sig"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates.insert(0, "utf-16")
    declared = _CHARSET.search(data[:4096])
    if declared:
        candidates.append(declared[1].decode("ascii"))
    candidates.append("gb18030")
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if len(_CONTROLS.findall(text)) <= len(text) // 200:
            return text
    raise UnreadableDocument(name, "neither UTF-8 nor GB18030 text")


def _plain(text: str, name: str, form: str) -> SourceText:
    """The file's own text, newlines normalised; one block a line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = []
    position = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            row = line.count("\t") >= 1 or (form == "md" and line.lstrip().startswith("|"))
            blocks.append(
                Block(start=position, end=position + len(line), kind="row" if row else "paragraph", number=number)
            )
        position += len(line) + 1
    return SourceText.model_validate({"name": name, "format": form, "text": text, "blocks": tuple(blocks)})
