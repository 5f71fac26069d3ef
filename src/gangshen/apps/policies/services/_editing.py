"""An edition as lines that a form or a sheet can hold, and back: clauses, what is given, dates, golden cases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import Fen, FormatError, Problem, dump_yaml, load_yaml
from gangshen.engines.rules import Clause, ClauseKind, Operator, clauses
from gangshen.engines.vocabulary import UnknownAttribute
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._changes import Changes, clause_value, made, rebuilt, settings_of, truth, typed
from ._grouping import check_groups, grouped, placed

__all__ = [
    "CASE_FIELDS",
    "CLAUSE_FIELDS",
    "case_lines",
    "clause_lines",
    "edited",
    "edition_of_yaml",
    "edition_yaml",
    "problems_said",
    "with_boundaries",
]

CLAUSE_FIELDS = ("id", "group", "attribute", "operator", "value", "unit", "period", "label", "quote")
CASE_FIELDS = ("name", "as_of", "given", "decision", "low", "high")
Line = Mapping[str, str]
_FEN: TypeAdapter[int] = TypeAdapter(Fen)
_PAIR = re.compile(r"\s*([\w@]+)\s*[=：:]\s*(.*?)\s*")
_FRAME = ("valid_from", "valid_to", "authority", "served_by")


def edition_yaml(edition: benefits.PolicyVersion) -> str:
    """The text of an edition as YAML."""
    return dump_yaml(edition)


def edition_of_yaml(text: str, name: str) -> benefits.PolicyVersion:
    """The other way; raises :class:`Refused` with line, field and remedy of every fault."""
    try:
        return load_yaml(text, benefits.PolicyVersion, name=name)
    except FormatError as error:
        raise Refused(problems_said(error.problems[:5]), _("Correct the text; nothing was kept.")) from None


def problems_said(problems: Iterable[Problem]) -> str:
    """Faults of a file in the language of the page."""
    return "; ".join(one.in_language(get_language() or "zh") for one in problems)


def clause_lines(edition: benefits.PolicyVersion) -> list[dict[str, str]]:
    """Each clause as a line of texts (:data:`CLAUSE_FIELDS`); ``group`` says what it stands in, in words."""
    return [_line(clause, group) for clause, group in grouped(edition.eligibility)]


def _line(clause: Clause, group: str) -> dict[str, str]:
    value = clause.value
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, tuple):
        text = " – ".join(map(typed, value)) if clause.operator is Operator.BETWEEN else "、".join(map(typed, value))
    else:
        text = "" if value is None else typed(value)
    return {
        "id": clause.id,
        "group": group,
        "attribute": clause.attribute or "",
        "operator": clause.operator.value if clause.operator else "",
        "value": text,
        "unit": clause.unit or "",
        "period": clause.period or "",
        "label": clause.label,
        "quote": clause.quote,
    }


def case_lines(edition: benefits.PolicyVersion) -> list[dict[str, str]]:
    """Each golden case as a line of texts (:data:`CASE_FIELDS`); ``given`` is ``attribute=value`` pairs, amounts yuan."""
    return [
        {
            "name": case.name,
            "as_of": case.as_of.isoformat() if case.as_of else "",
            "given": "；".join(f"{key}={_given(value)}" for key, value in case.given.items()),
            "decision": case.expect.decision.value,
            "low": _yuan(case.expect.amount_fen and case.expect.amount_fen.low),
            "high": _yuan(case.expect.amount_fen and case.expect.amount_fen.high),
        }
        for case in edition.cases
    ]


def _given(value: Any) -> str:
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(str(one.get("type") if isinstance(one, Mapping) else one) for one in value) or "[]"
    return str(value)


def _yuan(fen: int | None) -> str:
    return "" if fen is None else typed(fen / 100)


def edited(
    edition: benefits.PolicyVersion,
    clause_texts: Sequence[Line],
    case_texts: Sequence[Line],
    *,
    settings: Mapping[str, str] | None = None,
    frame: Line | None = None,
) -> benefits.PolicyVersion:
    """``edition`` with its clauses, cases, figures (``settings``) and dates (``frame``) as the lines say.

    A clause whose line is gone is left out, one with a new id is added to what must all hold, or to its group.
    What the lines don't show (spans, lists of a case) stays. Raises :class:`Refused` naming line and field.
    """
    old = {one.id: one for one in clauses(edition.eligibility)}
    lines = _named(clause_texts)
    check_groups(edition.eligibility, lines)
    kept = rebuilt(edition.eligibility, lambda one: _clause(one, lines[one.id]) if one.id in lines else None)
    new: dict[str, list[Clause]] = {}
    for id, line in lines.items():
        if id not in old:
            new.setdefault(line.get("group", "").strip(), []).append(_clause(Clause(id=id), line))
    rule = placed(kept, new)
    update: dict[str, Any] = {"eligibility": rule, "cases": _cases(edition, case_texts)}
    for name in _FRAME:
        if frame is not None and name in frame:
            update[name] = _date(name, frame[name]) if name.startswith("valid") else frame[name].strip()
    changed = edition.model_copy(update=update)
    given = {one.key: one for one in settings_of(changed) if not one.clause}
    moved = {
        key: text.strip()
        for key, text in (settings or {}).items()
        if key in given and text.strip() not in ("", given[key].value, given[key].shown)
    }
    return _whole(made(changed, Changes(values=moved)))


def _named(texts: Sequence[Line]) -> dict[str, Line]:
    """The lines that say something, by the name of their clause."""
    lines: dict[str, Line] = {}
    for line in texts:
        if not any(value.strip() for value in line.values()):
            continue
        id = line["id"].strip()
        if not id:
            raise Refused(_("A condition has no name."), _("Give it a short id, such as revenue."))
        if id in lines:
            raise Refused(
                _("There are two conditions called %(name)s.") % {"name": id}, _("Rename one; nothing was kept.")
            )
        lines[id] = line
    return lines


def _whole(edition: benefits.PolicyVersion) -> benefits.PolicyVersion:
    """The edition read again from its text, so that every rule of the format holds."""
    return edition_of_yaml(dump_yaml(edition), edition.version)


def _clause(old: Clause, line: Line) -> Clause:
    if old.attribute and _same(old, line):
        return old
    if old.id and not line["attribute"].strip():  # words nobody translated: only what they say is edited
        kind = old.kind if old.kind is not ClauseKind.DATA else ClauseKind.UNTRANSLATED
        return old.model_copy(update={"kind": kind, "attribute": None, "operator": None, "value": None, **_words(line)})
    name, where = line["attribute"].strip(), line["label"].strip() or line["id"].strip()
    attribute = registers.vocabulary().link(name) if name not in registers.vocabulary() else None
    try:
        known = attribute or registers.vocabulary().get(name)
    except UnknownAttribute as error:
        raise Refused(f"{where}: {label(error.message)}") from None
    try:
        operator = Operator(line["operator"].strip())
    except ValueError:
        raise Refused(
            _("%(where)s: there is no operator “%(text)s”.") % {"where": where, "text": line["operator"]},
            _("Choose one of the list."),
        ) from None
    draft = Clause(
        **{**old.model_dump(), "kind": ClauseKind.DATA, "attribute": known.id, "operator": operator, **_words(line)}
    )
    value, unit = clause_value(line["value"], draft.model_copy(update={"unit": line["unit"].strip() or None}), known)
    period = line["period"].strip() or None
    return draft.model_copy(update={"value": value, "unit": line["unit"].strip() or unit or None, "period": period})


def _same(old: Clause, line: Line) -> bool:
    was = _line(old, "")
    return all(was[name] == line.get(name, "").strip() for name in CLAUSE_FIELDS if name != "group")


def _words(line: Line) -> dict[str, str]:
    return {"label": line["label"].strip(), "quote": line["quote"].strip()}


def _cases(edition: benefits.PolicyVersion, lines: Sequence[Line]) -> tuple[benefits.Case, ...]:
    old = {one.name: (one, line) for one, line in zip(edition.cases, case_lines(edition), strict=True)}
    found = []
    for line in lines:
        if not any(value.strip() for value in line.values()):
            continue
        name = line["name"].strip()
        if name in old and all(old[name][1][key] == line.get(key, "").strip() for key in CASE_FIELDS):
            found.append(old[name][0])
            continue
        found.append(_case(line, old[name][0] if name in old else None))
    names = [one.name for one in found]
    if double := next((one for one in names if names.count(one) > 1), None):
        raise Refused(_("There are two cases called %(name)s.") % {"name": double}, _("Rename one."))
    return tuple(found)


def _case(line: Line, old: benefits.Case | None) -> benefits.Case:
    name = line["name"].strip()
    if not name:
        raise Refused(_("A case has no name."), _("Say in a few words what it shows."))
    given: dict[str, Any] = {}
    for part in re.split(r"[；;\n]", line["given"]):
        pair = _PAIR.fullmatch(part)
        if part.strip() and pair is None:
            raise Refused(
                _("Case %(name)s: “%(text)s” gives no value.") % {"name": name, "text": part.strip()[:60]},
                _("Write attribute=value, several with semicolons."),
            )
        if pair:
            given[pair[1]] = _plain(pair[2], pair[1], old)
    amounts = [_fen(name, line.get(end, "")) for end in ("low", "high")]
    expect: dict[str, Any] = {"decision": line["decision"].strip()}
    if any(one is not None for one in amounts):
        low, high = (one if one is not None else amounts[1 - i] for i, one in enumerate(amounts))
        expect["amount_fen"] = {"low": low, "high": high}
    base = old.model_dump(exclude={"name", "as_of", "given", "expect"}) if old else {}
    if old and old.expect.decision.value == expect["decision"]:
        expect["reasons"] = old.expect.reasons
    try:
        return benefits.Case.model_validate(
            {**base, "name": name, "as_of": _date(name, line["as_of"]), "given": given, "expect": expect}
        )
    except ValidationError as error:
        fault = error.errors()[0]
        place = f"{'.'.join(map(str, fault['loc']))} “{fault['input']}”"
        raise Refused(
            _("Case %(name)s: %(place)s can't be read.") % {"name": name, "place": place},
            _("The answer is yes, no or unknown; the lower amount comes first."),
        ) from None


def _plain(text: str, key: str, old: benefits.Case | None) -> Any:
    """A value of a case from its text; one that reads as before is kept as it was typed."""
    if old is not None and key in old.given and _given(old.given[key]) == text:
        return old.given[key]
    if text == "?":
        return None
    if text in ("[]", "无"):
        return []
    known = registers.any_attribute(key.partition("@")[0])
    if known is not None and known.type.value == "list":
        return [one for one in re.split(r"[、,，]", text) if one]
    if known is not None and known.type.value == "bool":
        return truth(text, label(known.label))
    return text


def _fen(name: str, text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return _FEN.validate_python(text if text.strip().endswith("元") else f"{text.strip()}元")
    except ValidationError:
        raise Refused(
            _("Case %(name)s: “%(text)s” is no amount.") % {"name": name, "text": text[:40]}, _("Write it in yuan.")
        ) from None


def _date(name: str, text: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            _("%(name)s: “%(text)s” is no date.") % {"name": name, "text": text}, _("Write 2027-01-31.")
        ) from None


def with_boundaries(edition: benefits.PolicyVersion, chosen: Iterable[str]) -> benefits.PolicyVersion:
    """``edition`` with the chosen boundary cases (their number in :func:`~gangshen.engines.benefits.boundaries`) added.

    Each is the case it was made from with one figure moved; its answer is what the rule says now, for a person to check.
    """
    offered = benefits.boundaries(edition, registers.vocabulary())
    cases = {one.name: one for one in edition.cases}
    for text in chosen:
        if not text.isdigit() or int(text) >= len(offered):
            raise Refused(_("This boundary case is not offered any more."), _("Reload the page."))
        edge = offered[int(text)]
        clause = next(one for one in clauses(edition.eligibility) if one.id == edge.clause)
        base = cases[edge.case]
        attribute = registers.vocabulary().get(edge.attribute)
        value = edge.value if isinstance(edge.value, dt.date) else registers.vocabulary().write(attribute, edge.value)
        name = f"{clause.label or label(attribute.label)} {registers.shown(attribute, edge.value)}"
        given = {**base.given, edge.attribute: value}
        made_ = base.model_copy(
            update={"name": name, "given": given, "expect": benefits.Expect(decision=edge.decision)}
        )
        cases.setdefault(name, made_)
    return _whole(edition.model_copy(update={"cases": tuple(cases.values())}))
