"""What the registers offer to the strata below: work, pages, lists, evidence, search, API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import Source
from gangshen.apps.archive.services import GROUNDS
from gangshen.apps.identity.access import allowed, grants, scope
from gangshen.apps.runs.models import Run
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.retrieval import Entry
from gangshen.web.components import Measure
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, SEARCH_SOURCES, NavigationEntry, SearchSource
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING, Clause, Morning, remembered

from .api import router
from .background import import_table, refresh
from .listings import CONFLICT_LIST, ENTERPRISES, IMPORTS, WORDS
from .models import Batch, Record, VocabularyPart
from .services import resolve, snapshot, vocabulary


def _import_page(run: Run) -> str:
    return reverse("registers:import", args=[run.pk])


KINDS.register(
    "registers.import",
    RunKind(Text(zh="导入登记数据", en="Import of a register"), import_table, resumable=True, url=_import_page),
)
KINDS.register(
    "registers.refresh", RunKind(Text(zh="更新企业快照", en="Refresh of the snapshot"), refresh, resumable=True)
)
SCHEDULES.register(
    "registers-refresh",
    ScheduleDefaults(
        "registers.refresh", Text(zh="每日更新企业快照", en="Refresh the snapshot daily"), daily_at=dt.time(5, 30)
    ),
)


def _all_records(user: Any) -> bool:
    return scope(user, "view", Record) == "all"


NAVIGATION.register(
    "enterprises",
    NavigationEntry(_("Enterprises"), "registers:enterprises", icon="enterprise", allowed=_all_records),
    order=20,
)
NAVIGATION.register(
    "registers.list",
    NavigationEntry(_("Register"), "registers:enterprises", parent="enterprises", allowed=_all_records),
    order=21,
)
NAVIGATION.register(
    "registers.conflicts",
    NavigationEntry(
        _("Disagreements"),
        "registers:conflicts",
        parent="enterprises",
        allowed=lambda user: allowed(user, "view", Batch),
    ),
    order=22,
)
NAVIGATION.register(
    "registers.imports",
    NavigationEntry(
        _("Imports"), "registers:imports", parent="enterprises", allowed=lambda user: allowed(user, "view", Batch)
    ),
    order=23,
)
NAVIGATION.register(
    "registers.words",
    NavigationEntry(
        _("Data dictionary"),
        "registers:words",
        parent="manage",
        allowed=lambda user: allowed(user, "view", VocabularyPart),
    ),
    order=24,
)

for _listing in (ENTERPRISES, IMPORTS, CONFLICT_LIST, WORDS):
    LISTINGS.register(_listing.key, _listing)
RESOLVERS.register("rec", resolve)
API_ROUTERS.register("enterprises", router)


def _audience(model: str) -> tuple[str, ...]:
    """Roles that see all rows of a model."""
    return tuple(
        sorted(
            {
                role
                for (role, name, action), reach in grants().items()
                if name == model and action == "view" and reach == "all"
            }
        )
    )


def _enterprises() -> Iterator[Entry]:
    audience = _audience("registers.record")
    frame = snapshot().frame.select("id", "name", "uscc", "synthetic", "former_names", "business_scope")
    for row in frame.iter_rows(named=True):
        yield Entry(
            id=f"enterprise:{row['id']}",
            kind="enterprise",
            title=row["name"] or row["id"],
            body=f"{row['uscc'] or row['id']} {row['business_scope'] or ''}".strip(),
            url=reverse("registers:profile", args=[row["id"]]),
            audience=(*audience, f"organisation:{row['id']}"),
            names=tuple(entry["type"] for entry in row["former_names"] or ()),
            boost=2.0,
            extra={"marks": ["synthetic"] if row["synthetic"] else []},
        )


def _words() -> Iterator[Entry]:
    audience = _audience("registers.vocabularypart")
    for one in vocabulary():
        yield Entry(
            id=f"word:{one.id}",
            kind="word",
            title=one.label.zh,
            body=" ".join((one.id, one.label.en or "", *one.synonyms)),
            url=reverse("registers:word", args=[one.id]),
            audience=audience,
        )


SEARCH_SOURCES.register("enterprise", SearchSource(_("Enterprises"), _enterprises))
SEARCH_SOURCES.register("word", SearchSource(_("Words of the data dictionary"), _words))


def _grounds(refs: Sequence[Ref]) -> dict[Ref, list[str]]:
    """The files in which records came."""
    ids = {int(ref.id) for ref in refs if ref.id.isdigit() and len(ref.id) < 19}
    came = Record.objects.filter(pk__in=ids, batch__file__isnull=False).values_list("pk", "batch__file__sha256")
    files = {str(pk): sha256 for pk, sha256 in came}
    return {ref: [f"file:{files[ref.id]}"] for ref in refs if ref.id in files}


GROUNDS.register("rec", _grounds)


@remembered
def _late_sources(user: Any, today: dt.date) -> list[tuple[Source, int]]:
    """Sources beyond the period they are expected in, with the days since their last delivery."""
    late = []
    for source in Source.objects.for_user(user).filter(update_days__isnull=False):
        last = source.batches.filter(state=Batch.State.LIVE).order_by("-pk").first()
        newest = last and last.records.order_by("-as_of").values_list("as_of", flat=True).first()
        if newest and (today - newest).days > source.update_days:
            late.append((source, (today - newest).days))
    return sorted(late, key=lambda row: -row[1])


def _clauses(user: Any, today: dt.date) -> list[Clause]:
    late = _late_sources(user, today)
    if not late:
        return []
    source, days = late[0]
    words = _("%(source)s is %%(figure)s old") % {"source": source.name}
    age = _("%(n)d days") % {"n": days}
    return [Clause(words, age, reverse("web:list", args=["sources"]), "near", _("dates of the last deliveries"))]


def _measures(user: Any, today: dt.date) -> list[Measure]:
    sources = Source.objects.for_user(user).filter(update_days__isnull=False).count()
    if not sources:
        return []
    late = _late_sources(user, today)
    note = f"{late[0][0].name}, " + _("%(n)d days") % {"n": late[0][1]} if late else _("all inside their period")
    return [
        Measure(
            _("Stale sources"),
            len(late),
            _("of %(n)d") % {"n": sources},
            note,
            "near" if late else "ok",
            url=reverse("web:list", args=["sources"]),
        )
    ]


MORNING.register("registers", Morning(clauses=_clauses, measures=_measures), order=70)
