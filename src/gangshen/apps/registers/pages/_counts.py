"""How many of the enterprises that fit, by place in the chain, town, park, size, industry or title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gangshen.apps.registers.listings import ENTERPRISES
from gangshen.apps.registers.services import attributes, listed, named, shown
from gangshen.engines.vocabulary import industries
from gangshen.web.charts import Chart, share_chart
from gangshen.web.listing import rows

__all__ = ["counts"]

_BARS = 20


@dataclass(frozen=True, slots=True)
class _By:
    """A way to count: by a column, whose values are those of the list's filter ``filter``."""

    label: Any
    column: str
    filter: str
    entries: bool = False  # a dated list: a firm counts once for each type it holds


_BY = {
    "chain": _By(gettext_lazy("Place in the chain"), "chain_nodes", "chain", entries=True),
    "town": _By(gettext_lazy("Town"), "town", "town"),
    "park": _By(gettext_lazy("Park"), "park", "park"),
    "size": _By(gettext_lazy("Size"), "size_class", "size_class"),
    "section": _By(gettext_lazy("Section of industry"), "section", "section"),
    "titles": _By(gettext_lazy("Titles"), "certificates", "certificates", entries=True),
}


@login_required
@require_GET
def counts(request: HttpRequest) -> HttpResponse:
    """``/enterprises/counts/?by=…`` over the same conditions as the list."""
    params = request.GET.copy()
    open_ = {one.id for one in ENTERPRISES.filters_for(request.user)}
    ways = {name: way for name, way in _BY.items() if way.filter in open_}
    by = params.pop("by", [next(iter(ways), "")])[-1]
    if by not in ways:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    result = rows(ENTERPRISES, request.user, params)
    source: Any = result.source
    found = _counted(source.frame, ways[by])
    known = _known(source.frame, ways[by])
    lines = [(_named(by, value), count, _url(params, ways[by].filter, value)) for value, count in found]
    context = {
        "result": result,
        "by": by,
        "way": ways[by],
        "lines": lines,
        "known": known,
        "unknown": result.total - known,
        "chart": _chart(ways[by], lines[:_BARS]) if lines else None,
        "ways": [(name, way.label, f"?{_with(params, by=name)}") for name, way in ways.items()],
        "list_url": f"{reverse('registers:enterprises')}?{params.urlencode()}",
        "conditions": [one.filter.label for one in result.query.conditions],
        "nav_key": "registers.list",
    }
    return render(request, "registers/counts.html", context)


def _counted(frame: pl.LazyFrame, way: _By) -> list[tuple[str, int]]:
    """Value and firms, the most first."""
    values = frame.select("id", pl.col(way.column).alias("value"))
    if way.entries:
        values = values.explode("value").with_columns(pl.col("value").struct.field("type").alias("value"))
    made = values.drop_nulls("value").group_by("value").agg(pl.col("id").n_unique().alias("n"))
    return list(made.sort("n", "value", descending=[True, False]).collect().iter_rows())


def _known(frame: pl.LazyFrame, way: _By) -> int:
    """Firms of which the value is known at all; an empty list is known."""
    return int(frame.select(pl.col(way.column).is_not_null().sum()).collect().item())


def _named(by: str, value: str) -> str:
    if by == "titles":
        return listed([{"type": value}])
    if by == "size":
        return shown(attributes()["size_class"], value)
    return f"{value} {industries()[value].name}" if by == "section" else named(value)


def _with(params: QueryDict, **more: str) -> str:
    made = params.copy()
    for name, value in more.items():
        made[name] = value
    return made.urlencode()


def _url(params: QueryDict, name: str, value: str) -> str:
    kept = {one: params.getlist(one) for one in params if one not in ("page", "row", "view", name)}
    made = QueryDict(mutable=True)
    for one, values in kept.items():
        made.setlist(one, values)
    made[name] = value
    return f"{reverse('registers:enterprises')}?{made.urlencode()}"


def _chart(way: _By, lines: Sequence[tuple[str, int, str]]) -> Chart:
    names, firms = [line[0] for line in lines], [line[1] for line in lines]
    made = share_chart("counts", way.label, names, [(_("Firms"), firms)], unit=_("firms"))
    return Chart(made.id, made.title, made.options, made.heads, made.rows, tall=len(lines) > 6)
