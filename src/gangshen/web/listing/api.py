"""Lists over the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query as Param
from ninja import Router, Schema

from gangshen.web.formatting import label

from ._cells import head
from ._declare import LISTINGS, Listing
from ._result import as_json, open_to, rows

__all__ = ["router"]

router = Router()


class ColumnOut(Schema):
    id: str
    label: str
    kind: str
    sortable: bool


class FilterOut(Schema):
    id: str
    label: str
    kind: str
    unit: str


class ListOut(Schema):
    key: str
    title: str
    columns: list[ColumnOut]
    filters: list[FilterOut]


class RowsOut(Schema):
    key: str
    total: int
    unknown: int
    page: int
    pages: int
    size: int
    items: list[dict[str, Any]]


class ErrorOut(Schema):
    message: str
    remedy: str = ""


@router.get("", response=list[ListOut], summary="The lists open to you, with their columns and filters")
def index(request: HttpRequest) -> list[dict[str, Any]]:
    return [_described(one, request.user) for one in LISTINGS if open_to(one, request.user)]


def _described(one: Listing, actor: Any) -> dict[str, Any]:
    columns = [
        {"id": column.id, "label": head(column), "kind": column.kind, "sortable": bool(column.sort_field())}
        for column in one.columns_for(actor)
    ]
    filters = [
        {"id": each.id, "label": label(each.label), "kind": each.kind, "unit": label(each.unit)}
        for each in one.filters_for(actor)
    ]
    return {"key": one.key, "title": label(one.title), "columns": columns, "filters": filters}


@router.get("/{key}", response={200: RowsOut, 404: ErrorOut, 422: ErrorOut}, summary="Rows of a list")
def read(
    request: HttpRequest,
    key: str,
    q: str = Param("", description="Words to search for."),
    sort: str = Param("", description="A column's id; with a leading minus, descending."),
    page: int = Param(1, description="From 1."),
    size: int = Param(50, description="Rows to a page, at most 500."),
    unknown: bool = Param(False, description="Keep rows whose value a filter asks for is not known."),
) -> Any:
    """Filters of the list go beside these: `id=value` (several for a choice), `id.min` and `id.max` for a range."""
    if key not in LISTINGS:
        raise Http404(_("There is no list “%(key)s”.") % {"key": key})
    return as_json(rows(LISTINGS.get(key), request.user, request.GET, channel="api", strict=True))
