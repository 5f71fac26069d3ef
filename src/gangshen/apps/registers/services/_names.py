"""Organisations follow the registers: the name and code of an enterprise are what is believed of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KT

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.models import Batch, Record

from ._law import Statement, believe
from ._vocabulary import attributes

__all__ = ["refresh_names"]

CHUNK = 1000
_NAMES = (KT("values__name"), KT("values__uscc"))  # the rest of the values stays in the database


def refresh_names(batch: Batch) -> None:
    """Bring the batch's enterprises to the name and code now believed; a batch not undone counts as shown.

    Runs beside the flip of the batch and in chunks: an organisation without live records is listed nowhere, so a kill
    between the two leaves nothing to be seen.
    """
    if batch.entity != "enterprise":
        return
    subjects = Record.objects.filter(batch=batch).order_by("subject").values_list("subject", flat=True).distinct()
    feed = subjects.iterator(chunk_size=CHUNK)
    while chunk := list(islice(feed, CHUNK)):
        identity.upsert_organisations(_rows(chunk, batch))


def _rows(subjects: list[str], batch: Batch) -> Iterator[dict[str, Any]]:
    shown = Q(batch__state=Batch.State.LIVE)
    if batch.state != Batch.State.UNDONE:
        shown |= Q(batch=batch)
    said: dict[str, list[Statement]] = defaultdict(list)
    records = Record.objects.filter(shown, entity=batch.entity, subject__in=subjects)
    for subject, pk, source, rank, synthetic, as_of, at, name, code in records.values_list(
        "subject", "pk", "source__key", "source__rank", "source__synthetic", "as_of", "recorded_at", *_NAMES
    ):
        values = {attribute: value for attribute, value in (("name", name), ("uscc", code)) if value}
        said[subject].append(Statement(pk, source, rank, "", as_of, at, values, synthetic))
    known = {name: one for name, one in attributes(batch.entity).items() if name in ("name", "uscc")}
    there = dict(Organisation.objects.filter(key__in=subjects).values_list("key", "kind"))
    for subject, about in said.items():
        facts = believe(about, known, dt.date.max)
        row: dict[str, Any] = {"key": subject}
        if "name" in facts and facts["name"].value:
            row["name"] = facts["name"].value
        if "uscc" in facts and facts["uscc"].value:
            row["code"] = facts["uscc"].value
        if subject not in there:
            row = {"name": subject, "kind": Organisation.Kind.ENTERPRISE, **row}
            row["synthetic"] = any(one.synthetic for one in about)
        if len(row) > 1:
            yield row
