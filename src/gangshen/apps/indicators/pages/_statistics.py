"""Statistics: the list, one of them (answer, growth, trend, tables, firms, what was kept), two results beside each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed
from gangshen.apps.indicators import services
from gangshen.apps.indicators.listings import STATISTICS, figure
from gangshen.apps.indicators.models import Result, Series, Statistic
from gangshen.engines.statistics import AXES, Counting, attributes_of
from gangshen.engines.statistics import Statistic as Definition
from gangshen.web.charts import Chart, bar_chart, heat_chart, line_chart
from gangshen.web.formatting import label, unit_words
from gangshen.web.listing.pages import listing_page

__all__ = ["as_of_asked", "compare", "firms", "keep", "one_of", "parts", "statistic", "statistics"]

MOST_BARS, MOST_FIRMS = 30, 100


@login_required
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """``/indicators/statistics/``: all that the user may open."""
    context = {"may_add": allowed(request.user, "add", Statistic)}
    return listing_page(request, STATISTICS, template="indicators/statistics.html", context=context)


def one_of(request: HttpRequest, key: str) -> tuple[Statistic, Definition]:
    row = get_object_or_404(services.visible(request.user).select_related("owner", "series"), key=key)
    return row, services.definition_of(row)


def as_of_asked(request: HttpRequest) -> dt.date:
    """The day asked for; today where none is, or one that has not been yet."""
    day = identity.today()
    try:
        asked = dt.date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return day
    return min(asked, day)


@login_required
@require_GET
def statistic(request: HttpRequest, key: str) -> HttpResponse:
    """``/indicators/statistics/KEY/``."""
    row, one = one_of(request, key)
    shown = parts(request, row, one)
    results = list(services.kept(row)[:20])
    if not shown["whole"]:
        results = [result for result in results if result.shown]
    trend = shown.pop("trend")
    return render(
        request,
        "indicators/statistic.html",
        shown
        | {
            "row": row,
            "one": one,
            "scope": services.scope_words(one),
            "results": [(result, services.headline(one, result.value)) for result in results],
            "trend": _trend(row, one, trend, results),
            "published": _published(request, one),
            "may_keep": shown["whole"] and allowed(request.user, "add", Result),
            "may_edit": allowed(request.user, "change", Statistic) and row.owner_id in (None, request.user.pk),
            "may_export": allowed(request.user, "export", Statistic),
            "no_data": services.no_data(one),
            "today": identity.today(),
            "unit": unit_words(services.unit_of(one)),
            "nav_key": "registers.statistics",
        },
    )


def parts(request: HttpRequest, row: Statistic, one: Definition) -> dict[str, Any]:
    """Figure, tables and growth as this user may see them: counted now and whole, or as published last."""
    axes = tuple(name for table in one.tables for name in table)
    if services.sees_all(request.user, one, axes):
        return _whole(request, row, one)
    return _safe(row, one)


def _whole(request: HttpRequest, row: Statistic, one: Definition) -> dict[str, Any]:
    day, asked = as_of_asked(request), ()
    choices = services.axes_for(request.user, one)
    if request.GET.get("by"):
        asked = tuple(name for name in request.GET["by"].split(",") if name in choices)[:2]
    counting, digest = services.counted(row, day, asked)
    safe = services.safe_of(row, counting, digest)
    opens = services.reads(request.user, attributes_of(one.model_copy(update={"attribute": None, "per": None})))
    tables = []
    for axes in dict.fromkeys([*([asked] if asked else []), *one.tables]):
        lines = [
            {
                "key": line.cell.key,
                "classes": line.classes,
                "value": line.cell.value,
                "said": services.shown_value(one, line.cell.value),
                "n": line.cell.n,
                "open": line.cell.open,
                "hidden": line.hidden and axes in one.tables,
                "url": _firms_url(row, day, axes, line.cell.key) if opens else "",
            }
            for line in services.lines_of(counting, axes, safe)
        ]
        tables.append(_table(one, axes, lines))
    total = counting.total
    return {
        "whole": True,
        "opens": opens,
        "value": total.value,
        "said": services.headline(one, total.value),
        "n": total.n,
        "open": total.open,
        "among": total.among,
        "as_of": day,
        "period": counting.period,
        "synthetic": bool(counting.rows["synthetic"].any()),
        "firms_url": _firms_url(row, day, (), ()) if opens else "",
        "tables": tables,
        "growth": services.growth(one, counting, digest),
        "trend": services.yearly(one, counting, digest),
        "axes": [(name, label(AXES[name].label)) for name in choices],
        "asked": asked,
        "total_hidden": not safe.total_shown,
        "counting": counting,
    }


def _safe(row: Statistic, one: Definition) -> dict[str, Any]:
    last = services.kept(row).first()
    shown = last if last is not None and last.shown else None
    tables = []
    for table in services.published_lines(shown) if shown else ():
        lines = [{**line, "said": services.shown_value(one, line["value"]), "url": ""} for line in table["lines"]]
        tables.append(_table(one, table["by"], lines))
    return {
        "whole": False,
        "opens": False,
        "value": shown.value if shown else None,
        "said": services.headline(one, shown.value) if shown else "",
        "n": shown.n if shown else 0,
        "open": shown.open if shown else 0,
        "among": shown.n + shown.open if shown else 0,
        "as_of": shown.as_of if shown else identity.today(),
        "period": shown.period if shown else "",
        "synthetic": shown.synthetic if shown else False,
        "firms_url": "",
        "tables": tables,
        "growth": None,
        "trend": [],
        "axes": [],
        "asked": (),
        "total_hidden": last is not None and shown is None,
        "unpublished": last is None,
    }


def _firms_url(row: Statistic, day: dt.date, by: Sequence[str], key: Sequence[str]) -> str:
    query = urlencode([("as_of", day), ("by", ",".join(by)), *(("class", value) for value in key)])
    return f"{reverse('indicators:statistic_firms', args=[row.key])}?{query}"


def _table(one: Definition, by: tuple[str, ...], lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "by": by,
        "words": services.axis_words(by),
        "heads": [label(AXES[name].label) for name in by],
        "lines": lines,
        "hidden": sum(1 for line in lines if line["hidden"]),
        "overlapping": any(AXES[name].overlapping for name in by),
        "chart": _picture(one, by, lines),
    }


def _picture(one: Definition, by: tuple[str, ...], lines: list[dict[str, Any]]) -> Chart | None:
    name, title, unit = f"by-{'-'.join(by)}", services.axis_words(by), services.unit_of(one)
    values = {line["key"]: services.in_unit(one, line["value"]) for line in lines}
    words = {(at, line["key"][at]): label(line["classes"][at]) for line in lines for at in range(len(by))}
    if len(by) == 1:
        shown = [line["key"] for line in lines][:MOST_BARS]
        if len(shown) < 2:
            return None
        if by[0] == "founded":
            shown.sort()
        labels = [words[0, key[0]] for key in shown]
        return bar_chart(name, title, labels, [values[key] for key in shown], name=label(one.name), unit=unit)
    rows, columns = (list(dict.fromkeys(line["key"][at] for line in lines)) for at in (0, 1))
    if len(rows) < 2 or len(columns) < 2:
        return None
    grid = [[values.get((row, column)) for column in columns] for row in rows]
    return heat_chart(name, title, [words[1, key] for key in columns], [words[0, key] for key in rows], grid, unit=unit)


def _trend(row: Statistic, one: Definition, years: Sequence[Any], results: list[Result]) -> Chart | None:
    """By year where the register tells them, else what was kept."""
    if len(years) > 1:
        x = [year for year, _cell in years]
        values = [services.in_unit(one, cell.value) for _year, cell in years]
    else:
        held: dict[dt.date, Any] = {}
        for result in results:  # of a day the one that holds comes first
            held.setdefault(result.as_of, result.value)
        x = [day.isoformat() for day in sorted(held)]
        values = [services.in_unit(one, held[day]) for day in sorted(held)]
    if len(x) < 2:
        return None
    return line_chart("trend", row.label, x, values, name=label(row.label), unit=services.unit_of(one))


def _published(request: HttpRequest, one: Definition) -> dict[str, Any] | None:
    """What others published of the same thing, with their own scope."""
    series = Series.objects.for_user(request.user).filter(key=one.published or "").first()
    held = services.latest(series) if series else None
    if series is None or held is None:
        return None
    ref = str(services.ref(series, held.at))
    return {"series": series, "held": held, "value": figure(held.value), "ref": ref}


@login_required
@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Count as of the day given and keep the result."""
    row, one = one_of(request, key)
    try:
        day = dt.date.fromisoformat(request.POST.get("as_of", ""))
    except ValueError:
        day = identity.today()
    actor: Any = request.user
    if not services.sees_all(actor, one):
        raise PermissionDenied
    made, new = services.keep(row, day, actor=actor, now=identity.now(), note=request.POST.get("note", ""))
    said = services.headline(one, made.value)
    messages.success(
        request, _("Kept: %(value)s") % {"value": said} if new else _("The same as kept: nothing was added")
    )
    return redirect("indicators:statistic", row.key)


