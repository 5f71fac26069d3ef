"""Many documents in parallel worker processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from gangshen.engines.vocabulary import Attribute, Vocabulary

from ._errors import DocumentError, UnreadableDocument
from ._extract import extract
from ._model import Reading, SourceText
from ._read import read

__all__ = ["ReadFile", "read_many"]

_ALONE = 4  # so few are read here, before a worker would have started

_vocabulary: Vocabulary | Sequence[Attribute] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of one file: ``index`` in the order given, and either a reading or an error."""

    index: int
    source: SourceText | None = None
    reading: Reading | None = None
    error: DocumentError | OSError | None = None


def read_many(
    files: Sequence[Path | tuple[str, bytes]],
    *,
    vocabulary: Vocabulary | Sequence[Attribute] = (),
    workers: int | None = None,
) -> Iterator[ReadFile]:
    """Read ``files`` (paths, or names with their bytes), each as it is done; not in the order given.

    ``workers`` processes are started fresh (default: one for each processor, at most 8); with one, or few files, all is
    read here. A file that cannot be read gives its error and stops no other; so does one that kills its process.
    """
    count = workers if workers is not None else min(os.cpu_count() or 1, 8)
    if count <= 1 or len(files) <= _ALONE:
        _begin(vocabulary)
        yield from (_one(index, file) for index, file in enumerate(files))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(count, len(files)), mp_context=context, initializer=_begin, initargs=(vocabulary,)
    ) as pool:
        with _alone():
            waiting = {pool.submit(_one, index, file): index for index, file in enumerate(files)}
        for done in as_completed(waiting):
            index = waiting[done]
            try:
                yield done.result()
            except BrokenProcessPool:
                file = files[index]
                name = file.name if isinstance(file, Path) else file[0]
                yield ReadFile(index, error=UnreadableDocument(name, "its reading was killed"))


@contextmanager
def _alone() -> Iterator[None]:
    """Workers started here import nothing of the program: a script without a guard would start itself again in each."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin(vocabulary: Vocabulary | Sequence[Attribute]) -> None:
    global _vocabulary
    _vocabulary = vocabulary


def _one(index: int, file: Path | tuple[str, bytes]) -> ReadFile:
    try:
        name, data = (file.name, file.read_bytes()) if isinstance(file, Path) else file
        source = extract(data, name)
        return ReadFile(index, source, read(source, vocabulary=_vocabulary))
    except (DocumentError, OSError) as error:
        return ReadFile(index, error=error)
