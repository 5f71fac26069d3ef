"""Which neighbour industries a town could enter: the picture, the table, Excel."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.archive import services as archive
from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import today
from gangshen.apps.registers import services as registers
from gangshen.engines.vocabulary import town
from gangshen.web import excel as sheets
from gangshen.web.charts import share_chart
from gangshen.web.downloads import attachment
from gangshen.web.excel import Head, Sheet
from gangshen.web.formatting import number

__all__ = ["neighbours", "neighbours_excel"]

SHOWN = 15


def _found(request: HttpRequest) -> services.Related:
    try:
        return services.related(today(), request.GET.get("town", ""))
    except KeyError as missing:
        raise Http404(f"no firm of {missing} in the register") from None


def _place(division: str) -> str:
    return registers.named(town(division))


@login_required
@require_GET
def neighbours(request: HttpRequest) -> HttpResponse:
    """``/chain/neighbours/?town=…``: groups of GB/T 4754 by relatedness density."""
    require(request.user, "view", Chain)
    found = _found(request)
    entries = found.entries[:SHOWN]
    chart = (
        share_chart(
            "density",
            _("Density"),
            [f"{one.code} {one.name}" for one in entries],
            [(_("Density"), [round(one.density, 2) for one in entries])],
        )
        if entries
        else None
    )
    context: dict[str, Any] = {
        "found": found,
        "entries": entries,
        "town": _place(found.town),
        "towns": [(one, _place(one), count) for one, count in found.towns.items()],
        "chart": chart,
        "may_export": allowed(request.user, "export", Chain),
        "nav_key": "chain.neighbours",
    }
    return render(request, "chain/neighbours.html", context)


@login_required
@require_GET
def neighbours_excel(request: HttpRequest) -> HttpResponse:
    """All groups of the town, in their order."""
    require(request.user, "export", Chain)
    found = _found(request)
    heads = [
        Head(_("Code")),
        Head(_("Industry group"), width=30),
        Head(_("Density"), "number"),
        Head(_("Firms now"), "number"),
        Head(_("Grows from"), width=60),
    ]
    cells = [
        [one.code, one.name, round(one.density, 4), one.firms,
         "；".join(f"{code} {name} ({number(share)})" for code, name, share in one.near)]
        for one in found.entries
    ]  # fmt: skip
    about = f"{_place(found.town)} · {_('As of %(day)s') % {'day': today()}}"
    archive.record_event(request.user, "export", "page:chain.neighbours", {"channel": "excel", "rows": len(cells)})  # type: ignore[arg-type]
    body = sheets.workbook([Sheet(_("Neighbour industries"), about, heads, cells)])
    return attachment(body, f"neighbours-{today()}.xlsx", sheets.MEDIA_TYPE)
