"""Files of a watched folder, the oldest first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ._definition import FolderPlace
from ._guard import PullError, setting
from ._part import Part

__all__ = ["FolderAdapter"]

_QUIET = 2.0  # seconds a file must have rested: it may still be copied in
_LARGEST = 200 * 2**20


class FolderAdapter:
    """Every file there is; which of them came before is known by their content, so a file copied in late is not missed."""

    def __init__(self, place: FolderPlace) -> None:
        self.place = place

    def pull(self, cursor: str = "") -> Iterator[Part]:
        folder = self._folder()
        files = [
            one for one in folder.glob(self.place.pattern) if one.is_file() and not one.name.startswith((".", "~"))
        ]
        for file in sorted(files, key=lambda one: (one.stat().st_mtime_ns, one.name)):
            if not file.resolve().is_relative_to(folder):
                raise PullError(_("%(file)s leads out of the folder; put the file itself there.") % {"file": file.name})
            found = file.stat()
            if time.time() - found.st_mtime < _QUIET:
                continue
            if found.st_size > _LARGEST:
                raise PullError(_("%(file)s is larger than 200 MB; split it.") % {"file": file.name})
            yield Part(file.name, self._read(file))

    def _folder(self) -> Path:
        root = Path(setting(self.place.setting)) if self.place.setting else Path(settings.HOME) / "inbox"
        folder = (root / self.place.path).resolve()
        if not folder.is_relative_to(root.resolve()):
            raise PullError(_("The folder leads out of its place; correct the path."))
        if not folder.is_dir():
            raise PullError(_("There is no folder %(folder)s; make it.") % {"folder": folder})
        return folder

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            told = {"file": file.name, "reason": error.strerror or error}
            raise PullError(_("%(file)s cannot be read: %(reason)s.") % told) from error
