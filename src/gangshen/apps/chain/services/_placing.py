"""Firms on nodes: proposed from what the registers hold, decided by the desk, written down as records.

A declared segment and a product's own words count at once when they are sure enough; what rests on the business scope
alone never counts before a person confirmed it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.chain.models import Node, Placement
from gangshen.apps.identity.models import User
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Batch
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

from ._terms import EXACT, Match, Terms

__all__ = ["CONFIRM_FROM", "DESK", "decide", "place_by_hand", "propose", "write_down"]

CONFIRM_FROM = 0.7  # what was declared, or is a product's own word, counts from this confidence on (assumed)
DESK = "chain-desk"
DECLARED_NODE = 0.9  # a product that names its node by key
_SOURCE = {
    "name": "链上专班归类",
    "name_en": "Placed by the chain desk",
    "rank": 40,
    "purpose": "产业链图谱与缺口分析",
    "grade": "内部",
}
_BASIS = Placement.Basis
_TOLD = ("chain_nodes", "products", "business_scope")
_ORDER = {_BASIS.DECLARED: 0, _BASIS.PRODUCT: 1, _BASIS.SCOPE: 2}


@dataclass(frozen=True, slots=True)
class _Said:
    """What one record said that may place a firm."""

    record: int
    as_of: dt.date
    source: str
    values: dict[str, Any]


def propose(today: dt.date) -> dict[str, int]:
    """Work all proposals out anew; what a person decided stays. Returns counts."""
    nodes = {one.key: one for one in Node.objects.all()}
    terms, stale = Terms(nodes.values()), _stale(today)
    decided = set(Placement.objects.exclude(state=Placement.State.PROPOSED).values_list("firm", "node__key"))
    made: list[Placement] = []
    for firm, said in _said(today):
        for key, one in _placements(firm, said, terms, nodes, stale).items():
            if (firm, key) not in decided:
                made.append(one)
    with transaction.atomic():
        Placement.objects.filter(state=Placement.State.PROPOSED).delete()
        Placement.objects.bulk_create(made, batch_size=1000)
    return {
        "firms": len({one.firm for one in made} | {firm for firm, _key in decided}),
        "sure": sum(one.sure for one in made),
        "pending": sum(not one.sure for one in made),
        "decided": len(decided),
    }


def _said(today: dt.date) -> Iterator[tuple[str, list[_Said]]]:
    """Firm → its latest statements on segments and products (the desk's own left out) and on its scope."""
    told = Q(values__has_key="chain_nodes") | Q(values__has_key="products") | Q(values__has_key="business_scope")
    rows = (
        registers.live_records()
        .filter(told, as_of__lte=today)
        .exclude(source__key=DESK)
        .order_by("subject", "-source__rank", "as_of", "recorded_at", "pk")
        .values_list("subject", "pk", "as_of", "source__key", "values")
    )
    firm, said = "", []
    for subject, pk, as_of, source, values in rows.iterator(chunk_size=5000):
        if subject != firm and said:
            yield firm, said
            said = []
        firm = subject
        said.append(_Said(pk, as_of, source, values))
    if said:
        yield firm, said


def _stale(today: dt.date) -> set[tuple[str, str]]:
    """(firm, attribute) whose believed value is out of date."""
    frame = registers.snapshot("enterprise", today).frame
    found = set()
    for name in _TOLD:
        column = f"{name}__stale"
        if column in frame.columns:
            late = frame.filter(frame[column].fill_null(value=False))["id"].to_list()
            found |= {(firm, name) for firm in late}
    return found


def _placements(
    firm: str, said: list[_Said], terms: Terms, nodes: dict[str, Node], stale: set[tuple[str, str]]
) -> dict[str, Placement]:
    """Node → the best ground for it; of equal ones the one said last by the most believed source. Lists add up."""
    found: dict[str, Placement] = {}
    told = [(name, one) for one in said for name in _TOLD if one.values.get(name)]
    for name, one in told:
        for basis, match in _matches(name, one.values[name], terms, nodes):
            made = Placement(
                firm=firm,
                node=nodes[match.node],
                basis=basis,
                words=match.words[:200],
                record=one.record,
                confidence=match.confidence,
                sure=basis != _BASIS.SCOPE and match.confidence >= CONFIRM_FROM,
                as_of=one.as_of,
                stale=(firm, name) in stale,
            )
            held = found.get(match.node)
            if held is None or _rank(made) <= _rank(held):
                found[match.node] = made
    return found


def _rank(one: Placement) -> tuple[bool, float, int]:
    return (not one.sure, -one.confidence, _ORDER[_BASIS(one.basis)])


def _matches(name: str, value: Any, terms: Terms, nodes: dict[str, Node]) -> Iterator[tuple[Placement.Basis, Match]]:
    if name == "business_scope":
        yield from ((_BASIS.SCOPE, match) for match in terms.scope(str(value)))
        return
    for entry in value if isinstance(value, list) else ():
        if entry.get("withdrawn_on"):
            continue
        words = str(entry.get("type") or "")
        key = entry.get("node")
        if name == "chain_nodes":
            found = terms.product(words) if key not in nodes else Match(str(key), words, EXACT)
            if found:
                sure = entry.get("confidence")
                confidence = float(sure) if isinstance(sure, int | float) else found.confidence
                yield _BASIS.DECLARED, Match(found.node, words, confidence)
            continue
        found = terms.product(words)
        if found:
            yield _BASIS.PRODUCT, found
        if key in nodes and (found is None or found.node != key):
            yield _BASIS.PRODUCT, Match(str(key), words, DECLARED_NODE)


@transaction.atomic
def decide(placements: Iterable[int], state: str, *, actor: User, now: dt.datetime, today: dt.date) -> list[Placement]:
    """Confirm or refuse placements by id, and write the firms' segments down. Returns those decided.

    Raises :class:`Refused` when one is gone: the list was renewed meanwhile.
    """
    ids = set(placements)
    rows = list(Placement.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("node"))
    if len(rows) < len(ids) or not ids:
        raise Refused(_("What was chosen is no longer there."), _("Reload the list and choose again."))
    for one in rows:
        one.state, one.decided_by, one.decided_at = state, actor, now
        one.save(update_fields=["state", "decided_by", "decided_at"])
    write_down(today, now=now, actor=actor, firms={one.firm for one in rows})
    return rows


@transaction.atomic
def place_by_hand(firm: str, node: Node, words: str, *, actor: User, now: dt.datetime, today: dt.date) -> Placement:
    """The desk places a firm itself, with the ground in words."""
    if not words.strip():
        raise Refused(_("A placement needs its ground."), _("Write on what it rests: a visit, a brochure, a list."))
    made, _new = Placement.objects.update_or_create(
        firm=firm,
        node=node,
        defaults={
            "state": Placement.State.CONFIRMED,
            "basis": _BASIS.REVIEW,
            "words": words.strip()[:200],
            "confidence": 1.0,
            "as_of": today,
            "decided_by": actor,
            "decided_at": now,
        },
    )
    write_down(today, now=now, actor=actor, firms={firm})
    return made


def counted(query: Any = None) -> Any:
    """The placements that count: confirmed, or proposed on sure ground."""
    rows = Placement.objects.all() if query is None else query
    return rows.filter(Q(state=Placement.State.CONFIRMED) | Q(state=Placement.State.PROPOSED, sure=True))


def write_down(
    today: dt.date,
    *,
    now: dt.datetime,
    actor: User | None = None,
    run: Run | None = None,
    firms: set[str] | None = None,
) -> int:
    """Write each firm's segments down as a record of the desk where they differ from what is known; returns how many."""
    query = counted().select_related("node").order_by("firm", "node__key")
    if firms is not None:
        query = query.filter(firm__in=firms)
    wanted: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for one in query:
        entry = {"type": one.node.name, "node": one.node.key, "confidence": round(one.confidence, 2)}
        wanted[one.firm][one.node.key] = entry
    refused: dict[str, set[str]] = defaultdict(set)
    for firm, key in Placement.objects.filter(state=Placement.State.REFUSED).values_list("firm", "node__key"):
        if firms is None or firm in firms:
            refused[firm].add(key)
    rows = []
    names = dict(Node.objects.values_list("key", "name"))
    for firm, held in _known({*wanted, *refused, *(firms or ())}).items():
        entries = wanted.get(firm, {})
        gone = (held.shown & refused[firm]) | (held.desk & held.shown - entries.keys())
        if not gone and entries.keys() <= held.shown:
            continue
        ended = [{"type": names[key], "node": key, "withdrawn_on": today} for key in sorted(gone) if key in names]
        values = {"chain_nodes": [*entries.values(), *ended]}
        rows.append({"subject": firm, "values": values, "as_of": today})
    if rows:
        batch: Batch = registers.stage(desk(), "enterprise", rows, actor=actor, now=now, run=run)
        registers.publish(batch, now)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Held:
    """The nodes a firm is shown on, by any source (lists add up), and those the desk itself wrote."""

    shown: set[str]
    desk: set[str]


def _known(firms: Iterable[str]) -> dict[str, _Held]:
    keys: Sequence[str] = sorted(firms)
    found: dict[str, dict[str, dict[str, Any]]] = {key: {} for key in keys}
    desk_wrote: dict[str, set[str]] = {key: set() for key in keys}
    for at in range(0, len(keys), 900):
        rows = (
            registers.live_records()
            .filter(subject__in=keys[at : at + 900], values__has_key="chain_nodes")
            .order_by("subject", "-source__rank", "as_of", "recorded_at", "pk")
            .values_list("subject", "source__key", "values")
        )
        for subject, source, values in rows:
            for entry in values["chain_nodes"] or ():
                found[subject][str(entry.get("type"))] = entry
                if source == DESK:
                    desk_wrote[subject].add(str(entry.get("node") or ""))
    return {
        key: _Held(
            {str(one.get("node") or "") for one in entries.values() if not one.get("withdrawn_on")}, desk_wrote[key]
        )
        for key, entries in found.items()
    }


def desk() -> Source:
    """The desk's own source, made when first needed."""
    there = Source.objects.filter(key=DESK).first()
    return there or archive.upsert_source(DESK, **_SOURCE)
