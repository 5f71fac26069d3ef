"""Organisations as identity, and units by the names plans print."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gangshen.apps.identity.models import Organisation, OrganisationGroup
from gangshen.web.errors import Refused

__all__ = ["Upserted", "expand", "organisation", "unit_named", "upsert_groups", "upsert_organisations"]

CHUNK = 250
KINDS = frozenset(Organisation.Kind.values)
FIELDS = ("kind", "code", "name", "short_name", "name_en", "aliases", "synthetic")


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many rows were new, changed, and as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Upserted) -> Upserted:
        return Upserted(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


def organisation(key: str) -> Organisation:
    """The organisation of ``key`` or of the unified social credit code ``key``; raises :class:`Refused` when unknown."""
    found = Organisation.objects.filter(Q(key=key) | Q(code=key)).order_by("pk").first()
    if found is None:
        raise Refused(
            _("There is no organisation %(key)s.") % {"key": key},
            _("Look it up in the register: gangshen registers list."),
        )
    return found


def upsert_organisations(rows: Iterable[Mapping[str, Any]]) -> Upserted:
    """Add or update organisations by ``key``, 250 rows a transaction.

    A row needs ``key``; a new one also ``kind`` and ``name``. A field that a row doesn't name stays as it is. Raises
    :class:`Refused` naming the row; chunks before it stay, and running it again changes nothing of them.
    """
    total = Upserted()
    for chunk in _chunks(rows):
        with transaction.atomic():
            total += _upsert(chunk)
    return total


def _chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    feed = iter(rows)
    while chunk := list(islice(feed, CHUNK)):
        yield chunk


def _upsert(rows: list[Mapping[str, Any]]) -> Upserted:
    held = {one.key: one for one in Organisation.objects.filter(key__in=[row["key"] for row in rows])}
    known = frozenset(held)
    written: dict[str, Organisation] = {}
    for row in rows:
        key = row["key"]
        _check(row, new=key not in held)
        before = held.get(key)
        fields = {name: getattr(before, name) for name in FIELDS} if before else {}
        after = fields | {name: row[name] for name in FIELDS if name in row}
        if before is None or after != fields:
            held[key] = written[key] = Organisation(key=key, **after)
    Organisation.objects.bulk_create(
        written.values(), update_conflicts=True, unique_fields=["key"], update_fields=FIELDS
    )
    changed = len(written.keys() & known)
    return Upserted(len(written) - changed, changed, len({row["key"] for row in rows}) - len(written))


def _check(row: Mapping[str, Any], *, new: bool) -> None:
    if unknown := row.keys() - {"key", *FIELDS}:
        raise Refused(
            _("Organisation %(key)s: unknown field %(field)s.")
            % {"key": row["key"], "field": ", ".join(sorted(unknown))},
            _("Fields are: %(fields)s.") % {"fields": ", ".join(("key", *FIELDS))},
        )
    if not row["key"] or (new and not row.get("name")):
        raise Refused(
            _("Organisation %(key)s: key and name are needed.") % {"key": row["key"] or "?"},
            _("Give it a key and a name."),
        )
    if (new or "kind" in row) and row.get("kind") not in KINDS:
        raise Refused(
            _("Organisation %(key)s: %(kind)s is not a kind.") % {"key": row["key"], "kind": repr(row.get("kind"))},
            _("Kinds are: %(kinds)s.") % {"kinds": ", ".join(Organisation.Kind.values)},
        )


def upsert_groups(groups: Mapping[str, tuple[str, Iterable[str]]]) -> None:
    """Set groups of units: key → (name as printed, keys of members). Raises :class:`Refused` on an unknown member."""
    with transaction.atomic():
        for key, (name, members) in groups.items():
            group, _created = OrganisationGroup.objects.update_or_create(key=key, defaults={"name": name})
            group.members.set([organisation(member) for member in members])


def _plain(printed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", printed).split())


def unit_named(printed: str) -> Organisation | None:
    """The unit printed so: by full name, short name or alias; units before enterprises; None when nobody is."""
    name = _plain(printed)
    if not name:
        return None
    wide = name.replace("(", "（").replace(")", "）")
    exact = Q(name__in=[name, wide, printed]) | Q(short_name__in=[name, wide, printed])
    found = Organisation.objects.filter(exact | Q(aliases__contains=name) | Q(aliases__contains=wide)).order_by("key")
    for one in sorted(found, key=lambda one: one.kind == Organisation.Kind.ENTERPRISE):
        if name in {_plain(form) for form in (one.name, one.short_name, *one.aliases.replace("；", ";").split(";"))}:
            return one
    return None


def expand(printed: str) -> list[Organisation]:
    """The units meant by ``printed``: the members of a group of that name, or the one unit; empty when nobody is known."""
    group = OrganisationGroup.objects.filter(Q(name=_plain(printed)) | Q(name=printed) | Q(key=printed)).first()
    if group is not None:
        return list(group.members.order_by("key"))
    unit = unit_named(printed)
    return [unit] if unit else []
