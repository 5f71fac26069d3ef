"""The index: a folder that can always be built anew from what it indexes."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Self, cast

import tantivy

from ._highlight import Needles, body_fragment, title_fragment
from ._model import Entry, EntryError, Hit, Hits, IndexLocked, IndexUnusable
from ._names import short_names
from ._pinyin import keys, letter_pairs
from ._query import limited, restricted, search_query
from ._text import fold_name, singles, tokens

__all__ = ["Index", "Writer"]

_HEAP = 64_000_000
_MARK = "gangshen-index.json"
_FORMAT = 2


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "kind"):
        builder.add_text_field(name, stored=True, fast=name == "kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("digest", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("audience", "name"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body", "initials", "pinyin"):
        builder.add_text_field(name, tokenizer_name="cut", index_option="position")
    builder.add_text_field("single", tokenizer_name="cut", index_option="basic")
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


class Writer:
    """Adds, replaces and deletes by id; nothing is seen before the ``with`` block ends well."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer
        self._put: set[str] | None = None  # since the index was cleared; what is not among them need not be deleted

    def put(self, entry: Entry) -> None:
        """Add the entry, in place of the one with its id if there is one."""
        document = _document(entry)
        if self._put is None or entry.id in self._put:
            self.delete(entry.id)
        if self._put is not None:
            self._put.add(entry.id)
        self._writer.add_document(document)

    def delete(self, id: str) -> None:
        self._writer.delete_documents_by_term("id", id)

    def clear(self) -> None:
        self._writer.delete_all_documents()
        self._put = set()


