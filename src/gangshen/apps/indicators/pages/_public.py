"""What everyone may know of statistics: totals of the public ones, above the limit, and their tables as open data."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gangshen.apps.identity.services import today
from gangshen.apps.indicators import services
from gangshen.apps.indicators.models import Result, Statistic
from gangshen.web.downloads import attachment
from gangshen.web.formatting import label
from gangshen.web.public import PublicPart, PublicRow

__all__ = ["TOTALS", "open_data"]


def _results(day: dt.date) -> list[tuple[Statistic, Result]]:
    """The public statistics with what was kept last, where the total may be shown."""
    rows = list(Statistic.objects.filter(public=True).order_by("key"))
    held = services.latest_results(rows)
    found = [(row, held[row.pk]) for row in rows if row.pk in held]
    return [(row, last) for row, last in found if last.shown and last.as_of <= day and last.value is not None]


def _totals(day: dt.date) -> list[PublicRow]:
    rows = []
    for row, last in _results(day):
        one = services.definition_of(row)
        said = [_("Scope: %(scope)s") % {"scope": services.scope_words(one)}]
        if last.period:
            said.append(_("of %(period)s") % {"period": last.period})
        if last.open:
            said.append(_("unknown: %(n)d of %(among)d") % {"n": last.open, "among": last.n + last.open})
        rows.append(
            PublicRow(
                row.label,
                services.shown_value(one, last.value),
                services.unit_of(one),
                _("; ").join(said),
                day=last.as_of,
                marks=("synthetic",) if last.synthetic else (),
            )
        )
    return rows


TOTALS = PublicPart(
    gettext_lazy("Totals"),
    _totals,
    gettext_lazy("The next totals stand here once the statistics office has counted them."),
    gettext_lazy("counted over the register; small figures are left out, with others that would give them away"),
)


@login_not_required
@require_GET
def open_data(request: HttpRequest) -> HttpResponse:
    """``/indicators/statistics/open.csv``: the tables of the public statistics; hidden cells are marked, never given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = [_("Statistic"), _("As of"), _("Period"), _("Split by"), _("Class"), _("Figure"), _("Unit")]
    writer.writerow([*heads, _("Firms in it"), _("Unknown firms"), _("Marks")])
    for row, last in _results(today()):
        one = services.definition_of(row)
        start, mark = [label(row.label), last.as_of, last.period], "synthetic" if last.synthetic else ""
        unit = services.unit_of(one)
        writer.writerow([*start, "", "", services.in_unit(one, last.value), unit, last.n, last.open, mark])
        for table in services.published_lines(last):
            split = services.axis_words(table["by"])
            for line in table["lines"]:
                figure = services.HIDDEN if line["hidden"] else services.in_unit(one, line["value"])
                classes = " × ".join(label(part) for part in line["classes"])
                writer.writerow([*start, split, _plain(classes), figure, unit, line["n"], line["open"], mark])
    return attachment("\ufeff" + out.getvalue(), f"statistics-{today()}.csv", "text/csv; charset=utf-8")


def _plain(cell: str) -> str:
    """What a spreadsheet would take for a formula is text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
