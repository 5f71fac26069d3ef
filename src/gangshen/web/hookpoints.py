"""Where an upper stratum registers with a lower one.

A hook point is a module constant of the lower stratum; an app adds to it in its ``hooks.py``, which is imported once all
apps are loaded, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

__all__ = ["API_ROUTERS", "NAVIGATION", "RESOLVERS", "SEARCH_SOURCES", "HookPoint", "NavigationEntry", "SearchSource"]

T = TypeVar("T")


class HookPoint(Generic[T]):
    """A keyed, ordered registry; a key can be taken once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, tuple[int, T]] = {}

    def register(self, key: str, entry: T, *, order: int = 100) -> T:
        """Add ``entry`` under ``key``; lower ``order`` comes first. Raises ValueError when the key is taken."""
        if key in self._entries:
            raise ValueError(f"{self.name}: {key!r} is registered twice")
        self._entries[key] = (order, entry)
        return entry

    def get(self, key: str) -> T:
        """The entry of ``key``; raises KeyError naming what there is."""
        try:
            return self._entries[key][1]
        except KeyError:
            raise KeyError(f"{self.name}: no {key!r}; there are {', '.join(sorted(self._entries)) or 'none'}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def items(self) -> Iterator[tuple[str, T]]:
        """Keys and entries by order, then by registration."""
        return ((key, entry) for key, (_, entry) in sorted(self._entries.items(), key=lambda pair: pair[1][0]))

    def __iter__(self) -> Iterator[T]:
        return (entry for _, entry in self.items())

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """An entry of the menu: first level when ``parent`` is None; shown when ``allowed(user)``.

    Without a ``url`` it leads to the first entry below it that the user may open, and is hidden when there is none.
    """

    label: Any  # lazy translation
    url: str = ""  # name of the URL, without arguments
    icon: str = ""
    parent: str | None = None
    allowed: Callable[[Any], bool] = lambda user: True
    count: Callable[[Any], int] | None = None  # what waits there, shown beside the label


@dataclass(frozen=True, slots=True)
class SearchSource:
    """What an app offers to the one search box: all its entries, and those that changed."""

    label: Any
    entries: Callable[[], Iterator[Any]]  # yields engines.retrieval.Entry


NAVIGATION: HookPoint[NavigationEntry] = HookPoint("navigation")
SEARCH_SOURCES: HookPoint[SearchSource] = HookPoint("search source")
RESOLVERS: HookPoint[Callable[[Any, Any], Any]] = HookPoint("evidence resolver")  # scheme -> (Ref, user) -> Evidence
API_ROUTERS: HookPoint[Any] = HookPoint("API router")  # prefix -> ninja.Router
