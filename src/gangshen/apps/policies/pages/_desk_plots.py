"""Pictures of the what-if desk: the threshold against the firms, the cost against the money, who comes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gangshen.apps.policies.services import Point
from gangshen.web.formatting import number, ten_thousands

__all__ = ["Cost", "cost_plot", "group_plot", "threshold_plot"]

_LEFT, _RIGHT, _TOP, _FLOOR = 40.0, 404.0, 34.0, 182.0
_HATCH = SafeString(
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0v6" stroke-width="1.6"/></pattern></defs>'
)


@dataclass(frozen=True, slots=True)
class Cost:
    """A row of the picture of cost: fen at least and at most; ``kind`` is the class of its bar."""

    name: str
    note: str
    low: int
    high: int
    kind: str = "fx"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, words: str, kind: str = "plot-t", at: str = "start") -> SafeString:
    return format_html('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>', _n(x), _n(y), at, kind, words)


def _svg(height: int, body: SafeString, name: str, *, width: int = 420) -> SafeString:
    words = '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return format_html(words, width, height, name, body)


def threshold_plot(points: Sequence[Point], tried: float, law: float | None, unit: str, name: str) -> SafeString:
    """How many get it (line) and how many are unknown above that (hatched) for every place of the threshold."""
    most = max((one.yes + one.unknown for one in points), default=0) or 1
    start, end = points[0].value, points[-1].value
    x = _scale(start, end, _LEFT, _RIGHT)
    y = _scale(0, most, _FLOOR, _TOP)
    body = _HATCH + _grid(most, y)
    line, over = _steps(points, x, lambda one: y(one.yes)), _steps(points, x, lambda one: y(one.yes + one.unknown))
    back = " ".join(f"L{_n(px)} {_n(py)}" for px, py in reversed(line))
    edge = " ".join(f"L{_n(px)} {_n(py)}" for px, py in over)[1:]
    body += format_html('<path d="M{} {}z" fill="url(#hatch)"/>', edge, back)
    body += format_html('<path class="ln" d="M{}"/>', " ".join(f"L{_n(px)} {_n(py)}" for px, py in line)[1:])
    body += format_html('<path class="ln2" d="M{}"/>', edge)
    if law is not None and law != tried and start <= law <= end:
        body += format_html('<path class="ax" d="M{} 18V{}"/>', _n(x(law)), _n(_FLOOR))
        side = "start" if law > tried else "end"
        words = _("now %(value)s") % {"value": f"{number(law)}{unit}"}
        body += _text(x(law) + (4 if side == "start" else -4), 14, words, "plot-t", side)
    body += format_html('<path class="lim" d="M{} 18V{}"/>', _n(x(tried)), _n(_FLOOR))
    side = "end" if law is not None and law > tried else "start"
    words = _("tried %(value)s") % {"value": f"{number(tried)}{unit}"}
    body += _text(x(tried) + (4 if side == "start" else -4), 14, words, "plot-b", side)
    for place in sorted({start, tried, end}):
        if place == tried or abs(x(place) - x(tried)) > 44:
            side = "end" if place == end else "middle"
            body += _text(x(place), 200, f"{number(place)}{unit}", "plot-t", side)
    return _svg(212, body, name)


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    span = (high - low) or 1
    return lambda value: start + (end - start) * (value - low) / span


def _grid(most: float, y: Callable[[float], float]) -> SafeString:
    body = SafeString("")
    for share in (0.0, 0.5, 1.0):
        value = round(most * share)
        body += format_html('<path class="gr" d="M{} {}H{}"/>', _n(_LEFT), _n(y(value)), _n(_RIGHT))
        body += _text(_LEFT - 6, y(value) + 4, number(value), "plot-t", "end")
    return body


def _steps(
    points: Sequence[Point], x: Callable[[float], float], y: Callable[[Point], float]
) -> list[tuple[float, float]]:
    """A stair: the answer of a place holds up to the next one."""
    found: list[tuple[float, float]] = []
    for one in points:
        if found:
            found.append((x(one.value), found[-1][1]))
        found.append((x(one.value), y(one)))
    return found[:-1]


def cost_plot(rows: Sequence[Cost], limit: int | None, limit_words: str, name: str) -> SafeString:
    """Cost intervals one below the other; the black line is the appropriation, what passes it is red."""
    most = max([one.high for one in rows] + [limit or 0, 1]) * 1.08
    left = 132.0
    x = _scale(0, most, left, _RIGHT)
    height = 30 + 44 * len(rows)
    body = SafeString("")
    for share in (0.0, 0.5, 1.0):
        value = most * share / 1.08
        body += format_html('<path class="gr" d="M{} 26V{}"/>', _n(x(value)), height)
        body += _text(x(value), height + 18, ten_thousands(round(value)), "plot-t", "middle")
    for at, one in enumerate(rows):
        top = 48 + 44 * at
        start, end = x(one.low), max(x(one.high), x(one.low) + 2)
        body += _text(0, top + 6, one.name, "plot-b") + _text(0, top + 22, one.note, "plot-t")
        cells = [(_n(start), top, _n(end - start), one.kind)]
        if limit is not None and one.high > limit:
            past = x(max(limit, one.low))
            cells.append((_n(past), top, _n(max(end - past, 2)), "f-bad"))
        body += format_html_join("", '<rect x="{}" y="{}" width="{}" height="12" rx="2" class="{}"/>', cells)
        words = ten_thousands((one.low, one.high))
        if end < 260:
            body += _text(end + 6, top + 10, words, "plot-b halo")
        else:
            body += _text(min(end, _RIGHT), top - 4, words, "plot-b halo", "end")
    if limit is not None:
        body += format_html('<path class="lim" d="M{} 24V{}"/>', _n(x(limit)), height)
        side = "end" if x(limit) > 300 else "start" if x(limit) < 150 else "middle"
        body += _text(x(limit), 16, limit_words, "plot-b", side)
    return _svg(height + 26, body, name)


def group_plot(rows: Sequence[tuple[str, int]], name: str) -> SafeString:
    """Counts by group as bars with their figure; what is lost is drawn hollow, with its minus."""
    most = max((abs(n) for _words, n in rows), default=0) or 1
    body = SafeString("")
    for at, (words, n) in enumerate(rows):
        top = 7 + 26 * at
        width, ink = 108 * abs(n) / most, "c1" if n > 0 else "trk"
        body += _text(0, top + 10, words if len(words) <= 7 else f"{words[:6]}…")
        body += format_html('<rect x="86" y="{}" width="{}" height="12" class="{}"/>', top, _n(max(width, 0.8)), ink)
        body += _text(92 + width, top + 10, number(n) if n > 0 else f"−{number(-n)}", "plot-b")
    return _svg(8 + 26 * max(len(rows), 1), body, name, width=256)
