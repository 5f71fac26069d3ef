"""A comparison to take away: 版本对比表 in Word, and as a workbook."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.documents import services
from gangshen.engines.comparing import KINDS, Change, parts
from gangshen.web import excel as sheets
from gangshen.web.formatting import label
from gangshen.web.word import Word

__all__ = ["KIND_WORDS", "comparison_excel", "comparison_word", "files_word"]

KIND_WORDS: dict[str, Any] = {
    "number": gettext_lazy("changed numbers"),
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "moved": gettext_lazy("moved"),
    "reworded": gettext_lazy("reworded"),
}


def summary(counts: dict[Any, int]) -> str:
    """The counts of changes as one sentence."""
    return _(
        "%(number)d passages with changed numbers, %(added)d added, %(removed)d removed, %(moved)d moved, "
        "%(reworded)d reworded."
    ) % {kind: counts[kind] for kind in KINDS}


def _figures(change: Change) -> str:
    return "；".join(
        f"{one.old.quote if one.old else '—'} → {one.new.quote if one.new else '—'}" for one in change.figures
    )


def _cells(change: Change) -> tuple[Any, Any]:
    if change.old is None or change.new is None or change.kind == "moved":
        return (change.old.quote if change.old else "—", change.new.quote if change.new else "—")
    left, right = parts(change.old.quote, change.new.quote)
    return [(p.text, "gone" if p.changed else "") for p in left], [(p.text, "new" if p.changed else "") for p in right]


def files_word(
    old: str, new: str, comparison: Any, day: dt.date | None, touched: dict[int, list[services.Rest]]
) -> bytes:
    """版本对比表: every change with its place, both wordings with what differs marked, and what rests on it."""
    page = Word(_("Comparison of versions"), day)
    page.paragraph(_("Old: %(title)s") % {"title": old})
    page.paragraph(_("New: %(title)s") % {"title": new})
    page.paragraph(summary(comparison.counts))
    number = 0
    for at, kind in enumerate([kind for kind in KINDS if comparison.counts[kind]]):
        changes = [(place, one) for place, one in enumerate(comparison.changes) if one.kind == kind]
        page.heading(f"{'一二三四五'[at]}、{KIND_WORDS[kind]}")
        rows = []
        for place, change in changes:
            number += 1
            stands = change.new or change.old
            rests = "；".join(label(rest.what.title) for rest in touched.get(place, []))
            rows.append([str(number), "\n".join(stands.place) if stands else "", *_cells(change), rests])
        page.table([_("No."), _("Place"), _("Old wording"), _("New wording"), _("Rests on it")], rows)
    return page.save()


def comparison_word(found: services.Compared, day: dt.date) -> bytes:
    """The sheet of two documents on file."""
    old, new = found.old.document.title, found.new.document.title
    return files_word(old, new, found.comparison, day, found.touched)


def comparison_excel(found: services.Compared) -> bytes:
    """One row a change."""
    heads = [
        sheets.Head(_("Number"), "number", 8),
        sheets.Head(_("Kind"), "text", 14),
        sheets.Head(_("Place"), "text", 30),
        sheets.Head(_("Old wording"), "text", 60),
        sheets.Head(_("New wording"), "text", 60),
        sheets.Head(_("Figures"), "text", 36),
        sheets.Head(_("Rests on it"), "text", 40),
    ]
    rows = [
        [
            number + 1,
            str(KIND_WORDS[one.kind]),
            " › ".join(stands.place) if (stands := one.new or one.old) else "",
            one.old.quote if one.old else "",
            one.new.quote if one.new else "",
            _figures(one),
            "；".join(label(rest.what.title) for rest in found.touched.get(number, [])),
        ]
        for number, one in enumerate(found.comparison.changes)
    ]
    about = f"{found.old.document.title} → {found.new.document.title}。{summary(found.comparison.counts)}"
    return sheets.workbook([sheets.Sheet(_("Changes"), about, heads, rows)])
