"""Two doors without a log-in: the public page (公开页) and the wall (大屏). All they show the offices registered as public."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.identity.services import today
from gangshen.engines.formats import inert
from gangshen.web.downloads import attachment
from gangshen.web.formatting import label
from gangshen.web.public import PUBLIC_ROWS, WALL

__all__ = ["data", "public", "wall"]


def _parts() -> list[dict[str, Any]]:
    day = today()
    parts = []
    for key, part in PUBLIC_ROWS.items():
        rows = [(row, row.days_left(day)) for row in part.rows(day)]
        shown = {
            "figures": any(row.figure != "" for row, _left in rows),
            "dates": any(left is not None for _row, left in rows),
        }
        parts.append({"key": key, "label": part.label, "scope": part.scope, "empty": part.empty, "rows": rows} | shown)
    return parts


@login_not_required
@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """``/public/``: policies in force, notices with days left, open calls, totals above suppression."""
    parts = _parts()
    soon = [left for part in parts for _row, left in part["rows"] if left is not None and left >= 0]
    context = {"parts": parts, "today": today(), "open": len(soon), "soonest": min(soon, default=None)}
    return render(request, "console/public.html", context)


@login_not_required
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The public page as open data (CSV, UTF-8 with a mark, as spreadsheet programs expect)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [_("Part"), _("What"), _("Figure"), _("Unit"), _("Said"), _("Opens"), _("Closes"), _("Note"), _("Marks")]
    )
    for part in _parts():
        for row, _left in part["rows"]:
            cells = [label(part["label"]), label(row.title), label(row.figure), label(row.unit)]
            dates = [str(one or "") for one in (row.day, row.opens, row.closes)]
            writer.writerow([inert(cell) for cell in (*cells, *dates, label(row.note), " ".join(row.marks))])
    return attachment("\ufeff" + out.getvalue(), f"public-{today()}.csv", "text/csv; charset=utf-8")


@login_not_required
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """``/wall/``: sheets that follow one another; the date stands on each."""
    day = today()
    sheets = []
    for key, part in WALL.items():
        context = part.context(day)
        if context is not None:
            drawn = render_to_string(part.template, context | {"today": day}, request)
            sheets.append({"key": key, "label": part.label, "drawn": drawn})
    return render(request, "console/wall.html", {"sheets": sheets, "today": day})
