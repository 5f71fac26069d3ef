"""What rests on what: one table from a reference to its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db.models import QuerySet

from gangshen.apps.archive.models import Link
from gangshen.engines.evidence import Ref, RefError
from gangshen.web.hookpoints import HookPoint

__all__ = ["GROUNDS", "Chain", "chain", "link", "links_to", "unlink"]

DEPTH = 8
WIDTH = 200

# scheme -> what references of it rest on (asked for many at once), where that stands in a file or a row of its own rather than in links: the
# decision of a match names the records and the edition of the policy, a record its source's file
GROUNDS: HookPoint[Callable[[Sequence[Ref]], Mapping[Ref, Iterable[str]]]] = HookPoint("grounds of a reference")


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


def _owners(ref: str) -> list[str]:
    """The reference, then the version and the thing it is part of: a span rests on what its document rests on."""
    try:
        parsed = Ref.parse(ref)
    except RefError:
        return [ref]
    whole = [Ref(parsed.scheme, parsed.id, parsed.at), Ref(parsed.scheme, parsed.id)]
    return list(dict.fromkeys([ref, *map(str, whole)]))


def _grounds(level: list[Chain]) -> Iterator[tuple[Chain, str]]:
    asked: dict[str, dict[Ref, Chain]] = {}
    for one in level:
        with suppress(RefError):
            parsed = Ref.parse(one.ref)
            asked.setdefault(parsed.scheme, {})[parsed] = one
    for scheme, nodes in asked.items():
        if scheme in GROUNDS:
            for ref, below in GROUNDS.get(scheme)(list(nodes)).items():
                yield from ((nodes[ref], each) for each in below)


def _below(level: list[Chain]) -> Iterator[tuple[Chain, str]]:
    above: dict[str, list[Chain]] = {}
    for one in level:
        for owner in _owners(one.ref):
            above.setdefault(owner, []).append(one)
    for held in Link.objects.filter(owner__in=above).order_by("owner", "pk"):
        yield from ((one, held.ref) for one in above[held.owner])
    yield from _grounds(level)


def chain(ref: Ref | str, *, depth: int = DEPTH) -> Chain:
    """What ``ref`` rests on, level by level, one query a level and scheme; each reference is opened once."""
    top = Chain(str(ref))
    level, seen = [top], {top.ref}
    for _step in range(depth):
        found: list[Chain] = []
        for one, below in _below(level):
            if any(part.ref == below for part in one.rests_on):
                continue
            if len(one.rests_on) >= WIDTH:
                one.cut += 1
                continue
            part = Chain(below)
            one.rests_on.append(part)
            if below not in seen:
                seen.add(below)
                found.append(part)
        if not found:
            break
        level = found
    return top