@login_required
@require_GET
def firms(request: HttpRequest, key: str) -> HttpResponse:
    """The firms of the total or of one cell, each with the record that says so; for htmx the panel."""
    row, one = one_of(request, key)
    by = tuple(name for name in request.GET.get("by", "").split(",") if name)
    classes = tuple(request.GET.getlist("class"))
    if any(name not in AXES for name in by) or len(by) != len(classes):
        raise Http404(_("There is no such cell."))
    plain = one.model_copy(update={"attribute": None, "per": None})
    if not services.sees_all(request.user, one, by) or not services.reads(request.user, attributes_of(plain, by)):
        raise PermissionDenied
    day = as_of_asked(request)
    counting, _digest = services.counted(row, day, by)
    values = services.sees_values(request.user, one)
    found, many = services.firms_behind(row, one, counting, by, classes, values=values, most=MOST_FIRMS)
    context = {
        "row": row,
        "one": one,
        "as_of": day,
        "classes": _class_words(counting, by, classes),
        "firms": found,
        "many": many,
        "values": values and one.attribute,
        "unknown": sum(not firm.known for firm in found),
        "nav_key": "registers.statistics",
    }
    htmx = request.htmx  # type: ignore[attr-defined]
    return render(request, "indicators/firms_panel.html" if htmx else "indicators/firms.html", context)


