"""The zone folder: definitions and registers as plain files, loaded, compared and exported by every app's `portable`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.web.errors import Refused

__all__ = ["Difference", "compare", "export", "fill", "load"]


def _portables() -> Iterator[tuple[str, ModuleType]]:
    for name in settings.STRATA:
        module = f"gangshen.apps.{name}.portable"
        if find_spec(module):
            yield name, import_module(module)


def _last_load() -> Path:
    return settings.HOME / "loaded"


def _last_given() -> Path:
    return settings.HOME / "given"


def fill(folder: Path, report: Callable[[str], None] = lambda words: None) -> None:
    """Load ``folder``, app by app up the strata, then set the mark of a whole load: all of it or nothing."""
    with transaction.atomic():
        for name, portable in _portables():
            report(f"Loading {name} …")
            portable.load(folder, now=identity.now())  # of the demo day, once identity knows it
        Zone.objects.update(loaded_at=timezone.now())
    _remember(folder)


def _remember(folder: Path) -> None:
    """Keep what the database now exports, and the files as they were given, for the next comparison."""
    with tempfile.TemporaryDirectory(dir=settings.HOME) as made:
        export(Path(made) / "loaded")
        for name, data in _files(folder).items():
            place = Path(made) / "given" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        for kept in (_last_load(), _last_given()):
            shutil.rmtree(kept, ignore_errors=True)
            (Path(made) / kept.name).rename(kept)


def export(folder: Path) -> int:
    """Write the zone folder; returns the number of files. Refuses a folder that holds anything."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty.", "Export into a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for _, portable in _portables():
        portable.dump(folder)
    return sum(1 for file in folder.rglob("*") if file.is_file())


@dataclass(frozen=True, slots=True)
class Difference:
    """Relative paths by what happened since the last load."""

    new: tuple[str, ...]  # in the folder only
    changed: tuple[str, ...]  # edited in the folder
    edited: tuple[str, ...]  # edited in the database
    both: tuple[str, ...]  # edited in both, differently
    missing: tuple[str, ...]  # in the database only

    def in_words(self) -> str:
        parts = [
            (self.new, "new in the folder, will be loaded"),
            (self.changed, "changed in the folder, will be loaded"),
            (self.edited, "edited in the database, kept"),
            (self.both, "edited in both: needs --take-folder, or correct the folder"),
            (self.missing, "not in the folder, kept in the database"),
        ]
        lines = [f"{words}:\n" + "\n".join(f"  {file}" for file in files) for files, words in parts if files]
        return "\n".join(lines) or "No difference."


def _files(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    }


def compare(folder: Path) -> Difference:
    """Three-way: the last load, the folder, and the database as it would be exported now."""
    if not (folder / "zone.yaml").is_file():
        raise Refused(f"{folder} is no zone folder: it has no zone.yaml.", "Name the folder that holds zone.yaml.")
    with tempfile.TemporaryDirectory() as made:
        export(Path(made) / "now")
        ours, theirs = _files(Path(made) / "now"), _files(folder)
    base, given = (_files(place) if place.is_dir() else {} for place in (_last_load(), _last_given()))

    def untouched(name: str) -> bool:
        """Is the folder's file the one that was loaded, in its own form or as it is exported?"""
        return theirs[name] in (base.get(name), given.get(name))

    differs = [name for name in theirs if name in ours and theirs[name] != ours[name]]
    edited = {name for name in differs if ours[name] != base.get(name)}
    return Difference(
        new=tuple(name for name in theirs if name not in ours and not untouched(name)),
        changed=tuple(name for name in differs if name not in edited and not untouched(name)),
        edited=tuple(name for name in differs if name in edited and untouched(name)),
        both=tuple(name for name in differs if name in edited and not untouched(name)),
        missing=tuple(name for name in ours if name not in theirs and (name in given or name not in base)),
    )


def load(folder: Path, difference: Difference, *, take_folder: bool = False) -> None:
    """Bring the folder's new and changed files in; an edit made in the database stays unless ``take_folder``."""
    if difference.both and not take_folder:
        raise Refused(
            f"{len(difference.both)} files were edited in the folder and in the database; nothing was loaded.",
            "Compare them with `gangshen export`, then load with --take-folder or correct the folder.",
        )
    with tempfile.TemporaryDirectory() as made:
        merged = Path(made) / "merged"
        shutil.copytree(folder, merged)
        if difference.edited:
            export(Path(made) / "now")
            for name in difference.edited:
                shutil.copy2(Path(made) / "now" / name, merged / name)
        fill(merged)
