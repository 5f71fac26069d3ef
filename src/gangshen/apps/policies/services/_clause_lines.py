"""One condition as a line of texts that a form or a sheet can hold, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import Clause, ClauseKind, Operator
from gangshen.engines.vocabulary import Attribute, UnknownAttribute
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._changes import clause_value, typed
from ._grouping import grouped

__all__ = [
    "CLAUSE_FIELDS",
    "FIRST",
    "Line",
    "attribute_called",
    "clause_line",
    "clause_lines",
    "clause_of",
    "named_lines",
    "spoken",
]

CLAUSE_FIELDS = ("id", "group", "attribute", "operator", "value", "unit", "period", "label", "quote")
FIRST = "stated"  # the clause of a policy just begun: it keeps an empty draft from deciding anything
Line = Mapping[str, str]


def spoken(id: str | None) -> str:
    """An attribute by its name where that leads back to it, else by its id."""
    known = registers.any_attribute(id)
    if known is None:
        return id or ""
    back = registers.vocabulary().link(label(known.label))
    return label(known.label) if back is not None and back.id == known.id else known.id


def attribute_called(name: str, where: str) -> Attribute:
    """The attribute called so, by name or id; raises :class:`Refused` naming ``where``."""
    words = registers.vocabulary()
    found = words.link(name) if name not in words else None
    try:
        return found or words.get(name)
    except UnknownAttribute as error:
        raise Refused(f"{where}: {label(error.message)}", _("Choose one of the list.")) from None


def clause_lines(edition: benefits.PolicyVersion) -> list[dict[str, str]]:
    """Each clause as a line of texts (:data:`CLAUSE_FIELDS`); ``group`` says what it stands in, in words."""
    return [clause_line(clause, group) for clause, group in grouped(edition.eligibility)]


def clause_line(clause: Clause, group: str = "") -> dict[str, str]:
    value = clause.value
    if isinstance(value, bool):
        text = str(_("yes") if value else _("no"))
    elif isinstance(value, tuple):
        text = " – ".join(map(typed, value)) if clause.operator is Operator.BETWEEN else "、".join(map(typed, value))
    else:
        text = "" if value is None else typed(value)
    return {
        "id": clause.id,
        "group": group,
        "attribute": spoken(clause.attribute),
        "operator": clause.operator.value if clause.operator else "",
        "value": text,
        "unit": clause.unit or "",
        "period": clause.period or "",
        "label": clause.label,
        "quote": clause.quote,
    }


def clause_of(old: Clause, line: Line) -> Clause:
    """``old`` as its line says now; raises :class:`Refused` naming the condition and what is wrong in it."""
    if old.attribute and _same(old, line):
        return old
    if old.id and not line["attribute"].strip():  # words nobody translated: only what they say is edited
        kind = old.kind if old.kind is not ClauseKind.DATA else ClauseKind.UNTRANSLATED
        return old.model_copy(update={"kind": kind, "attribute": None, "operator": None, "value": None, **_words(line)})
    name, where = line["attribute"].strip(), line["label"].strip() or line["id"].strip()
    known = attribute_called(name, where)
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
    was = clause_line(old)
    return all(was[name] == line.get(name, "").strip() for name in CLAUSE_FIELDS if name != "group")


def _words(line: Line) -> dict[str, str]:
    return {"label": line["label"].strip(), "quote": line["quote"].strip()}


def named_lines(texts: Sequence[Line]) -> dict[str, Line]:
    """The lines that say something, by the name of their clause; a line without one is called after its attribute."""
    said = [line for line in texts if any(value.strip() for name, value in line.items() if name != "group")]
    taken = {line["id"].strip() for line in said}
    lines: dict[str, Line] = {}
    for line in said:
        id = line["id"].strip()
        if not id:
            id = _free_id(line, taken)
            taken.add(id)
        if id in lines:
            raise Refused(
                _("There are two conditions called %(name)s.") % {"name": id}, _("Rename one; nothing was kept.")
            )
        lines[id] = line
    return lines


def _free_id(line: Line, taken: set[str]) -> str:
    name = line["attribute"].strip()
    base = attribute_called(name, line["label"].strip() or _("A new condition")).id if name else "stated"
    return next(one for n in range(1, 1000) if (one := f"{base}-{n}" if n > 1 else base) not in taken)
