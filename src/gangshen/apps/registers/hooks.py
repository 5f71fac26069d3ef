"""What the registers offer to the strata below: work, pages, lists, evidence, search, API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gangshen.apps.archive.models import Source
from gangshen.apps.archive.services import EVENTS, GROUNDS
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
from .background import duplicates, import_table, look_at_table, measure_quality, pull_due, pull_one, refresh
from .listings import CONFLICT_LIST, CONNECTORS, DOUBT_LIST, ENTERPRISES, IMPORTS, LIKENESSES, MERGES, WORDS
from .models import Batch, Connector, Likeness, Record, VocabularyPart
from .services import (
    MEASURE,
    ON_PUBLISHED,
    PULL,
    Delivery,
    deliveries,
    former_names,
    guard_merges,
    late,
    overdue,
    printed_names,
    resolve,
    snapshot,
    vocabulary,
)
from .services.importing import CHECK


def _check_page(run: Run) -> str:
    return f"{reverse('registers:check', args=[run.params['file']])}?run={run.pk}"


def _import_page(run: Run) -> str:
    return reverse("registers:import", args=[run.pk])


KINDS.register(
    "registers.import",
    RunKind(
        Text(zh="导入登记数据", en="Import of a register"),
        import_table,
        resumable=True,
        url=_import_page,
        about="registers.Batch",
    ),
)
KINDS.register(
    CHECK,
    RunKind(
        Text(zh="查看待导入的文件", en="Look at a file to import"),
        look_at_table,
        resumable=True,
        url=_check_page,
        about="registers.Batch",
    ),
)
KINDS.register(
    "registers.refresh", RunKind(Text(zh="更新企业快照", en="Refresh of the snapshot"), refresh, resumable=True)
)
KINDS.register(
    "registers.duplicates",
    RunKind(
        Text(zh="查找重复企业", en="Search for duplicate enterprises"),
        duplicates,
        resumable=True,
        url=lambda run: reverse("registers:likenesses"),
        about="registers.Likeness",
    ),
)
KINDS.register(
    MEASURE,
    RunKind(
        Text(zh="数据质量", en="Data quality"),
        measure_quality,
        resumable=True,
        url=lambda run: reverse("registers:quality"),
        about="registers.Batch",
    ),
)
KINDS.register(
    PULL,
    RunKind(
        Text(zh="接入取数", en="Pull of a connector"),
        pull_one,
        resumable=True,
        url=lambda run: reverse("registers:connectors"),
        about="registers.Connector",
    ),
)
KINDS.register(
    "registers.pull-due",
    RunKind(
        Text(zh="到期的接入取数", en="Pull of the connectors that are due"),
        pull_due,
        resumable=True,
        url=lambda run: reverse("registers:connectors"),
        about="registers.Connector",
    ),
)
SCHEDULES.register(
    "registers-pull",
    ScheduleDefaults(
        "registers.pull-due",
        Text(zh="接入取数（到期的）", en="Pull the connectors that are due"),
        every_minutes=15,
    ),
)
SCHEDULES.register(
    "registers-quality",
    ScheduleDefaults(MEASURE, Text(zh="每日记录数据质量", en="Keep the day's data quality"), daily_at=dt.time(6, 0)),
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
    "registers.likenesses",
    NavigationEntry(
        _("Same enterprise?"),
        "registers:likenesses",
        parent="enterprises",
        allowed=lambda user: allowed(user, "view", Likeness),
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
    "registers.quality",
    NavigationEntry(
        _("Data quality"),
        "registers:quality",
        parent="manage",
        allowed=lambda user: allowed(user, "view", Batch) and _all_records(user),
    ),
    order=23,
)
NAVIGATION.register(
    "registers.connectors",
    NavigationEntry(
        _("Connectors"),
        "registers:connectors",
        parent="manage",
        allowed=lambda user: allowed(user, "view", Connector),
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

for _listing in (ENTERPRISES, CONNECTORS, IMPORTS, CONFLICT_LIST, DOUBT_LIST, LIKENESSES, MERGES, WORDS):
    LISTINGS.register(_listing.key, _listing)
RESOLVERS.register("rec", resolve)
for _event, _word in (
    ("registers.import", _("imported")),
    ("registers.undo", _("import undone")),
    ("registers.redo", _("import shown again")),
    ("registers.likeness", _("same enterprise decided")),
):
    EVENTS.register(_event, _word)
ON_PUBLISHED.register("registers.merges", guard_merges)
API_ROUTERS.register("enterprises", router)


def _audience(model: str, reach: str = "all") -> tuple[str, ...]:
    """Roles that see rows of a model in that scope."""
    return tuple(
        sorted(role for (role, name, action), to in grants().items() if (name, action, to) == (model, "view", reach))
    )


def _enterprises() -> Iterator[Entry]:
    audience, own = _audience("registers.record"), _audience("registers.record", "own")
    frame = snapshot().frame.select("id", "name", "uscc", "synthetic", "business_scope")
    former, printed = former_names(), printed_names()
    for row in frame.iter_rows(named=True):
        yield Entry(
            id=f"enterprise:{row['id']}",
            kind="enterprise",
            title=row["name"] or row["id"],
            body=f"{row['uscc'] or row['id']} {row['business_scope'] or ''}".strip(),
            url=reverse("registers:profile", args=[row["id"]]),
            audience=(*audience, *(f"{role}@{row['id']}" for role in own)),
            names=(*former.get(row["id"], ()), *printed.get(row["id"], ())),
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
def _expected(user: Any, today: dt.date) -> list[Delivery]:
    """Sources that deliver in periods, each with the newest day that its last delivery speaks of; one query."""
    return deliveries(Source.objects.for_user(user), today)


@remembered
def _failing(user: Any, today: dt.date) -> list[Connector]:
    """Connectors that failed last or are late; one query."""
    return overdue(Connector.objects.for_user(user).select_related("source"), timezone.now())


def _clauses(user: Any, today: dt.date) -> list[Clause]:
    return [*_late_clause(user, today), *_failing_clause(user, today)]


def _failing_clause(user: Any, today: dt.date) -> list[Clause]:
    failing = _failing(user, today)
    if not failing:
        return []
    words = ngettext("%(figure)s connector brings nothing", "%(figure)s connectors bring nothing", len(failing))
    return [
        Clause(words, str(len(failing)), reverse("registers:connectors"), "near", _("last pulls of the connectors"))
    ]


def _late_clause(user: Any, today: dt.date) -> list[Clause]:
    behind = late(_expected(user, today))
    if not behind:
        return []
    words = _("%(source)s is %%(figure)s old") % {"source": behind[0].source.name}
    age = _("%(n)d days") % {"n": behind[0].days}
    return [Clause(words, age, reverse("web:list", args=["sources"]), "near", _("dates of the last deliveries"))]


def _measures(user: Any, today: dt.date) -> list[Measure]:
    sources = len(_expected(user, today))
    if not sources:
        return []
    behind = late(_expected(user, today))
    first = f"{behind[0].source.name}, " + _("%(n)d days") % {"n": behind[0].days} if behind else ""
    return [
        Measure(
            _("Stale sources"),
            len(behind),
            _("of %(n)d") % {"n": sources},
            first or _("all inside their period"),
            "near" if behind else "ok",
            url=reverse("web:list", args=["sources"]),
        )
    ]


MORNING.register("registers", Morning(clauses=_clauses, measures=_measures), order=70)
