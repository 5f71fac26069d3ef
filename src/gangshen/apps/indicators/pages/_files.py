"""A statistic as Excel and Word, with what its reader may see and nothing more."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import require
from gangshen.apps.identity.services import zone
from gangshen.apps.indicators import services
from gangshen.apps.indicators.models import Statistic
from gangshen.web import excel as sheets
from gangshen.web import word as words
from gangshen.web.downloads import attachment
from gangshen.web.formatting import label

from ._statistics import one_of, parts

__all__ = ["excel", "word"]


def _about(row: Statistic, shown: dict[str, Any], scope: str) -> str:
    mark = f" · {_('Synthetic example')}" if shown["synthetic"] else ""
    period = f" · {shown['period']}" if shown["period"] else ""
    return f"{label(row.label)} · {shown['as_of']}{period} · {scope}{mark}"


@login_required
@require_GET
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """``/indicators/statistics/KEY.xlsx``: a sheet a table; the firms where the reader may see them."""
    row, one = one_of(request, key)
    require(request.user, "export", row)
    shown = parts(request, row, one)
    about = _about(row, shown, services.scope_words(one))
    total = {"classes": (), "value": shown["value"], "n": shown["n"], "open": shown["open"]}
    made = [services.table_sheet(one, (), [total | {"hidden": shown["total_hidden"]}], about)]
    made += [services.table_sheet(one, table["by"], table["lines"], about) for table in shown["tables"]]
    if shown["opens"]:
        values = services.sees_values(request.user, one)
        made.append(services.firm_sheet(one, shown["counting"], about, values=values))
    actor: Any = request.user
    archive.record_event(actor, "export", row, {"channel": "excel", "firms": shown["opens"]})
    return attachment(services.workbook_of(made), f"{row.key}-{shown['as_of']}.xlsx", sheets.MEDIA_TYPE)


@login_required
@require_GET
def word(request: HttpRequest, key: str) -> HttpResponse:
    """``/indicators/statistics/KEY.docx``: the sentence, then each table; without firms."""
    row, one = one_of(request, key)
    require(request.user, "export", row)
    shown = parts(request, row, one)
    marks = ("synthetic",) if shown["synthetic"] else ()
    document = words.Word(row.label, day=shown["as_of"], issuer=zone().name, marks=marks)
    document.paragraph(
        _("%(name)s: %(value)s as of %(day)s; scope: %(scope)s. Unknown: %(open)d of %(among)d.")
        % {
            "name": label(row.label),
            "value": shown["said"] or _("Unknown"),
            "day": shown["as_of"],
            "scope": services.scope_words(one),
            "open": shown["open"],
            "among": shown["among"],
        }
    )
    for table in shown["tables"]:
        document.heading(table["words"])
        heads = [*table["heads"], services.unit_of(one), _("Firms in it"), _("Unknown firms")]
        lines = [
            [
                *(label(part) for part in line["classes"]),
                *(
                    [services.HIDDEN] * 3
                    if line["hidden"] and not shown["whole"]
                    else [line["said"], str(line["n"]), str(line["open"])]
                ),
            ]
            for line in table["lines"]
        ]
        document.table(heads, lines, right=range(len(table["by"]), len(heads)))
    actor: Any = request.user
    archive.record_event(actor, "export", row, {"channel": "word"})
    return attachment(document.save(), f"{row.key}-{shown['as_of']}.docx", words.MEDIA_TYPE)
