"""Clauses that a clerk accepted in a document become draft policies, to be completed by a drafter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gangshen.apps.documents.models import Document, Item
from gangshen.apps.policies.models import Policy
from gangshen.apps.policies.services._editions import save
from gangshen.engines import benefits
from gangshen.engines.formats import Text
from gangshen.engines.rules import All, Clause, ClauseKind, Span

__all__ = ["adopt"]


def adopt(document: Document, items: Sequence[Item], actor: Any, now: dt.datetime) -> dict[int, str]:
    """One draft policy for each accepted clause; what could not be linked stays an untranslated condition.

    A policy that somebody has worked on since (any edition not called ``draft``) is left as it is.
    """
    general = [_clause(item.corrected or item.data, document) for item in items if item.kind == Item.Kind.CONDITION]
    made: dict[int, str] = {}
    for item in (item for item in items if item.kind == Item.Kind.OFFER):
        key = f"{document.key}-c{item.start}"
        there = Policy.objects.filter(key=key).first()
        if there is None or not there.versions.exclude(version="draft").exists():
            save(_draft(key, document, item, general), actor=actor, now=now)
        made[item.pk] = f"policy:{key}"
    for item in items:
        if item.kind == Item.Kind.CONDITION and made:
            made[item.pk] = f"doc:{document.key}#{item.start}-{item.end}"
    return made


def _draft(key: str, document: Document, item: Item, general: list[Clause]) -> benefits.Policy:
    said = item.corrected or item.data
    offer = benefits.Offer.model_validate(said["offer"])
    own = [offer.rule] if offer.rule is not None else []
    span = Span(start=item.start, end=item.end, document=document.key)
    nodes = (*general, *own) or (
        Clause(id="stated", kind=ClauseKind.UNTRANSLATED, label=offer.title, quote=item.quote, span=span),
    )
    return benefits.Policy(
        id=key,
        title=Text(zh=offer.title),
        theme=Text(zh=offer.section or document.title),
        issuer=document.issuer,
        example=document.example,
        documents=(
            benefits.Document(
                key=document.key, title=Text(zh=document.title), issuer=document.issuer, number=document.number
            ),
        ),
        versions=(
            benefits.PolicyVersion(
                version="draft",
                status=benefits.Status.DRAFT,
                authority=document.issuer or "—",
                eligibility=All(all=nodes),
                benefit=offer.benefit.model_copy(update={"span": span, "quote": item.quote}),
                basis=document.key,
            ),
        ),
    )


def _clause(data: dict[str, Any], document: Document) -> Clause:
    clause = Clause.model_validate(data)
    span = clause.span and clause.span.model_copy(update={"document": document.key})
    return clause.model_copy(update={"span": span})
