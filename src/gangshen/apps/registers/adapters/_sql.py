"""Rows of one query of another database, read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from ._definition import SqlPlace
from ._guard import PullError, address_of, setting, socket_of
from ._part import Part, as_part, cursor_text, cursor_value, in_chunks

__all__ = ["SqlAdapter"]

_SECONDS = 60  # that a statement may take
_FETCH = 1000


class SqlAdapter:
    """``query`` ordered by its cursor column, from behind the cursor, in chunks."""

    def __init__(self, place: SqlPlace) -> None:
        self.place = place

    def pull(self, cursor: str = "") -> Iterator[Part]:
        url = setting(self.place.setting)
        kind = urlsplit(url).scheme
        try:
            if kind == "sqlite":
                yield from self._sqlite(url, cursor_value(cursor))
            elif kind in ("postgres", "postgresql"):
                yield from self._postgres(url, cursor_value(cursor))
            else:
                raise PullError(
                    _("%(name)s is no sqlite or postgres address; correct it.") % {"name": self.place.setting}
                )
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> PullError:
        return PullError(_("The database did not answer the query: %(reason)s.") % {"reason": str(error).strip()})

    def _sqlite(self, url: str, since: Any) -> Iterator[Part]:
        path = Path(unquote(urlsplit(url).path)[1:])
        if not path.is_file():
            raise PullError(_("%(name)s names a database that is not there.") % {"name": self.place.setting})
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_SECONDS)) as database:
            database.execute("PRAGMA query_only = ON")
            found = database.execute(*self._statement("?", '"{}"', since))
            yield from self._parts([one[0] for one in found.description], iter(found.fetchone, None))

    def _postgres(self, url: str, since: Any) -> Iterator[Part]:
        try:
            import psycopg
        except ImportError:
            raise PullError(_("PostgreSQL needs the extra: pip install gangshen[postgres].")) from None
        parts = urlsplit(url)
        host = unquote(parts.hostname or "localhost")
        reach = socket_of(host) if host.startswith("/") else address_of(host, parts.port or 5432)
        options = f"-c default_transaction_read_only=on -c statement_timeout={_SECONDS * 1000}"
        try:
            made = psycopg.connect(url, hostaddr=reach, options=options, connect_timeout=10)
            with made as database, database.cursor(name="gangshen") as found:
                found.itersize = _FETCH
                found.execute(*self._statement("%s", '"{}"', since))  # type: ignore[arg-type]
                heads = [one.name for one in found.description or ()]
                yield from self._parts(heads, iter(found))
        except psycopg.Error as error:
            raise self._fault(error) from error

    def _statement(self, mark: str, quote: str, since: Any) -> tuple[str, tuple[Any, ...]]:
        query = self.place.query.replace("%", "%%") if mark == "%s" else self.place.query
        if not self.place.cursor:
            return query, ()
        column = quote.format(self.place.cursor)
        where = f" WHERE {column} > {mark}" if since is not None else f" WHERE {column} IS NOT NULL"
        return f"SELECT * FROM ({query}) AS pulled{where} ORDER BY {column}", () if since is None else (since,)

    def _parts(self, heads: list[str], rows: Iterator[Sequence[Any]]) -> Iterator[Part]:
        name = self.place.cursor
        if name and name not in heads:
            raise PullError(
                _("The query has no column %(name)s; it has %(heads)s.") % {"name": name, "heads": "、".join(heads)}
            )
        at = heads.index(name) if name else None
        for number, (chunk, last) in enumerate(in_chunks(rows, self.place.chunk, at), start=1):
            yield as_part(f"query-{number}.csv", heads, chunk, None if at is None else cursor_text(last))
