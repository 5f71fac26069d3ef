"""Retrieval: one search over everything, in Chinese and Latin text, short names and pinyin, over tantivy."""

from ._index import Index, Writer
from ._model import Entry, EntryError, Fragment, Hit, Hits, IndexLocked, IndexUnusable, RetrievalError
from ._names import short_names
from ._text import fold, tokens

__all__ = [
    "Entry",
    "EntryError",
    "Fragment",
    "Hit",
    "Hits",
    "Index",
    "IndexLocked",
    "IndexUnusable",
    "RetrievalError",
    "Writer",
    "fold",
    "short_names",
    "tokens",
]
