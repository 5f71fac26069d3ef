"""Why an item is doubtful, in the reader's words turned into the user's."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

__all__ = ["REASONS", "doubt_words"]

REASONS = {
    "approximate": _("the value is printed as approximate"),
    "case by case": _("granted case by case"),
    "day left open in the text": _("the text leaves the day open"),
    "day of issue unknown": _("the day of issue is unknown"),
    "effective from the day of issue": _("effective from the day of issue"),
    "from a text that is no policy": _("from a text that is no policy"),
    "ladder: check which step is whose": _("a ladder: check which step is whose"),
    "no condition read": _("no condition was read"),
    "no deadline": _("no deadline is printed"),
    "no figure": _("a benefit without a figure"),
    "read otherwise by the newer reader": _("read otherwise by the newer reader"),
    "proposed by a model": _("proposed by a model; its words stand in the text"),
    "rate printed as a range": _("the rate is printed as a range"),
    "relative: check denominator and its year": _("a share or growth: check of what, and of which year"),
    "several dates": _("several dates are printed"),
    "recognised from a picture": _("the text was recognised from a picture"),
    "year not printed": _("the year of the deadline is not printed"),
    "title joined from several lines": _("the title was joined from several lines"),
    "title may run into text": _("the title may run into the text"),
    "unassigned": _("no responsible unit is printed"),
    "unit implied": _("the unit is implied, not printed"),
}


def doubt_words(doubts: Iterable[str]) -> list[str]:
    """The reasons in the active language; one the list does not know stays as the reader gave it."""
    return [str(REASONS.get(doubt, doubt)) for doubt in doubts]
