"""Tags and filters of every template: status, marks, evidence, figures, dates, plots, parts of pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gangshen.web import charts, components, formatting, plots
from gangshen.web import context as around

register = template.Library()

register.simple_tag(components.icon, name="icon")
register.simple_tag(components.shape, name="shape")
register.simple_tag(components.status, name="status")
register.simple_tag(components.chip, name="evidence")
register.simple_tag(components.dots, name="dots")
register.simple_tag(plots.shares, name="shares")
register.simple_tag(plots.sparkline, name="sparkline")
register.simple_tag(plots.progress, name="progress")
register.simple_tag(plots.bars, name="bars")
register.simple_tag(plots.interval, name="interval")

register.filter("label", formatting.label)
register.filter("number", formatting.number)
register.filter("percent", formatting.percent)
register.filter("yuan", formatting.yuan)
register.filter("day", formatting.day)
register.filter("short_day", formatting.short_day)
register.filter("long_day", formatting.long_day)
register.filter("moment", formatting.moment)
register.filter("unit_words", formatting.unit_words)
register.filter("money_text", formatting.money_text)


@register.simple_tag
def mark(kind: str, words: Any = "", short: bool = False) -> SafeString:
    """``{% mark "synthetic" %}``, ``{% mark "stale" "过期 9 天" %}``, ``{% mark "synthetic" short=True %}``."""
    return components.mark(kind, words, short=short)


@register.filter
def money(fen: Any) -> SafeString:
    """Fen, or an interval of it, as a figure with a small grey unit; the exact yuan on hover."""
    figure, unit = formatting.money_parts(fen)
    if not unit:
        return conditional_escape(figure)
    if isinstance(fen, int):
        return format_html('<span title="¥{}">{}<span class="u">{}</span></span>', formatting.yuan(fen), figure, unit)
    return format_html('{}<span class="u">{}</span>', figure, unit)


@register.filter
def toast_state(level: str) -> str:
    """Shape of a message of Django's by its level."""
    return {"error": "bad", "warning": "near"}.get(level, "ok")


@register.filter
def trim(html: str) -> SafeString:
    """Rendered markup without the white space around it, so that an empty block leaves an empty element."""
    return mark_safe(html.strip())


@register.simple_tag
def fig(value: Any, url: str = "") -> SafeString:
    """A figure of the answer, linked to its parts."""
    shown = value if isinstance(value, SafeString) else formatting.label(value)
    return format_html('<a class="fig" href="{}">{}</a>' if url else '<b class="fig">{1}</b>', url, shown)


@register.simple_tag
def unit(value: Any, words: Any) -> SafeString:
    """A figure and its small grey unit."""
    shown = value if isinstance(value, str) else formatting.number(value)
    return format_html('{}<span class="u">{}</span>', shown, formatting.unit_words(words))


@register.simple_tag
def key(name: str) -> SafeString:
    """The key that does the same, shown on its button."""
    return format_html("<kbd>{}</kbd>", name)


@register.simple_tag
def quote(text: str, marked: Any = (), before: str = "", after: str = "") -> SafeString:
    """Source text with the deciding words marked: ``marked`` is a string, strings, or (start, end) pairs in ``text``."""
    inner = _marked(text, _spans(text, [marked] if isinstance(marked, str) else list(marked)))
    around = '<span class="around">{}</span>'
    head = format_html(around, before) if before else ""
    tail = format_html(around, after) if after else ""
    return format_html('<blockquote class="quote">{}{}{}</blockquote>', head, inner, tail)


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> SafeString:
    parts, at = [], 0
    for start, end in spans:
        parts += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    parts.append(conditional_escape(text[at:]))
    return SafeString("".join(parts))


@register.simple_tag
def found(fragment: Any) -> SafeString:
    """A fragment of a search hit (text and spans) with the words found marked."""
    return _marked(fragment.text, _spans(fragment.text, list(fragment.spans)))


def _spans(text: str, marked: Sequence[Any]) -> list[tuple[int, int]]:
    found = []
    for one in marked:
        if isinstance(one, str):
            start = text.find(one) if one else -1
            if start >= 0:
                found.append((start, start + len(one)))
        else:
            found.append((one[0], one[1]))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not merged or start >= merged[-1][1]:
            merged.append((start, end))
    return merged


@register.inclusion_tag("parts/strip.html")
def strip(measures: Sequence[components.Measure]) -> dict[str, Any]:
    """A strip of two to six measures of equal rank."""
    return {"measures": measures, "count": len(measures)}


@register.inclusion_tag("parts/empty.html")
def empty(title: Any, text: Any = "", url: str = "", action: Any = "") -> dict[str, Any]:
    """Nothing here: what comes next, and when data last arrived."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("parts/note.html")
def note(state: str, text: Any, url: str = "", action: Any = "") -> dict[str, Any]:
    """A warning that changes what one does next."""
    return {"state": state, "text": text, "url": url, "action": action}


@register.inclusion_tag("parts/steps.html")
def steps(names: Sequence[Any], now: int) -> dict[str, Any]:
    """The process of a file; ``now`` counts from zero."""
    return {"steps": [(name, "done" if at < now else "now" if at == now else "") for at, name in enumerate(names)]}


@register.inclusion_tag("parts/chart.html")
def chart(what: charts.Chart) -> dict[str, Any]:
    """A chart and its table twin."""
    return {"chart": what}


@register.inclusion_tag("parts/field.html")
def field(bound: Any, kind: str = "") -> dict[str, Any]:
    """A form field with label, hint and faults; ``kind`` adds a class to its frame."""
    return {"field": bound, "kind": kind}


@register.inclusion_tag("parts/menu.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, Any]:
    """The menu; a page may name its entry in ``nav_key``."""
    return {"items": _menu(context)}


@register.inclusion_tag("parts/bar.html", takes_context=True)
def phone_bar(context: template.Context) -> dict[str, Any]:
    return {"items": around.bar(_menu(context))}


def _menu(context: template.Context) -> list[around.MenuItem]:
    request = context.get("request")
    if request is None:
        return []
    if not hasattr(request, "menu_items"):  # drawn twice on a page, counted once
        request.menu_items = around.menu(request, context.get("nav_key"))
    return request.menu_items  # type: ignore[no-any-return]


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; None removes one."""
    params: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            params.pop(name, None)
        elif isinstance(value, (list, tuple)):
            params.setlist(name, [str(one) for one in value])
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


@register.filter
def get(mapping: Mapping[str, Any], name: str) -> Any:
    """``mapping[name]``, or nothing."""
    return mapping.get(name)