def _class_words(counting: Counting, by: tuple[str, ...], classes: tuple[str, ...]) -> str:
    found = next((line for line in services.lines_of(counting, by) if line.cell.key == classes), None)
    return " × ".join(label(part) for part in found.classes) if found else ""


@login_required
@require_GET
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Two kept results beside each other, by default the last two; hidden cells stay hidden."""
    row, one = one_of(request, key)
    whole = services.sees_all(request.user, one, tuple(name for table in one.tables for name in table))
    results = [result for result in services.kept(row) if whole or result.shown]
    chosen = [_chosen(results, request.GET.get(name, ""), at) for name, at in (("new", 0), ("old", 1))]
    tables = []
    if all(chosen):
        tables = [_beside(one, *pair, whole=whole) for pair in _shared(chosen, whole=whole)]
    return render(
        request,
        "indicators/compare.html",
        {
            "row": row,
            "one": one,
            "results": results,
            "new": chosen[0],
            "old": chosen[1],
            "values": [services.headline(one, result.value) if result else "" for result in chosen],
            "tables": tables,
            "unit": unit_words(services.unit_of(one)),
            "nav_key": "registers.statistics",
        },
    )


def _chosen(results: list[Result], asked: str, at: int) -> Result | None:
    found = next((result for result in results if str(result.pk) == asked), None)
    return found or (results[at] if len(results) > at else None)


def _shared(chosen: list[Any], *, whole: bool) -> list[tuple[tuple[str, ...], dict[Any, Any], dict[Any, Any]]]:
    """Tables that both results have, as cells by their classes."""
    sides = []
    for result in chosen:
        hidden = {tuple(t["by"]): {tuple(c["key"]): c for c in t["cells"]} for t in result.tables}
        sides.append(
            {
                table["by"]: {
                    line["key"]: line | ({"value": hidden[table["by"]][line["key"]]["value"]} if whole else {})
                    for line in table["lines"]
                }
                for table in services.published_lines(result)
            }
        )
    return [(by, sides[0][by], sides[1][by]) for by in sides[0] if by in sides[1]]


def _beside(
    one: Definition, by: tuple[str, ...], new: dict[Any, Any], old: dict[Any, Any], *, whole: bool
) -> dict[str, Any]:
    rows = []
    for key in dict.fromkeys([*new, *old]):
        now, then = new.get(key), old.get(key)
        both = [services.in_unit(one, line["value"]) if line else None for line in (now, then)]
        known = both[0] is not None and both[1] is not None
        rows.append(
            {
                "classes": (now or then)["classes"],
                "new": _said(one, now, whole=whole),
                "old": _said(one, then, whole=whole),
                "change": figure(both[0] - both[1]) if known else "",
            }
        )
    return {"words": services.axis_words(by), "heads": [label(AXES[name].label) for name in by], "rows": rows}


def _said(one: Definition, line: dict[str, Any] | None, *, whole: bool) -> str:
    if line is None:
        return "—"
    return services.HIDDEN if line["hidden"] and not whole else services.shown_value(one, line["value"])
