"""Old Word, WPS and RTF files, through LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ._errors import UnreadableDocument, UnsupportedDocument

__all__ = ["as_docx"]

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120


def as_docx(data: bytes, name: str, suffix: str) -> bytes:
    """The file as .docx. Raises :class:`UnsupportedDocument` where no converter is installed or the file is no text."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise UnsupportedDocument(name, f"{suffix} file, and LibreOffice is not installed to convert it")
    with tempfile.TemporaryDirectory(prefix="gangshen-") as folder:
        source, profile = Path(folder) / f"source.{suffix}", Path(folder) / "profile"
        source.write_bytes(data)
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to"]
        try:
            subprocess.run(
                [*command, "docx:Office Open XML Text", "--outdir", folder, str(source)],
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise UnreadableDocument(name, "LibreOffice could not convert it") from error
        made = Path(folder) / "source.docx"
        if not made.is_file():
            raise UnreadableDocument(name, "LibreOffice could not convert it")
        return made.read_bytes()
