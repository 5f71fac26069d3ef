"""Charts as ECharts options, each with the table that says the same.

Colours are names of the stylesheet's custom properties ("--c1"); ``static/js/charts.js`` reads them and draws. An unknown
value (None) is a gap in a line and an empty place among bars, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from .formatting import label, number, unit_words, with_unit

__all__ = ["Chart", "bar_chart", "heat_chart", "line_chart", "map_chart", "share_chart"]

Values = Sequence[float | None]
DARK = 0.55  # from this share of the highest value on, a cell is dark and its figure light


@dataclass(frozen=True, slots=True)
class Chart:
    """Options to draw and rows to read; ``id`` must be unique on its page."""

    id: str
    title: Any
    options: dict[str, Any]
    heads: tuple[Any, ...]
    rows: tuple[tuple[str, ...], ...]
    tall: bool = False
    open: bool = False  # is the table twin open from the start?

    @property
    def options_id(self) -> str:
        return f"{self.id}-options"


def line_chart(
    id: str,
    title: Any,
    x: Sequence[Any],
    values: Values,
    *,
    name: Any,
    unit: Any = "",
    forecast: Values = (),
    band: Sequence[tuple[float, float] | None] = (),
    pace: Values = (),
    limit: float | None = None,
) -> Chart:
    """A line of observations with, if given, a forecast (dashed) in its band, the pace (dashed) and a limit (black).

    All sequences run along ``x``. The band needs a forecast: an interval without its middle is not drawn.
    """
    series: list[dict[str, Any]] = [_line(name, values, "--c1", symbol=True)]
    columns: list[tuple[Any, list[str]]] = [(name, [number(value) for value in values])]
    if band:
        series += _band(band)
    if forecast:
        series.append(_line(_("Forecast"), forecast, "--soft-fill", dashed=True))
        columns.append((_("Forecast"), [_blank(value) for value in forecast]))
    if band:
        shown = ["" if pair is None else f"{number(pair[0])}–{number(pair[1])}" for pair in band]
        columns.append((_("Interval"), shown))
    if pace:
        series.append(_line(_("Pace"), pace, "--c2", dashed=True))
        columns.append((_("Pace"), [_blank(value) for value in pace]))
    if limit is not None:
        series[0]["markLine"] = _limit(limit)
    return _chart(id, title, x, unit, series, columns)


def bar_chart(
    id: str,
    title: Any,
    x: Sequence[Any],
    actual: Values,
    *,
    name: Any,
    unit: Any = "",
    needed: Values = (),
    limit: float | None = None,
) -> Chart:
    """Solid bars of what is, hollow dashed bars of what is needed."""
    series: list[dict[str, Any]] = [
        {"type": "bar", "name": label(name), "data": list(actual), "itemStyle": {"color": "--c1"}, "barMaxWidth": 28}
    ]
    columns: list[tuple[Any, list[str]]] = [(name, [_blank(value) for value in actual])]
    if needed:
        hollow = {"color": "--surface", "borderColor": "--soft-fill", "borderType": "dashed", "borderWidth": 1}
        series.append(
            {
                "type": "bar",
                "name": _("Needed"),
                "data": list(needed),
                "itemStyle": hollow,
                "barMaxWidth": 28,
                "barGap": "-100%",
            }
        )
        columns.append((_("Needed"), [_blank(value) for value in needed]))
    if limit is not None:
        series[0]["markLine"] = _limit(limit)
    made = _chart(id, title, x, unit, series, columns)
    # every name is shown that has room, in lines of its own, rather than every second one
    made.options["xAxis"]["axisLabel"] |= {
        "interval": 0,
        "hideOverlap": True,
        "width": 84,
        "overflow": "break",
        "lineHeight": 14,
    }
    return made


def share_chart(
    id: str,
    title: Any,
    rows: Sequence[Any],
    parts: Sequence[tuple[Any, Values]],
    *,
    unit: Any = "",
    inks: Sequence[str] = (),
) -> Chart:
    """Horizontal stacked bars: each row a whole, each part one ink."""
    colours = list(inks) or ["--c1", "--c3", "--c4", "--surface-3", "--c2"]
    series = [
        {
            "type": "bar",
            "stack": "whole",
            "name": label(name),
            "data": list(values),
            "itemStyle": {"color": colours[at % len(colours)]},
            "barMaxWidth": 18,
        }
        for at, (name, values) in enumerate(parts)
    ]
    columns = [(name, [_blank(value) for value in values]) for name, values in parts]
    made = _chart(id, title, rows, unit, series, columns)
    options = made.options
    named = {**options["xAxis"], "inverse": True}
    named["axisLabel"] |= {
        "interval": 0,
        "width": 190,
        "overflow": "break",
        "lineHeight": 13,
    }  # a long name takes lines
    options["xAxis"], options["yAxis"] = options["yAxis"], named
    return replace(made, tall=len(rows) > 8)


def heat_chart(
    id: str, title: Any, x: Sequence[Any], y: Sequence[Any], values: Sequence[Values], *, unit: Any = ""
) -> Chart:
    """A grid of ordered quantities; ``values`` has one sequence per ``y``. An unknown cell stays empty."""
    known = [(i, j, value) for j, row in enumerate(values) for i, value in enumerate(row) if value is not None]
    highest = max((value for _i, _j, value in known), default=1) or 1
    cells = [
        {"value": [i, j, value], "label": {"color": "--q-hi" if value > highest * DARK else "--q-lo"}}
        for i, j, value in known
    ]
    ramp = ["--q1", "--q2", "--q3", "--q4", "--q5"]
    options = _base(unit) | {
        "xAxis": {**_category(x), "splitArea": {"show": False}},
        "yAxis": {**_category(y), "inverse": True},
        "legend": {"show": False},
        "visualMap": {"min": 0, "max": highest, "show": False, "inRange": {"color": ramp}},
        "series": [
            {
                "type": "heatmap",
                "name": label(title),
                "data": cells,
                "label": {"show": True},
                "itemStyle": {"borderWidth": 2, "borderColor": "--surface"},
            }
        ],
    }
    rows = tuple((label(name), *(number(value) for value in row)) for name, row in zip(y, values, strict=True))
    return Chart(id, title, options, ("", *(label(one) for one in x)), rows, tall=len(y) > 8)


def map_chart(
    id: str,
    title: Any,
    shapes: dict[str, Any],
    areas: Sequence[tuple[str, float]],
    points: Sequence[tuple[str, tuple[float, float], float]] = (),
    *,
    unit: Any = "",
) -> Chart:
    """Areas of a GeoJSON FeatureCollection shaded by a quantity, points as discs; no tiles and no other host.

    ``areas`` are (name of the feature, value), ``points`` (name, (x, y) in the shapes' own coordinates, value). An area
    without a value stays empty.
    """
    highest = max((value for _name, value in areas), default=1) or 1
    most = max((value for _name, _at, value in points), default=1) or 1
    discs = [
        {"name": name, "value": [*at, value], "symbolSize": round(8 + 22 * (value / most) ** 0.5, 1)}
        for name, at, value in points
    ]
    tag = {"show": True, "position": "bottom", "formatter": "{b}", "color": "--ink", "fontSize": 12}
    shaded = {
        "type": "map",
        "geoIndex": 0,
        "name": label(title),
        "data": [{"name": name, "value": value} for name, value in areas],
    }
    dots = {
        "type": "scatter",
        "coordinateSystem": "geo",
        "name": label(title),
        "data": discs,
        "itemStyle": {"color": "--near-fill", "borderColor": "--surface", "borderWidth": 1},
        "label": tag,
        "labelLayout": {"hideOverlap": True},
    }
    edge = {"areaColor": "--surface-2", "borderColor": "--line-2"}
    base = _base(unit)
    options = {name: base[name] for name in ("animation", "textStyle", "aria", "tooltip")} | {
        "geoJson": shapes,  # charts.js registers it under the chart's own name
        "geo": {
            "map": id,
            "aspectScale": 1,
            "roam": False,
            "left": 8,
            "right": 8,
            "top": 8,
            "bottom": 8,
            "preserveAspect": "contain",
            "label": {"show": True, "color": "--ink-2", "fontSize": 12},
            "itemStyle": edge,
            "emphasis": {"disabled": True},
        },
        "visualMap": {
            "min": 0,
            "max": highest,
            "show": False,
            "seriesIndex": 0,
            "inRange": {"color": ["--q1", "--q2", "--q3"]},
        },
        "series": [shaded, dots],
    }
    options["tooltip"] = options["tooltip"] | {"trigger": "item"}
    rows = [(name, number(value)) for name, value in areas] + [(name, number(value)) for name, _at, value in points]
    return Chart(id, title, options, ("", with_unit(title, unit)), tuple(rows), tall=True)


def _blank(value: float | None) -> str:
    return "" if value is None else number(value)


def _line(name: Any, values: Values, ink: str, *, dashed: bool = False, symbol: bool = False) -> dict[str, Any]:
    style = {"color": ink, "width": 1.4 if dashed else 2, "type": "dashed" if dashed else "solid"}
    return {
        "type": "line",
        "name": label(name),
        "data": list(values),
        "lineStyle": style,
        "itemStyle": {"color": ink},
        "showSymbol": symbol,
        "symbol": "circle",
        "symbolSize": 5,
    }


def _band(pairs: Sequence[tuple[float, float] | None]) -> list[dict[str, Any]]:
    quiet = {
        "lineStyle": {"opacity": 0},
        "showSymbol": False,
        "stack": "band",
        "silent": True,
        "tooltip": {"show": False},
    }
    low = [None if pair is None else pair[0] for pair in pairs]
    span = [None if pair is None else pair[1] - pair[0] for pair in pairs]
    return [
        {"type": "line", "data": low, **quiet},
        {"type": "line", "data": span, "areaStyle": {"color": "--soft-bg", "opacity": 1}, **quiet},
    ]


def _limit(value: float) -> dict[str, Any]:
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": "--ink", "type": "solid", "width": 1.4},
        "label": {"color": "--ink", "position": "insideEndTop", "formatter": number(value)},
        "data": [{"yAxis": value}],
    }


def _category(values: Sequence[Any]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": [label(value) for value in values],
        "axisLine": {"lineStyle": {"color": "--line-2"}},
        "axisTick": {"show": False},
        "axisLabel": {"color": "--ink-3"},
    }


def _base(unit: Any) -> dict[str, Any]:
    return {
        "animation": False,
        "textStyle": {"fontFamily": "--font"},
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 34, "bottom": 8, "containLabel": True},
        "legend": {
            "top": 0,
            "right": 0,
            "itemWidth": 16,
            "itemHeight": 8,
            "textStyle": {"color": "--ink-2", "fontSize": 12},
        },
        "tooltip": {
            "trigger": "axis",
            "renderMode": "richText",
            "backgroundColor": "--surface",
            "borderColor": "--line-2",
            "textStyle": {"color": "--ink", "fontSize": 12},
        },
        "yAxis": {
            "type": "value",
            "name": unit_words(unit),
            "nameTextStyle": {"color": "--ink-3", "align": "left"},
            "axisLabel": {"color": "--ink-3", "hideOverlap": True},
            "splitLine": {"lineStyle": {"color": "--grid"}},
        },
    }


def _chart(
    id: str, title: Any, x: Sequence[Any], unit: Any, series: list[dict[str, Any]], columns: list[tuple[Any, list[str]]]
) -> Chart:
    names = [one["name"] for one in series if "name" in one]
    options = _base(unit) | {"xAxis": _category(x), "series": series}
    options["legend"] = options["legend"] | {"data": names, "show": len(names) > 1}
    heads = ("", *(with_unit(name, unit) for name, _values in columns))
    rows = tuple(
        (label(at), *(values[i] if i < len(values) else "" for _name, values in columns)) for i, at in enumerate(x)
    )
    return Chart(id, title, options, heads, rows)
