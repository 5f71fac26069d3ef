"""What rests on what: one table from a reference to its owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from gangshen.apps.archive.models import Link
from gangshen.engines.evidence import Ref

__all__ = ["Chain", "chain", "link", "links_to", "unlink"]

DEPTH = 8
WIDTH = 200


def link(ref: Ref | str, owner: Ref | str) -> Link:
    """Note that ``owner`` rests on ``ref``; once, however often it is said. Raises RefError when ``ref`` is none."""
    parsed = ref if isinstance(ref, Ref) else Ref.parse(ref)
    found, _created = Link.objects.get_or_create(
        ref=str(parsed), owner=str(owner), defaults={"scheme": parsed.scheme, "target": parsed.id}
    )
    return found


def unlink(owner: Ref | str) -> int:
    """Forget all that ``owner`` rests on, as when it is withdrawn; returns how many links went."""
    return Link.objects.filter(owner=str(owner)).delete()[0]


def links_to(scheme: str, id: str) -> QuerySet[Link]:
    """Links of what rests on the thing, whatever its version or part."""
    return Link.objects.filter(scheme=scheme, target=id).order_by("owner", "pk")


@dataclass(slots=True)
class Chain:
    """A reference and what it rests on, down to the sources."""

    ref: str
    rests_on: list[Chain] = field(default_factory=list)
    cut: int = 0  # how many more there are than are listed

    def refs(self) -> Iterable[str]:
        """Every reference of the chain, this one first."""
        yield self.ref
        for below in self.rests_on:
            yield from below.refs()


def chain(ref: Ref | str, *, depth: int = DEPTH) -> Chain:
    """What ``ref`` rests on, level by level, one query a level; each reference is opened once."""
    top = Chain(str(ref))
    level, seen = {top.ref: top}, {top.ref}
    for _step in range(depth):
        below: dict[str, Chain] = {}
        for one in Link.objects.filter(owner__in=level).order_by("owner", "pk"):
            above = level[one.owner]
            if len(above.rests_on) >= WIDTH:
                above.cut += 1
                continue
            part = Chain(one.ref)
            above.rests_on.append(part)
            if one.ref not in seen:
                seen.add(one.ref)
                below[one.ref] = part
        if not below:
            break
        level = below
    return top
