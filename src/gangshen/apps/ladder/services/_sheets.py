"""The ladder as Excel and Word, and a coaching list as Excel that can be imported again and as Word."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.ladder.models import CoachingList
from gangshen.engines.rungs import State
from gangshen.web import excel, word
from gangshen.web.excel import Head, Sheet
from gangshen.web.formatting import label

from ._coaching import HEADS
from ._counting import counts
from ._missing import facts_of, missing_words, outlook, title_words
from ._survey import Survey

__all__ = ["brief", "coaching_brief", "coaching_workbook", "state_words", "workbook"]

SHOWN = 30  # firms whose missing items are worked out for a file


def state_words(state: str) -> str:
    """How a certificate stands, in words."""
    return {
        State.HELD: _("held"),
        State.ENDING: _("ends soon"),
        State.ENDED: _("ended"),
        State.WITHDRAWN: _("withdrawn"),
        State.COMING: _("not begun"),
    }[State(state)]


def _marks(survey: Survey) -> tuple[str, ...]:
    return ("synthetic",) if any(row.synthetic for row in survey.rows.values()) else ()


def _near(survey: Survey, may: Any) -> list[list[Any]]:
    rows = []
    for row in survey.nearly[:SHOWN]:
        found = outlook(survey.ladder, row.goal, facts_of(row.firm, survey.as_of), row.holding)
        lacking = missing_words(found, may) or _("meets every condition")
        by = found.by if found else None
        rows.append([row.firm, row.name, title_words(survey.ladder, row.goal), lacking, by])
    return rows


def workbook(survey: Survey, may: Any) -> bytes:
    """Counts, firms near their next rung, titles that end, titles lost."""
    about = _("Ladder as of %(day)s; each firm counted once") % {"day": survey.as_of}
    names = survey.ladder.titles

    def held(pairs: Any) -> list[list[Any]]:
        return [
            [
                row.firm,
                row.name,
                title_words(survey.ladder, one.title),
                one.number,
                one.begins,
                one.withdrawn_on or one.ends,
                state_words(one.state),
                label(edition.renewal.words) if (edition := names[one.title][1]).renewal else "",
            ]
            for row, one in pairs
        ]

    firm = [Head(HEADS["key"][_at()], width=22), Head(HEADS["firm"][_at()], width=34)]
    title = Head(_("Title"), width=24)
    entry = [
        *firm,
        title,
        Head(_("Number")),
        Head(_("From"), "date"),
        Head(_("Until"), "date"),
        Head(_("State")),
        Head(_("Renewal"), width=44),
    ]
    return excel.workbook(
        [
            Sheet(_("Firms by rung"), about, [Head(_("Key")), Head(_("Counted"), width=44), Head(_("Firms"), "number"), Head(_("May count"), "number")], [[one.key, label(one.label), one.value, len(one.open)] for one in counts(survey)]),
            Sheet(_("Nearly there"), about, [*firm, title, Head(HEADS["missing"][_at()], width=60), Head(HEADS["by"][_at()], "date")], _near(survey, may)),
            Sheet(_("Ending in 180 days"), about, entry, held(survey.ending)),
            Sheet(_("Ended or withdrawn"), about, entry, held(survey.lost())),
        ]
    )  # fmt: skip


def _at() -> int:
    return 1 if (get_language() or "").startswith("en") else 0


def brief(survey: Survey, may: Any) -> bytes:
    """A page of Word: counts, who is near, which titles end."""
    text = word.Word(_("The cultivation ladder"), survey.as_of, marks=_marks(survey))
    text.paragraph(_("Each firm is counted once, by certificates valid on the day."))
    text.table([_("Counted"), _("Firms")], [[label(one.label), str(one.value)] for one in counts(survey)], right=[1])
    text.heading(_("Nearly there"))
    near = [[str(row[1]), str(row[2]), str(row[3])] for row in _near(survey, may)[:12]]
    text.table([_("Enterprise"), _("Next title"), _("What is missing")], near)
    text.heading(_("Titles ending in 180 days"))
    ends = [[row.name, title_words(survey.ladder, one.title), str(one.ends or "")] for row, one in survey.ending[:40]]
    text.table([_("Enterprise"), _("Title"), _("Until")], ends)
    return text.save()


def _coached(made: CoachingList) -> list[dict[str, Any]]:
    rows = made.firms.select_related("firm", "case__owner")
    return [
        {
            "key": row.firm.key,
            "firm": row.firm.name,
            "manager": str(row.case.owner or "") if row.case else "",
            "missing": row.missing,
            "by": row.by,
            "due": row.case.due if row.case else None,
            "outcome": row.get_outcome_display(),
            "note": row.note,
        }
        for row in rows
    ]


def coaching_workbook(made: CoachingList) -> bytes:
    """The list with columns for outcome and note; filled in, it is read back."""
    widths = {"key": 22, "firm": 34, "missing": 60, "note": 44}
    kinds = {"by": "date", "due": "date"}
    heads = [Head(both[_at()], kinds.get(column, "text"), widths.get(column, 16)) for column, both in HEADS.items()]
    rows = [[row[column] for column in HEADS] for row in _coached(made)]
    about = _("%(name)s; made on %(day)s; fill in outcome and note and import it again")
    return excel.workbook([Sheet(made.name, about % {"name": made.name, "day": made.as_of}, heads, rows)])


def coaching_brief(made: CoachingList) -> bytes:
    """The list as a Word file for the desk."""
    rows = _coached(made)
    synthetic = made.firms.filter(firm__synthetic=True).exists()
    text = word.Word(made.name, made.as_of, marks=("synthetic",) if synthetic else ())
    text.paragraph(_("%(n)s firms are to reach: %(title)s.") % {"n": len(rows), "title": label(made.title.label)})
    shown = ("firm", "manager", "missing", "due")
    text.table([HEADS[name][_at()] for name in shown], [[str(row[name] or "") for name in shown] for row in rows])
    return text.save()
