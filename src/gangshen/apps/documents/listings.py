"""The library as a list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import Link
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.identity.access import allowed
from gangshen.web.listing import Column, Filter, Listing, View

__all__ = ["DOCUMENTS"]

_STATES = {
    "in_force": "ok",
    "draft_for_comment": "near",
    "amended": "na",
    "expired": "na",
    "repealed": "bad",
    "reference": "na",
}


def _source(user: Any) -> Any:
    current = Q(readings__current=True)
    read = ~Q(readings__items__kind=Item.Kind.UNREAD)
    links = Link.objects.filter(scheme="doc", target=OuterRef("key")).order_by().values("target")
    return (
        Document.objects.for_user(user)
        .select_related("file")
        .annotate(
            items=Count("readings__items", filter=current & read),
            doubts=Count(
                "readings__items",
                filter=current & Q(readings__items__state="pending") & ~Q(readings__items__doubts=[]),
            ),
            rests=Coalesce(Subquery(links.annotate(n=Count("owner", distinct=True)).values("n")), 0),
        )
    )


def _marks(document: Document) -> list[str]:
    draft = ["draft"] if document.status == Document.Status.DRAFT_FOR_COMMENT else []
    return draft + (["assumed"] if document.example else [])


DOCUMENTS = Listing(
    key="documents",
    title=_("Library"),
    noun=_("documents"),
    columns=[
        Column(
            "title",
            _("Document"),
            value="title",
            main=True,
            second=lambda one: " ".join(filter(None, [one.issuer, one.number])),
        ),
        Column(
            "status",
            _("Status"),
            kind="status",
            value=lambda one: (_STATES[one.status], one.get_status_display()),
            sort="status",
        ),
        Column("level", _("Level"), value="level"),
        Column("rests", _("Rests on it"), kind="number", value="rests"),
        Column("issued", _("Issued"), kind="date", value="issued_on"),
        Column("items", _("Items read"), kind="number", value="items"),
        Column("doubts", _("Doubtful"), kind="number", value="doubts"),
    ],
    filters=[
        Filter("status", _("Status"), field="status", choices=Document.Status.choices),
        Filter("issuer", _("Issuer"), field="issuer"),
        Filter("level", _("Level"), field="level"),
        Filter("year", _("Year"), field="issued_on__year"),
        Filter("issued", _("Issued"), kind="date", field="issued_on"),
        Filter("example", _("Examples"), kind="bool", field="example"),
    ],
    views=[
        View("law", _("In force"), {"status": "in_force"}),
        View("comment", _("For comment"), {"status": "draft_for_comment"}),
    ],
    search_fields=["title", "issuer", "number"],
    default_sort="-issued",
    source=_source,
    row_url=lambda one: reverse("documents:document", args=[one.key]),
    marks=_marks,
    nav_key="documents.library",
    allowed=lambda user: allowed(user, "view", Document),
    exportable=lambda user: allowed(user, "export", Document),
)