class Index:
    """Search over entries. Open one per folder and process; searching is safe from several threads."""

    def __init__(self, index: tantivy.Index, path: Path | None) -> None:
        self._index, self._path, self._seen = index, path, 0
        cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("cut", cut)

    @classmethod
    def in_memory(cls) -> Self:
        return cls(tantivy.Index(_schema()), None)

    @classmethod
    def open(cls, path: Path, *, rebuild: bool = False) -> Self:
        """Open the index in a folder, making an empty one where there is none.

        Raises :class:`IndexUnusable` for a folder that holds something else, a damaged index or one of another
        version; ``rebuild`` empties an index folder first (never a folder that holds something else).
        """
        mark = path / _MARK
        if path.exists() and any(path.iterdir()) and not mark.exists():
            raise IndexUnusable(f"{path} holds files but no search index; name an empty folder")
        if rebuild and mark.exists():
            shutil.rmtree(path)
        if not mark.exists():
            path.mkdir(parents=True, exist_ok=True)
            mark.write_text(json.dumps({"format": _FORMAT}), encoding="utf-8")
        try:
            current = json.loads(mark.read_text(encoding="utf-8"))["format"] == _FORMAT
            index = tantivy.Index(_schema(), str(path), reuse=True) if current else None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise IndexUnusable(f"{path}: the search index cannot be read ({error}); build it anew") from error
        if index is None:
            raise IndexUnusable(f"{path}: the search index is of another version; build it anew")
        return cls(index, path)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One writer at a time; commits at the end of the block, and leaves all as it was when the block raises."""
        try:
            writer = self._index.writer(_HEAP, 1)
        except ValueError as error:
            if "lock" in str(error).lower():
                raise IndexLocked(f"{self._path or 'the index'} is being written by another process; wait") from error
            raise IndexUnusable(f"{self._path}: cannot write to the search index ({error})") from error
        try:
            yield Writer(writer)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()  # also what lets the lock go
            self._index.reload()

    def replace(self, entries: Iterable[Entry]) -> int:
        """Make the index hold exactly these entries; returns how many. Only what differs is written."""
        with self.writing() as writer:
            held = self._digests()
            if not held:
                writer.clear()
            for entry in entries:
                if held.pop(entry.id, "") != _digest(entry):
                    writer.put(entry)
            for id in held:
                writer.delete(id)
        return len(self)

    def _digests(self) -> dict[str, str]:
        searcher = self._searcher()
        found: Any = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs), count=False)
        documents = (searcher.doc(address) for _score, address in found.hits)
        return {str(one.get_first("id")): str(one.get_first("digest")) for one in documents}

    def __len__(self) -> int:
        return int(self._searcher().num_docs)

    def search(
        self,
        query: str,
        *,
        kinds: Iterable[str] | None = None,
        audiences: Iterable[str] | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Hits:
        """Find entries for any text a person may type.

        ``kinds`` restricts to those kinds. ``audiences`` are the groups the asker belongs to: entries of other groups
        are neither shown nor counted; None asks without that wall and is for trusted callers only.
        """
        text, schema = limited(query), self._index.schema
        kinds = None if kinds is None else set(kinds)
        audiences = None if audiences is None else set(audiences)
        if limit < 1 or offset < 0 or kinds == set() or audiences == set():
            return Hits(text)
        searcher = self._searcher()
        for relaxed in (False, True):
            wanted = search_query(schema, text, relaxed=relaxed)
            if wanted is None:
                return Hits(text)
            allowed = restricted(schema, wanted, audience=audiences)
            shown = restricted(schema, allowed, kind=kinds)
            found: Any = searcher.search(shown, limit, offset=offset, weight_by_field="weight")
            if found.count:
                break
        needles = Needles(text)
        items = tuple(_hit(searcher.doc(address), score, needles) for score, address in found.hits)
        return Hits(text, items, int(found.count or 0), _counts(searcher, allowed), relaxed and bool(found.count))

    def _searcher(self) -> tantivy.Searcher:
        """A view of the last commit, whichever process made it."""
        if self._path is not None:
            written = (self._path / "meta.json").stat().st_mtime_ns
            if written != self._seen:
                self._index.reload()
                self._seen = written
        return self._index.searcher()


def _document(entry: Entry) -> tantivy.Document:
    names = {fold_name(name) for name in (entry.title, *entry.names, *short_names(entry.title))}
    try:
        stored = json.dumps([entry.title, entry.body, entry.url, dict(entry.extra)], ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise EntryError(f"extra of {entry.id} is not JSON: {error}") from error
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("kind", entry.kind)
    for group in entry.audience:
        document.add_text("audience", group)
    for name in sorted(names - {""}):
        document.add_text("name", name)
    document.add_text("title", " ".join(tokens(" ".join((entry.title, *entry.names)))))
    document.add_text("body", " ".join(tokens(entry.body)))
    document.add_text("single", " ".join(sorted(singles(entry.title + entry.body))))
    for typed in keys(entry.title):
        document.add_text("initials", " ".join(letter_pairs(typed.initials)))
        document.add_text("pinyin", " ".join(letter_pairs(typed.full)))
    document.add_float("weight", 2.0**entry.boost - 2.0)  # scores are multiplied by log2(2 + weight)
    document.add_bytes("stored", stored.encode(errors="replace"))
    document.add_text("digest", _digest(entry))
    return document


def _digest(entry: Entry) -> str:
    """Of all that an entry says; of another version of this module's documents another one is made."""
    said = [getattr(entry, one.name) for one in fields(Entry)]
    return hashlib.blake2b(repr(said).encode(errors="replace"), digest_size=16).hexdigest()


def _hit(document: tantivy.Document, score: Any, needles: Needles) -> Hit:
    title, body, url, extra = json.loads(cast("bytes", document.get_first("stored")))
    return Hit(
        id=str(document.get_first("id")),
        kind=str(document.get_first("kind")),
        title=title_fragment(title, needles),
        fragment=body_fragment(body, needles),
        url=url,
        score=float(score),
        extra=extra,
    )


def _counts(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, int]:
    found = searcher.aggregate(query, {"kinds": {"terms": {"field": "kind", "size": 200}}})
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in found["kinds"]["buckets"]}
