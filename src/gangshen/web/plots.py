"""Small plots as inline SVG: geometry in attributes, colour by class, so that theme, CSP and paper all work."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

__all__ = ["band", "bars", "interval", "progress", "shares", "sparkline"]

_INKS = ("c1", "c3", "c4", "trk")


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def shares(
    parts: Sequence[float], kinds: Sequence[str] = _INKS, *, width: int = 150, height: int = 22, name: str = ""
) -> SafeString:
    """A bar cut in shares of its total. ``kinds`` are classes: ``f-ok f-near f-bad``, ``c1 c3 c4 trk``."""
    total = sum(parts)
    left, cells = 0.0, []
    for part, kind in zip(parts, kinds, strict=False):
        size = width * part / total if total else 0
        if size > 0:
            cells.append((_n(left), _n(height / 2 - 4), _n(max(size - 1, 0.8)), kind))
        left += size
    body = format_html_join("", '<rect x="{}" y="{}" width="{}" height="8" class="{}"/>', cells)
    return _svg("plot", width, height, body, name, stretch=True)


def sparkline(values: Sequence[float | None], *, width: int = 150, height: int = 22, name: str = "") -> SafeString:
    """A line without axes; a missing value is a gap, never a zero."""
    known = [value for value in values if value is not None]
    if not known:
        return _svg("plot", width, height, SafeString(""), name, stretch=True)
    low, high = min(known), max(known)
    step = (width - 4) / max(len(values) - 1, 1)
    path, pen = [], "M"
    for at, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        y = height - 2 - (height - 4) * ((value - low) / (high - low) if high > low else 0.5)
        path.append(f"{pen}{_n(2 + at * step)} {_n(y)}")
        pen = "L"
    body = format_html('<path class="ln" vector-effect="non-scaling-stroke" d="{}"/>', " ".join(path))
    return _svg("plot", width, height, body, name, stretch=True)


def progress(done: float, whole: float, *, kind: str = "c1", name: str = "") -> SafeString:
    """How much of a whole is done: a thin full-width bar."""
    size = 100 * min(max(done / whole, 0), 1) if whole else 0
    body = format_html(
        '<rect width="100" height="6" class="trk"/><rect width="{}" height="6" class="{}"/>', _n(size), kind
    )
    return _svg("prog", 100, 6, body, name, stretch=True)


def bars(
    actual: Sequence[float | None],
    needed: Sequence[float] = (),
    *,
    pace: float | None = None,
    first: str = "",
    last: str = "",
    need_label: str = "",
    name: str = "",
) -> SafeString:
    """Small multiple of a target: solid bars are actual, hollow dashed ones what is needed, the dashed line the pace."""
    width, floor, top = 250, 78.0, 16.0
    count = len(actual) + len(needed)
    highest = max([value for value in actual if value is not None] + [*needed, pace or 0], default=0) or 1
    step = (width - 4) / max(count, 1)

    def y(value: float) -> float:
        return floor - (floor - top) * max(value, 0) / highest

    rects = [
        (_n(2 + at * step), _n(y(value)), _n(step - 4), _n(floor - y(value)), "c1")
        for at, value in enumerate(actual)
        if value is not None
    ]
    rects += [
        (_n(2 + (len(actual) + at) * step), _n(y(value)), _n(step - 4), _n(floor - y(value)), "need")
        for at, value in enumerate(needed)
    ]
    body = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>', rects)
    if pace is not None:
        body += format_html('<path class="ln2" d="M0 {}H{}"/>', _n(y(pace)), width)
    body += format_html('<path class="ax" d="M0 {}H{}"/>', _n(floor), width)
    if need_label and needed:
        body += _text(width - 2, y(max(needed)) - 4, need_label, "plot-b", end=True)
    body += _text(2, 92, first, "plot-t") + _text(2 + (len(actual) - 1) * step, 92, last, "plot-t")
    return _svg("chart", width, 96, body, name)


def interval(
    low: float, high: float, limit: float | None = None, *, most: float, width: int = 150, name: str = ""
) -> SafeString:
    """A range on a scale from 0 to ``most``; the black line is the limit, what passes it is red."""
    scale = width / most if most else 0
    left, right = low * scale, max(high * scale, low * scale + 2)
    cells = [(_n(left), _n(right - left), "fx")]
    if limit is not None and high > limit:
        start = max(limit, low) * scale
        cells.append((_n(start), _n(right - start), "f-bad"))
    body = format_html('<rect y="9" width="{}" height="4" class="trk"/>', width)
    body += format_html_join("", '<rect x="{}" y="6" width="{}" height="10" class="{}"/>', cells)
    if limit is not None:
        body += format_html('<path class="lim" d="M{} 2V20"/>', _n(limit * scale))
    return _svg("plot", width, 22, body, name, stretch=True)


def band(low: float, high: float, wanted: float, *, most: float, width: int = 320, name: str = "") -> SafeString:
    """What is certain, full, and what is possible beyond it, hatched, on a scale from 0; the line is what is wanted."""
    scale = width / most if most else 0
    sure, possible = low * scale, max((high - low) * scale, 0)
    body = format_html('<rect y="9" width="{}" height="4" class="trk"/>', width)
    cells = [(_n(0), _n(sure), "f-ok"), (_n(sure), _n(possible), "fx")]
    body += format_html_join("", '<rect x="{}" y="6" width="{}" height="10" class="{}"/>', cells)
    body += format_html('<path class="lim" d="M{} 2V20"/>', _n(wanted * scale))
    return _svg("plot", width, 22, body, name, stretch=True)


def _text(x: float, y: float, text: str, kind: str, *, end: bool = False) -> SafeString:
    if not text:
        return SafeString("")
    anchor = SafeString(' text-anchor="end"') if end else ""
    return format_html('<text x="{}" y="{}" class="{}"{}>{}</text>', _n(x), _n(y), kind, anchor, text)


def _svg(kind: str, width: int, height: int, body: SafeString, name: str, *, stretch: bool = False) -> SafeString:
    about = format_html('role="img" aria-label="{}"', name) if name else SafeString('aria-hidden="true"')
    box = SafeString(' preserveAspectRatio="none"') if stretch else ""
    return format_html('<svg class="{}" viewBox="0 0 {} {}"{} {}>{}</svg>', kind, width, height, box, about, body)
