"""What a written name means in the register: full names, former names, short names and aliases, through one index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.db.models import Q

from gangshen.apps.identity.models import Organisation
from gangshen.engines.resolution import Names, Resolution

from ._facts import live_records
from ._pointers import pointers
from ._snapshots import Snapshot, snapshot

__all__ = ["former_names", "printed_names", "register_names", "resolve_names"]

Pairs = tuple[tuple[str, str], ...]


def register_names(entity: str = "enterprise") -> Names:
    """The names of every subject of the register today; built once for what is believed and kept."""
    made = snapshot(entity)
    return _names(
        made.digest, _Held(made), tuple((form, key) for key, forms in printed_names().items() for form in forms)
    )


def resolve_names(names: Sequence[str]) -> list[Resolution]:
    """What each written name means, in the order given; keys are those of the register."""
    return register_names().resolve(names)


class _Held:
    """A snapshot handed past the cache, whose key is its digest."""

    def __init__(self, made: Snapshot) -> None:
        self.made = made

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


@lru_cache(maxsize=2)
def _names(digest: str, held: _Held, printed: Pairs) -> Names:
    full = [(key, name or key) for key, name in held.made.frame.select("id", "name").iter_rows()]
    former = [(name, key) for key, names in former_names(held.made.entity).items() for name in names]
    return Names(full, [*former, *printed])


def former_names(entity: str = "enterprise") -> dict[str, list[str]]:
    """Subject → the names it had. Read from the records, for a snapshot holds what is in force, and these are not."""
    found: dict[str, list[str]] = {}
    said = live_records(entity).filter(values__has_key="former_names").order_by("pk")
    for subject, entries in said.values_list("subject", "values__former_names").iterator(chunk_size=10_000):
        found.setdefault(subject, []).extend(entry["type"] for entry in entries or () if entry.get("type"))
    into = pointers()
    for merged, kept in into.items():
        if merged in found:
            found.setdefault(kept, []).extend(found.pop(merged))
    return {subject: list(dict.fromkeys(names)) for subject, names in found.items()}


def printed_names() -> dict[str, list[str]]:
    """Organisation → the short name and aliases it is printed under."""
    named = Organisation.objects.filter(~Q(short_name="") | ~Q(aliases="")).order_by("pk")
    return {
        key: [form for form in (short.strip(), *map(str.strip, aliases.replace("；", ";").split(";"))) if form]
        for key, short, aliases in named.values_list("key", "short_name", "aliases")
    }
