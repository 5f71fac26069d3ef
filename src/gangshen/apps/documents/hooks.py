"""What documents register below: reading as a run, the library, evidence of a span, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.access import OWN_FILES
from gangshen.apps.archive.services import EVENTS, GROUNDS
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.documents import access, background, services
from gangshen.apps.documents.api import router
from gangshen.apps.documents.listings import DOCUMENTS
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.identity.access import allowed, grants
from gangshen.apps.identity.models import User
from gangshen.apps.runs.services import KINDS, RunKind
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.retrieval import Entry
from gangshen.web.components import Evidence
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, SEARCH_SOURCES, NavigationEntry, SearchSource
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING, Morning, Todo

AROUND = 60  # characters shown on each side of a span

KINDS.register(
    "documents.read",
    RunKind(
        Text(zh="读文", en="Read a document"),
        background.read_document,
        resumable=True,
        url=lambda run: reverse("documents:document", args=[run.params["document"]]),
        about="documents.Document",
    ),
)
KINDS.register(
    "documents.read_many",
    RunKind(
        Text(zh="批量读文", en="Read many documents"),
        background.read_documents,
        resumable=True,
        url=lambda run: reverse("documents:library"),
        about="documents.Document",
    ),
)
KINDS.register(
    "documents.propose",
    RunKind(
        Text(zh="请模型补条目", en="Ask a model for items"),
        background.propose,
        url=lambda run: reverse("documents:document", args=[run.params["document"]]),
        about="documents.Document",
    ),
)
LISTINGS.register(DOCUMENTS.key, DOCUMENTS)
for _event, _word in (
    ("correct", _("put an item right")),
    ("accept_rest", _("accepted the rest of the items")),
    ("settle_lost", _("settled a decision whose words are gone")),
):
    EVENTS.register(_event, _word)
API_ROUTERS.register("documents", router)
NAVIGATION.register(
    "documents",
    NavigationEntry(
        _("Documents"), "documents:library", icon="document", allowed=lambda user: allowed(user, "view", Document)
    ),
    order=70,
)
for _order, _key, _label, _url in (
    (71, "library", _("Library"), "library"),
    (72, "compare", _("Compare versions"), "compare"),
):
    NAVIGATION.register(
        f"documents.{_key}",
        NavigationEntry(
            _label, f"documents:{_url}", parent="documents", allowed=lambda user: allowed(user, "view", Document)
        ),
        order=_order,
    )
CASE_TYPES.register(
    "meeting_task",
    CaseType(
        "meeting_task",
        Text(zh="会议议定事项", en="Task set by a meeting"),
        workdays=10,
        receipt="text",
        closes=("operator", "leader"),
    ),
)
services.ADOPTERS.register(
    "cases", services.Adopter(Text(zh="待办", en="Cases"), frozenset({Item.Kind.TASK}), services.open_cases), order=50
)
CASE_TYPES.register(
    "quote_changed",
    CaseType(
        "quote_changed",
        Text(zh="引文已变", en="Quoted words changed"),
        workdays=5,
        receipt="text",
        closes=("operator", "drafter"),
    ),
)


def _doc(ref: Ref, user: User) -> Evidence | None:
    document = Document.objects.for_user(user).filter(key=ref.id).first()
    if document is None:
        return None
    marks = ("draft",) if document.status == Document.Status.DRAFT_FOR_COMMENT else ()
    marks += ("assumed",) if document.example else ()
    page = reverse("documents:document", args=[document.key])
    source = "，".join(filter(None, [document.title, document.issuer, document.number]))
    plain = Evidence(title=document.title, url=page, source=source, date=document.issued_on, marks=marks)
    reading = _reading(document, ref)
    if ref.span is None or reading is None:
        return plain
    text, (start, end) = services.text(reading), ref.span
    return Evidence(
        title=document.title,
        url=f"{page}?at={start}&to={end}#at",
        quote=text[start:end],
        before=text[max(0, start - AROUND) : start].rpartition("\n")[2],
        after=text[end : end + AROUND].partition("\n")[0],
        source=source,
        date=document.issued_on,
        marks=marks,
    )


def _reading(document: Document, ref: Ref) -> Reading | None:
    """The reading whose text the reference means: by its hash, else the current one."""
    if ref.at:
        return document.readings.filter(text_hash__startswith=ref.at).first()
    return services.current(document)


RESOLVERS.register("doc", _doc)


def _entries() -> Iterator[Entry]:
    label = Document._meta.label.lower()
    inside, own = (
        sorted(role for (role, name, action), reach in grants().items() if (name, action, reach) == (label, "view", to))
        for to in ("all", "own")
    )
    for document in Document.objects.all():
        reading = services.current(document)
        yield Entry(
            f"doc:{document.key}",
            "document",
            document.title,
            services.text(reading) if reading else "",
            reverse("documents:document", args=[document.key]),
            audience=(*inside, *(own if document.status in access.PUBLIC else ())),
        )


SEARCH_SOURCES.register("documents", SearchSource(_("Documents"), _entries))


def _grounds(refs: Sequence[Ref]) -> dict[Ref, list[str]]:
    """The file whose reading a reference counts in; the document's own when it names none."""
    keys = {ref.id for ref in refs}
    read = Reading.objects.filter(document__key__in=keys).values_list("document__key", "text_hash", "file__sha256")
    filed = Document.objects.filter(key__in=keys, file__isnull=False).values_list("key", "file__sha256")
    held: dict[tuple[str, str | None], str] = {(key, None): sha256 for key, sha256 in filed}
    held |= {(key, text_hash): sha256 for key, text_hash, sha256 in read}
    found = {ref: held.get((ref.id, ref.at)) or held.get((ref.id, None)) for ref in refs}
    return {ref: [f"file:{sha256}"] for ref, sha256 in found.items() if sha256}


GROUNDS.register("doc", _grounds)
OWN_FILES.register("documents", lambda user: Q(pk__in=Document.objects.for_user(user).values("file")))


def _to_check(user: Any, today: dt.date) -> list[Todo]:
    """Documents with items to be checked, for those who check them."""
    if not allowed(user, "change", Item):
        return []
    left = Count("readings__items", filter=Q(readings__current=True, readings__items__state="pending"))
    return [
        Todo(
            title=_("Check what was read in %(title)s, %(n)d left") % {"title": document.title, "n": document.left},
            url=reverse("documents:document", args=[document.key]),
            kind=_("Document"),
            state="unk",
            clock=_("no deadline"),
            owner=_("whoever checks"),
            evidence=f"doc:{document.key}",
            action=_("Check"),
            marks=("draft",) if document.status == Document.Status.DRAFT_FOR_COMMENT else (),
        )
        for document in Document.objects.for_user(user).annotate(left=left).filter(left__gt=0).order_by("-left")
    ]


MORNING.register("documents", Morning(todos=_to_check), order=60)
