"""The data dictionary as a list."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext_lazy

from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import VocabularyPart
from gangshen.apps.registers.services import USED_BY, vocabulary
from gangshen.web.formatting import label, number
from gangshen.web.listing import Column, Filter, Listing

__all__ = ["ACCESS_LABELS", "PERIOD_LABELS", "TYPE_LABELS", "WORDS", "WORLD_LABELS"]

ACCESS_LABELS = {
    "public": gettext_lazy("public"),
    "internal": gettext_lazy("internal"),
    "consent": gettext_lazy("by the firm's consent"),
    "personal": gettext_lazy("personal, by role"),
    "statistics": gettext_lazy("statistics only"),
}
WORLD_LABELS = {
    "closed": gettext_lazy("absent means no"),
    "open": gettext_lazy("absent means unknown"),
    "derived": gettext_lazy("worked out"),
}
TYPE_LABELS = {
    "text": gettext_lazy("text"),
    "code": gettext_lazy("code"),
    "bool": gettext_lazy("yes or no"),
    "count": gettext_lazy("count"),
    "number": gettext_lazy("number"),
    "money": gettext_lazy("money"),
    "percent": gettext_lazy("per cent"),
    "date": gettext_lazy("date"),
    "enum": gettext_lazy("one of a list"),
    "ref": gettext_lazy("another subject"),
    "list": gettext_lazy("dated list"),
}
PERIOD_LABELS = {
    "state": gettext_lazy("state"),
    "year": gettext_lazy("yearly"),
    "quarter": gettext_lazy("quarterly"),
    "month": gettext_lazy("monthly"),
}


def _words(user: User) -> pl.DataFrame:
    """The data dictionary as rows."""
    known, uses = vocabulary(), {}
    for told in USED_BY:
        for name, links in told().items():
            uses[name] = uses.get(name, 0) + len(list(links))
    rows = [
        {
            "id": one.id,
            "zh": one.label.zh,
            "en": one.label.en or "",
            "label": label(one.label),
            "kind": label(known.kinds[one.entity].label),
            "type": one.type.value,
            "unit": one.unit or "",
            "period": one.period.value,
            "world": one.world.value,
            "access": known.access(one.id).value,
            "source": one.source or "",
            "stale": one.stale_after_days,
            "synonyms": "、".join(one.synonyms),
            "uses": uses.get(one.id, 0),
        }
        for one in known
    ]
    return pl.DataFrame(rows, schema_overrides={"stale": pl.Int64})


def _days(row: Any) -> str:
    return "" if row["stale"] is None else number(row["stale"])


def _choices(labels: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(labels.items())


WORDS = Listing(
    key="words",
    title=gettext_lazy("Data dictionary"),
    noun=gettext_lazy("words"),
    columns=[
        Column("label", gettext_lazy("Attribute"), main=True, second="id"),
        Column("kind", gettext_lazy("Of"), phone=False),
        Column(
            "type",
            gettext_lazy("Type"),
            "label",
            value=lambda row: TYPE_LABELS[row["type"]],
            sort="type",
            second="unit",
        ),
        Column(
            "world", gettext_lazy("When absent"), "label", value=lambda row: WORLD_LABELS[row["world"]], sort="world"
        ),
        Column(
            "access",
            gettext_lazy("Who reads it"),
            "label",
            value=lambda row: ACCESS_LABELS[row["access"]],
            sort="access",
        ),
        Column(
            "period", gettext_lazy("Period"), "label", value=lambda row: PERIOD_LABELS[row["period"]], sort="period"
        ),
        Column("source", gettext_lazy("Usual source")),
        Column("stale", gettext_lazy("Good for"), value=_days, sort="stale", unit=gettext_lazy("days")),
        Column("uses", gettext_lazy("Rules"), "number"),
        Column("synonyms", gettext_lazy("Synonyms"), page=False),
        Column("zh", gettext_lazy("Chinese label"), page=False),
        Column("en", gettext_lazy("English label"), page=False),
    ],
    filters=[
        Filter("kind", gettext_lazy("Of")),
        Filter("access", gettext_lazy("Who reads it"), choices=_choices(ACCESS_LABELS)),
        Filter("world", gettext_lazy("When absent"), choices=_choices(WORLD_LABELS)),
        Filter("period", gettext_lazy("Period"), choices=_choices(PERIOD_LABELS)),
    ],
    search_fields=["id", "zh", "en", "synonyms", "source"],
    source=_words,
    page_size=100,
    row_id="id",
    row_url=lambda row: reverse("registers:word", args=[row["id"]]),
    panel=True,
    scope=gettext_lazy("rules, headers, forms and the API speak these words"),
    nav_key="registers.words",
    allowed=lambda user: allowed(user, "view", VocabularyPart),
    exportable=lambda user: allowed(user, "export", VocabularyPart),
)
