"""Rows of a JSON address, page by page, over the standard library."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from ._definition import HttpPlace
from ._guard import PullError, address_of, setting
from ._part import Part, as_part, cursor_text, cursor_value

__all__ = ["HttpAdapter"]

LARGEST = 50 * 2**20  # bytes of one answer
_SECONDS = 30
_PAGES = 10_000
_TRIES = 3
_AGAIN = {429, 500, 502, 503, 504}


class HttpAdapter:
    """All pages after the cursor; which of them were read before a restart is known by their content."""

    def __init__(self, place: HttpPlace, *, pause: float = 1.0) -> None:
        self.place = place
        self.pause = pause  # seconds before the second try; doubled before the third

    def pull(self, cursor: str = "") -> Iterator[Part]:
        last = cursor_value(cursor)
        held: Part | None = None
        for number, rows in enumerate(self._pages(last), start=1):
            if held is not None:
                yield held
            heads = list(dict.fromkeys(name for row in rows for name in row))
            held = as_part(f"page-{number}.csv", heads, ([row.get(name) for name in heads] for row in rows), None)
            last = self._later(last, rows)
        if held is not None:  # only behind the last page is everything read up to the cursor
            yield Part(held.name, held.data, cursor_text(last) if self.place.cursor else None, held.rows)

    def _later(self, last: Any, rows: list[Mapping[str, Any]]) -> Any:
        name = self.place.cursor
        if not name:
            return None
        found = [row[name] for row in rows if row.get(name) is not None]
        if not found:
            raise PullError(_("No row has a field %(name)s, the cursor; correct the definition.") % {"name": name})
        try:
            return max(found if last is None else [last, *found])
        except TypeError:
            raise PullError(
                _("The field %(name)s is of several kinds; choose another cursor.") % {"name": name}
            ) from None

    def _pages(self, since: Any) -> Iterator[list[Mapping[str, Any]]]:
        place, more = self.place, {}
        if place.since and since is not None:
            more[place.since] = str(since)
        if place.size:
            more[place.size] = str(place.page_size)
        url, seen = _with(place.url, more | ({place.page: "1"} if place.page else {})), set()
        for number in range(2, _PAGES + 2):
            if url in seen:
                raise PullError(_("The pages lead round: %(url)s comes twice.") % {"url": _shown(url)})
            seen.add(url)
            said = self._get(url)
            rows = _rows(said, place.rows)
            if rows:
                yield rows
            following = _reach(said, place.next) if place.next else None
            if following:
                url = self._same_host(urljoin(url, str(following)))
            elif place.page and rows and not (place.size and len(rows) < place.page_size):
                url = _with(place.url, more | {place.page: str(number)})
            else:
                return
        raise PullError(_("More than %(n)s pages; ask for fewer rows.") % {"n": _PAGES})

    def _same_host(self, url: str) -> str:
        """The token must not go to another host."""
        if urlsplit(url)[:2] != urlsplit(self.place.url)[:2]:
            raise PullError(_("The next page is on another host: %(url)s.") % {"url": _shown(url)})
        return url

    def _get(self, url: str) -> Any:
        for attempt in range(1, _TRIES + 1):
            try:
                status, data = self._answer(url)
            except (OSError, http.client.HTTPException) as error:
                status, data, why = 0, b"", str(error) or type(error).__name__
            else:
                why = str(status)
            if status == 200:
                return _json(url, data)
            if attempt == _TRIES or (status and status not in _AGAIN):
                break
            time.sleep(self.pause * 2 ** (attempt - 1))
        hint = _("check the token") if status in (401, 403) else _("try later, or correct the address")
        raise PullError(_("%(url)s answered %(why)s; %(hint)s.") % {"url": _shown(url), "why": why, "hint": hint})

    def _answer(self, url: str) -> tuple[int, bytes]:
        """Status and body; a redirect is an answer like another: it is not followed."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        reach = address_of(host, port)
        made: http.client.HTTPConnection
        if secure:
            made = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=ssl.create_default_context())
        else:
            made = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        made._create_connection = lambda _at, timeout, _from: socket.create_connection((reach, port), timeout)  # type: ignore[attr-defined]
        headers = {"Accept": "application/json", "User-Agent": "gangshen"}
        if self.place.token:
            headers["Authorization"] = f"Bearer {setting(self.place.token)}"
        try:
            made.request("GET", urlunsplit(("", "", parts.path or "/", parts.query, "")), headers=headers)
            answer = made.getresponse()
            data = answer.read(LARGEST + 1)
        finally:
            made.close()
        if len(data) > LARGEST:
            raise PullError(_("%(url)s answered more than 50 MB; ask for smaller pages.") % {"url": _shown(url)})
        return answer.status, data


def _with(url: str, params: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in params]
    return urlunsplit(parts._replace(query=urlencode([*query, *params.items()])))


def _shown(url: str) -> str:
    """The address without its query, which may hold what is nobody's business."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"


def _json(url: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise PullError(_("%(url)s answered no JSON: %(reason)s.") % {"url": _shown(url), "reason": error}) from error


def _reach(said: Any, path: str) -> Any:
    for name in path.split(".") if path else ():
        said = said.get(name) if isinstance(said, Mapping) else None
    return said


def _rows(said: Any, path: str) -> list[Mapping[str, Any]]:
    found = _reach(said, path)
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        where = path or _("the answer")
        raise PullError(_("%(where)s is no list of rows; correct `rows` of the definition.") % {"where": where})
    return found
