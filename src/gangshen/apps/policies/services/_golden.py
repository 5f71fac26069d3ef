"""Golden cases as lines of texts that a form or a sheet can hold, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import Fen
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._changes import truth, typed
from ._clause_lines import Line, spoken

__all__ = ["CASE_FIELDS", "case_lines", "cases_of", "day_of"]

CASE_FIELDS = ("name", "as_of", "given", "decision", "low", "high")
_FEN: TypeAdapter[int] = TypeAdapter(Fen)
_PAIR = re.compile(r"\s*([^=：:]+?)\s*[=：:]\s*(.*?)\s*")


def case_lines(edition: benefits.PolicyVersion) -> list[dict[str, str]]:
    """Each golden case as a line of texts (:data:`CASE_FIELDS`); ``given`` is ``name=value`` pairs, amounts yuan."""
    return [
        {
            "name": case.name,
            "as_of": case.as_of.isoformat() if case.as_of else "",
            "given": "；".join(f"{_asked(key)}={_given(value)}" for key, value in case.given.items()),
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
        return "、".join(str(one.get("type") if isinstance(one, Mapping) else one) for one in value) or "无"
    return str(value)


def _yuan(fen: int | None) -> str:
    return "" if fen is None else typed(fen / 100)


def _asked(key: str) -> str:
    name, at, period = key.partition("@")
    return f"{spoken(name)}{at}{period}"


def _key(words: str, case: str) -> str:
    """The id of what a case states, by id or name, with its period (``revenue@2025``)."""
    name, at, period = words.partition("@")
    found = registers.any_attribute(name) or registers.vocabulary().link(name)
    if found is None:
        raise Refused(
            _("Case %(name)s: nothing is called “%(text)s”.") % {"name": case, "text": name[:40]},
            _("Write the names that the conditions use."),
        )
    return f"{found.id}{at}{period}"


def cases_of(edition: benefits.PolicyVersion, lines: Sequence[Line]) -> tuple[benefits.Case, ...]:
    """The cases that the lines say; one whose line is as it was stays as it is. Raises :class:`Refused` naming case and field."""
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
                _("Write name=value, several with semicolons."),
            )
        if pair:
            key = _key(pair[1], name)
            given[key] = _plain(pair[2], key, old)
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
            {**base, "name": name, "as_of": day_of(name, line["as_of"]), "given": given, "expect": expect}
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


def day_of(name: str, text: str) -> dt.date | None:
    """A date as typed, None for nothing; raises :class:`Refused` naming ``name``."""
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            _("%(name)s: “%(text)s” is no date.") % {"name": name, "text": text}, _("Write 2027-01-31.")
        ) from None
