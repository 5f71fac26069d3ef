"""Which column of a file is which attribute: given, remembered from the source's last file, or read from the header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import HeaderMapping
from gangshen.apps.registers.services._vocabulary import attributes, vocabulary
from gangshen.engines.formats import Table
from gangshen.engines.vocabulary import Attribute, AttributeType, unit_factor
from gangshen.web.errors import Refused

__all__ = ["RESERVED", "Column", "Origin", "ask_units", "parse_given", "propose", "remember"]

RESERVED = {
    "key": ("key", "主体编号", "企业编号"),
    "as_of": ("as_of", "截至日期", "数据日期", "截止日期", "统计时点"),
    "period": ("period", "期间", "所属期", "数据年度", "统计年度", "报告期"),
}
"""Columns that are no attribute: whose row it is, what date it speaks of, which period."""
_BRACKET = re.compile(r"[(（\[【]\s*(?:单位\s*[:：]\s*)?([^()（）\[\]【】]+?)\s*[)）\]】]\s*$")
_AFTER = re.compile(r"[/／]\s*([^/／]+)$")
_BARE = re.compile(r"[-+]?[\d,，.]+")


class Origin(StrEnum):
    GIVEN = "given"
    REMEMBERED = "remembered"
    READ = "read"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it is taken for; ``target`` empty: left out. ``ask`` when its unit must be stated."""

    header: str
    target: str
    unit: str
    origin: Origin
    sample: str = ""
    ask: bool = False


def parse_given(texts: list[str]) -> dict[str, tuple[str, str]]:
    """``营业收入=revenue:万元`` → {header: (attribute, unit)}; ``H=-`` leaves the column out."""
    given = {}
    for text in texts:
        header, equals, target = text.rpartition("=")
        if not equals or not header or not target:
            raise Refused(
                _("%(text)s maps nothing.") % {"text": text}, _("Write HEADER=attribute or HEADER=attribute:unit.")
            )
        name, _colon, unit = target.partition(":")
        given[header.strip()] = ("" if name.strip() == "-" else name.strip(), unit.strip())
    return given


def propose(table: Table, entity: str, source: Source | None, given: Mapping[str, tuple[str, str]]) -> list[Column]:
    """A column for each header of ``table``. Raises :class:`Refused` for a given header or attribute that isn't there."""
    known = attributes(entity)
    for header, (target, _unit) in given.items():
        if header not in table.headers:
            raise Refused(
                _("The file has no column %(header)s.") % {"header": header},
                _("Its columns are: %(headers)s.") % {"headers": "、".join(table.headers)},
            )
        if target and target not in known and target not in RESERVED:
            raise Refused(
                _("The vocabulary has no attribute %(name)s.") % {"name": target},
                _("Look it up: gangshen registers words."),
            )
    kept = {}
    if source is not None:
        kept = {one.header: (one.attribute, one.unit) for one in HeaderMapping.objects.filter(source=source)}
    taken: dict[str, str] = {}
    columns = []
    for header in table.headers:
        column = _column(header, entity, given.get(header), kept.get(header))
        if column.target and column.target in taken:
            if column.origin is Origin.GIVEN:
                raise Refused(
                    _("%(one)s and %(two)s are both mapped to %(name)s.")
                    % {"one": taken[column.target], "two": header, "name": column.target},
                    _("Leave one of them out: --map %(header)s=-") % {"header": header},
                )
            column = Column(header, "", "", Origin.LEFT_OUT)
        elif column.target:
            taken[column.target] = header
        columns.append(column)
    return ask_units(columns, table, known)


def _column(header: str, entity: str, given: tuple[str, str] | None, kept: tuple[str, str] | None) -> Column:
    name, unit = _split(header)
    for pair, origin in ((given, Origin.GIVEN), (kept, Origin.REMEMBERED)):
        if pair is not None:
            return Column(header, pair[0], (pair[1] or unit) if pair[0] else "", origin)
    plain = unicodedata.normalize("NFKC", name).strip().lower()
    for target, names in RESERVED.items():
        if plain in names:
            return Column(header, target, "", Origin.READ)
    words = vocabulary()
    found = words.link(header) or words.link(name)
    if found is None or found.entity != entity:
        return Column(header, "", "", Origin.LEFT_OUT)
    return Column(header, found.id, unit if unit and unit_factor(found, unit) else "", Origin.READ)


def _split(header: str) -> tuple[str, str]:
    """``营业收入（万元）`` → (营业收入, 万元)."""
    for pattern in (_BRACKET, _AFTER):
        if found := pattern.search(header):
            return header[: found.start()].strip(), found[1].strip()
    return header.strip(), ""


def ask_units(columns: list[Column], table: Table, known: Mapping[str, Attribute]) -> list[Column]:
    """Mark the columns whose unit nobody stated: bare figures of money, shares, areas. A unit is never guessed."""
    return [_with_sample(column, table, known.get(column.target)) for column in columns]


def _with_sample(column: Column, table: Table, attribute: Attribute | None) -> Column:
    cells = [cell for row in table.rows[:200] if (cell := row.cells[column.header])]
    needs = attribute is not None and (
        attribute.type in (AttributeType.MONEY, AttributeType.PERCENT)
        or (attribute.type is AttributeType.NUMBER and attribute.unit is not None)
    )
    bare = needs and not column.unit and any(_BARE.fullmatch(cell.strip()) for cell in cells)
    sample = "、".join(dict.fromkeys(cells[:3]))[:60]
    return Column(column.header, column.target, column.unit, column.origin, sample, bare)


def remember(source: Source, columns: list[Column]) -> None:
    """Keep the mapping for the source's next file."""
    for column in columns:
        HeaderMapping.objects.update_or_create(
            source=source, header=column.header[:200], defaults={"attribute": column.target, "unit": column.unit}
        )
