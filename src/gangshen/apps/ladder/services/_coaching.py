"""辅导名单: firms that are to reach a title, each a case of its account manager; results come back by Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.ladder.models import Coached, CoachingList, Title
from gangshen.apps.registers import services as registers
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import FormatError, Problem, Text
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._missing import facts_of, missing_words, outlook
from ._survey import Survey

__all__ = ["CASE", "HEADS", "Came", "answered", "case_key", "coach", "find", "open_case_of", "read_back"]

CASE = "coaching"
MOST = 60  # firms on one list: more are not coached by name
HEADS = {  # column → its title in the two languages
    "key": ("编号", "Key"),
    "firm": ("企业", "Enterprise"),
    "manager": ("服务专员", "Account manager"),
    "missing": ("还缺什么", "What is missing"),
    "by": ("前置称号有效至", "Base title valid until"),
    "due": ("期限", "Due"),
    "outcome": ("结果", "Outcome"),
    "note": ("说明", "Note"),
}
Outcome = Coached.Outcome


@dataclass(frozen=True, slots=True)
class Came:
    """What an Excel that came back changed."""

    changed: int
    same: int


def find(reference: str) -> Coached | None:
    """The firm on the list of ``LIST/FIRM``."""
    key, _slash, firm = reference.partition("/")
    found = Coached.objects.filter(list__key=key, firm__key=firm)
    return found.select_related("list__title", "firm", "case__owner").first()


@transaction.atomic
def coach(
    survey: Survey, title: str, firms: Sequence[str], *, name: str, actor: User | None, now: dt.datetime
) -> CoachingList:
    """Make a list of ``firms`` that are to reach ``title``; each becomes a case of its account manager.

    Raises Refused for no firm, too many, one that is not in the register or holds the title; nothing is kept then.
    """
    if actor is not None:
        require(actor, "add", CoachingList)
    if title not in survey.ladder.titles:
        raise Refused(_("There is no title %(key)s.") % {"key": title}, ", ".join(survey.ladder.titles))
    wanted = list(dict.fromkeys(firms))
    known = {one.key: one for one in Organisation.objects.filter(key__in=wanted, kind=Organisation.Kind.ENTERPRISE)}
    _check(survey, title, wanted, known)
    of, edition = survey.ladder.titles[title]
    words = name.strip()[:100] or _("%(title)s, %(day)s") % {"title": label(of.title), "day": survey.as_of}
    made = CoachingList.objects.create(
        key=_free(f"{title}-{survey.as_of}"),
        name=words,
        title=Title.objects.get(key=title),
        edition=edition.edition,
        as_of=survey.as_of,
        made_by=actor,
    )
    managers = registers.managers(wanted, survey.as_of)
    for number, key in enumerate(wanted, start=1):
        row = _coached(survey, made, number, known[key])
        open_case_of(row, manager=managers[key], actor=actor, now=now)
    archive.record_event(actor, "ladder.coached", made, {"title": title, "firms": len(wanted)})
    return made


def _check(survey: Survey, title: str, wanted: Sequence[str], known: dict[str, Organisation]) -> None:
    if not wanted:
        raise Refused(_("No firm is chosen."), _("Choose at least one in the list of firms."))
    if len(wanted) > MOST:
        raise Refused(
            _("%(n)s firms are too many for one list.") % {"n": len(wanted)}, _("Choose up to %(n)s.") % {"n": MOST}
        )
    if gone := [key for key in wanted if key not in known]:
        raise Refused(_("The register has no firm %(key)s.") % {"key": gone[0]}, _("Choose from the list of firms."))
    for key in wanted:
        row = survey.rows.get(key)
        if row is not None and row.holding.holds(title):
            raise Refused(_("%(firm)s holds this title already.") % {"firm": row.name}, _("Leave it out."))


def _free(wanted: str) -> str:
    base, key, number = slugify(wanted)[:50], slugify(wanted)[:50], 1
    while CoachingList.objects.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return key


def _coached(survey: Survey, made: CoachingList, number: int, firm: Organisation) -> Coached:
    row = survey.rows.get(firm.key)
    found = None
    if row is not None:
        found = outlook(survey.ladder, made.title.key, facts_of(firm.key, survey.as_of), row.holding)
    return Coached.objects.create(
        list=made,
        number=number,
        firm=firm,
        missing=missing_words(found)[:500],
        by=found.by if found else None,
    )


def case_key(row: Coached) -> str:
    return f"coaching:{row.list.key}/{row.firm.key}"


def open_case_of(
    row: Coached, *, manager: registers.Manager, actor: User | None, now: dt.datetime, due: dt.date | None = None
) -> Case:
    """The case by which the firm is coached: its account manager has it, else whoever hands out cases."""
    title = _("Coach %(firm)s: %(title)s") % {"firm": row.firm, "title": label(row.list.title.label)}
    row.case = cases.open_case(
        CASE,
        case_key(row),
        title=title,
        about=Ref("coached", f"{row.list.key}/{row.firm.key}"),
        owner=manager.user,
        instruction=row.missing,
        due=due,
        actor=actor if actor is not None and allowed(actor, "add", Case) else None,
        now=now,
    )
    row.save(update_fields=["case"])
    return row.case


def answered(case: Case, actor: Any) -> None:
    """The case is closed: its receipt is the note, the day its answer."""
    row = Coached.objects.filter(case=case).first()
    if row is not None and case.closed_at is not None:
        row.note, row.answered_on = case.receipt, timezone.localdate(case.closed_at)
        row.save(update_fields=["note", "answered_on"])


@transaction.atomic
def read_back(made: CoachingList, data: bytes, *, name: str, actor: User, today: dt.date) -> Came:
    """Take in the list's Excel with outcomes and notes filled in; all rows or none.

    Raises FormatError with row and column of every fault: a firm that is not on the list, given twice, or an outcome
    nobody knows. Firms that are not in the file stay as they are.
    """
    require(actor, "change", CoachingList)
    rows = {row.firm.key: row for row in made.firms.select_related("firm")}
    given, problems = _read(data, name), []
    words = {str(text).strip().lower(): value for value, text in Outcome.choices} | {one: one for one in Outcome.values}
    words |= {"辅导中": "open", "已申报": "applied", "已获称号": "won", "不再辅导": "dropped"}
    seen: set[str] = set()
    changes: list[Coached] = []
    for line, cells in given:
        key, outcome = cells["key"], cells["outcome"].lower()
        if key not in rows:
            problems.append(_fault(name, line, "key", f"名单上没有 {key}（删去该行）", f"{key} is not on the list"))
        elif key in seen:
            problems.append(_fault(name, line, "key", "同一企业出现两次（删去其一）", "given twice (remove one row)"))
        elif outcome and outcome not in words:
            usable = "、".join(str(text) for _value, text in Outcome.choices)
            problems.append(
                _fault(
                    name, line, "outcome", f"未知的结果“{cells['outcome']}”（用：{usable}）", f"write one of {usable}"
                )
            )
        else:
            row = rows[key]
            told = (words.get(outcome, row.outcome), cells["note"] or row.note)
            if told != (row.outcome, row.note):
                row.outcome, row.note = told
                row.answered_on = today if row.outcome != Outcome.OPEN else row.answered_on
                changes.append(row)
        seen.add(key)
    if problems:
        raise FormatError(problems)
    for row in changes:
        row.save(update_fields=["outcome", "note", "answered_on"])
    archive.record_event(actor, "ladder.read_back", made, {"changed": len(changes), "file": name})
    return Came(len(changes), len(given) - len(changes))


def _fault(name: str, line: int, column: str, zh: str, en: str) -> Problem:
    return Problem(name, line, HEADS[column][0], Text(zh=zh, en=en))


def _read(data: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    """Rows under the head, wherever it stands: the exported sheet has a line above it."""
    from openpyxl import load_workbook

    def refuse(zh: str, en: str) -> FormatError:
        return FormatError([Problem(name, None, "", Text(zh=zh, en=en))])

    try:
        page = load_workbook(BytesIO(data), read_only=True, data_only=True).worksheets[0]
    except Exception as error:  # openpyxl raises whatever the broken part raised
        raise refuse("不是可读的 .xlsx（重新另存）", "not a readable .xlsx (save it again)") from error
    page.reset_dimensions()
    places: dict[str, int] = {}
    found = []
    for line, cells in enumerate(page.iter_rows(values_only=True), start=1):
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if not places:
            places = {column: texts.index(one) for column, both in HEADS.items() for one in both if one in texts}
            if not {"key", "outcome", "note"} <= places.keys():
                places = {}
            continue
        row = {column: texts[at] if at < len(texts) else "" for column, at in places.items()}
        if row["key"]:
            found.append((line, row))
    if not places:
        heads = "、".join(HEADS[column][0] for column in ("key", "outcome", "note"))
        raise refuse(
            f"缺少列：{heads}（用导出的名单填写）", "the columns Key, Outcome and Note are missing (use the export)"
        )
    return found
