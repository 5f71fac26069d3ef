"""An edition as an Excel file that comes back changed: conditions on one sheet, golden cases on the other."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gangshen.apps.policies.models import PolicyVersion
from gangshen.engines import benefits
from gangshen.engines.formats import FormatError, read_table
from gangshen.web import excel
from gangshen.web.errors import Refused

from ._editing import CASE_FIELDS, CLAUSE_FIELDS, Line, case_lines, clause_lines, edited, problems_said
from ._law import engine_version

__all__ = ["rule_workbook", "rule_workbook_read"]

CLAUSES, CASES = "conditions", "cases"  # names of the sheets and heads of the columns are keys, not translated


def rule_workbook(version: PolicyVersion) -> bytes:
    """The sheets ``conditions`` and ``cases``; heads are the names of the fields."""
    rule = engine_version(version)
    return excel.workbook(
        [_sheet(CLAUSES, CLAUSE_FIELDS, clause_lines(rule)), _sheet(CASES, CASE_FIELDS, case_lines(rule))]
    )


def _sheet(name: str, fields: Sequence[str], lines: Sequence[Line]) -> excel.Sheet:
    heads = [excel.Head(field, "text", 36 if field in ("quote", "given") else 18) for field in fields]
    return excel.Sheet(name, "", heads, [[line[field] for field in fields] for line in lines])


def rule_workbook_read(version: PolicyVersion, data: bytes, name: str) -> benefits.PolicyVersion:
    """The edition as the file says; raises :class:`Refused` with sheet, row or field of what can't be read."""
    found: dict[str, list[Line]] = {}
    for sheet, fields in ((CLAUSES, CLAUSE_FIELDS), (CASES, CASE_FIELDS)):
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
        found[sheet] = [{field: row.cells[field] or "" for field in fields} for row in table.rows]
    return edited(engine_version(version), found[CLAUSES], found[CASES])
