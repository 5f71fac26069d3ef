"""An edition as an Excel file that comes back changed: conditions, golden cases, and what is given, a sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from gangshen.apps.policies.models import PolicyVersion
from gangshen.engines import benefits
from gangshen.engines.formats import FormatError, read_table
from gangshen.web import excel
from gangshen.web.errors import Refused

from ._clause_lines import CLAUSE_FIELDS, Line, clause_lines
from ._editing import edited, problems_said
from ._giving import giving, known_field
from ._giving_words import field_words
from ._golden import CASE_FIELDS, case_lines
from ._law import engine_version

__all__ = ["rule_workbook", "rule_workbook_read"]

CLAUSES, CASES, GIVES = (
    "conditions",
    "cases",
    "benefit",
)  # names of the sheets and heads of the columns are keys, not translated

GIVE_FIELDS = ("field", "value")  # as of the form: way, kind, amount, amount_unit, cap.0.amount, …


def rule_workbook(version: PolicyVersion) -> bytes:
    """The sheets ``conditions``, ``cases`` and ``benefit``; heads are the names of the fields."""
    rule = engine_version(version)
    gives = [{"field": name, "value": text, "words": field_words(name)} for name, text in giving(rule.benefit).items()]
    return excel.workbook(
        [
            _sheet(CLAUSES, CLAUSE_FIELDS, clause_lines(rule)),
            _sheet(CASES, CASE_FIELDS, case_lines(rule)),
            _sheet(GIVES, (*GIVE_FIELDS, "words"), gives),
        ]
    )


def _sheet(name: str, fields: Sequence[str], lines: Sequence[Line]) -> excel.Sheet:
    heads = [excel.Head(field, "text", 36 if field in ("quote", "given") else 18) for field in fields]
    return excel.Sheet(name, "", heads, [[line[field] for field in fields] for line in lines])


def rule_workbook_read(version: PolicyVersion, data: bytes, name: str) -> benefits.PolicyVersion:
    """The edition as the file says; raises :class:`Refused` with sheet, row or field of what can't be read."""
    rows = _rows(data, name, CLAUSES, CLAUSE_FIELDS), _rows(data, name, CASES, CASE_FIELDS)
    gives = None
    if GIVES in _sheets(data):  # files exported by earlier releases have none: what is given then stays
        gives = {row["field"].strip(): row["value"] for row in _rows(data, name, GIVES, GIVE_FIELDS)}
        if unknown := next((one for one in gives if not known_field(one)), None):
            raise Refused(
                _("Sheet %(sheet)s of %(file)s: there is no field %(name)s.")
                % {"sheet": GIVES, "file": name, "name": unknown},
                _("Use the fields of an exported file."),
            )
    return edited(engine_version(version), *rows, gives=gives)


def _sheets(data: bytes) -> list[str]:
    return list(load_workbook(BytesIO(data), read_only=True).sheetnames)


def _rows(data: bytes, name: str, sheet: str, fields: Sequence[str]) -> list[dict[str, str]]:
    try:
        table = read_table(data, name=name, sheet=sheet)
    except FormatError as error:
        raise Refused(problems_said(error.problems[:3]), _("Export it first and edit that file.")) from None
    missing = [field for field in fields if field not in table.headers]
    if missing:
        raise Refused(
            _("Sheet %(sheet)s of %(file)s lacks the columns %(names)s.")
            % {"sheet": sheet, "file": name, "names": ", ".join(missing)},
            _("Export it first and edit that file."),
        )
    return [{field: row.cells[field] or "" for field in fields} for row in table.rows]
