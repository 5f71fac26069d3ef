"""The parts a page is made of, as values; templates and tags draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .formatting import label

__all__ = ["MARKS", "STATES", "Evidence", "Measure", "chip", "dots", "evidence_url", "icon", "mark", "shape", "status"]

State = Literal["ok", "near", "bad", "unk", "na"]
STATES: tuple[str, ...] = ("ok", "near", "bad", "unk", "na")
_CHIP_ICONS = {"doc", "rec", "obs", "job", "entry", "case", "run"}

# kind -> (long form, short form for tables)
MARKS: dict[str, tuple[Any, Any]] = {
    "synthetic": (gettext_lazy("Synthetic example"), gettext_lazy("Synthetic")),
    "draft": (gettext_lazy("Draft"), gettext_lazy("Draft")),
    "forecast": (gettext_lazy("Forecast"), gettext_lazy("Forecast")),
    "provisional": (gettext_lazy("Provisional"), gettext_lazy("Provisional")),
    "assumed": (gettext_lazy("Assumed"), gettext_lazy("Assumed")),
    "stale": (gettext_lazy("Out of date"), gettext_lazy("Stale")),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reference opens to: the words, what stands around them, and where they came from.

    ``quote`` is the deciding text (or ``values`` for a record: label and value pairs); ``before`` and ``after`` its
    surroundings; ``url`` the whole source; ``date`` when it was said or read; ``marks`` kinds of :data:`MARKS`.
    """

    title: Any
    url: str = ""
    quote: str = ""
    before: str = ""
    after: str = ""
    source: Any = ""
    date: date | None = None
    marks: tuple[str, ...] = ()
    values: tuple[tuple[Any, Any], ...] = ()
    wrong_url: str = ""  # where "this is wrong" is reported


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a strip: what, how much, how it stands, what it means."""

    label: Any
    value: Any
    unit: Any = ""
    note: Any = ""
    state: str = ""
    plot: SafeString | str = ""
    url: str = ""


def icon(name: str) -> SafeString:
    """An icon of the sprite, silent for readers: the words beside it say what it means."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("sprite.svg"), name)


def shape(state: str, words: Any = "") -> SafeString:
    """The shape of a state; ``words`` name it for readers where no word stands beside it."""
    if state not in STATES:
        raise ValueError(f"no state {state!r}; there are {', '.join(STATES)}")
    about = format_html('role="img" aria-label="{}"', label(words)) if words else SafeString('aria-hidden="true"')
    return format_html('<svg class="s s-{}" {}><use href="{}#s-{}"/></svg>', state, about, static("sprite.svg"), state)


def status(state: str, words: Any) -> SafeString:
    """Shape, colour and word of a state: ``status("bad", "超期 2 个工作日")``."""
    return format_html('<span class="st st-{}">{}{}</span>', state, shape(state), label(words))


def mark(kind: str, words: Any = "", *, short: bool = False) -> SafeString:
    """What is not a settled fact, said so: 合成, 草案, 预测, 暂定, 假定, 过期; ``words`` replace the usual ones."""
    if kind not in MARKS:
        raise ValueError(f"no mark {kind!r}; there are {', '.join(MARKS)}")
    text = label(words) or str(MARKS[kind][1 if short else 0])
    return format_html('<span class="mark mark-{}{}">{}</span>', kind, " mark-s" if short else "", text)


def evidence_url(ref: Any) -> str:
    """Where a reference opens."""
    return f"{reverse('web:evidence')}?{urlencode({'ref': str(ref)})}"


def chip(ref: Any, words: Any = "") -> SafeString:
    """Evidence chip: opens ``ref`` in the panel, or as a page without script."""
    text = str(ref)
    scheme = text.partition(":")[0]
    url = evidence_url(text)
    return format_html(
        '<a class="ev" href="{}" hx-get="{}" hx-target="#panel" data-ref="{}">{}{}</a>',
        url,
        url,
        text,
        icon(scheme if scheme in _CHIP_ICONS else "rec"),
        label(words) or _("Source"),
    )


def dots(states: Sequence[str]) -> SafeString:
    """One shape per condition, in the order of the clause; readers hear the counts."""
    names = {"ok": _("met"), "near": _("near"), "bad": _("not met"), "unk": _("unknown"), "na": _("not applicable")}
    said = _(", ").join(f"{states.count(state)} {names[state]}" for state in STATES if state in states)
    shapes = SafeString("".join(shape(state) for state in states))
    return format_html('<span class="dots" role="img" aria-label="{}">{}</span>', said, shapes)
