"""Which column of a file is which attribute: given, remembered from the source's last file, or read from the header."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import HeaderMapping
from gangshen.apps.registers.services._vocabulary import attributes, vocabulary
from gangshen.engines.formats import JOINT, Table, Text
from gangshen.engines.vocabulary import Attribute, AttributeType, Period, foreign_currency, unit_factor
from gangshen.web.errors import Refused

from ._headers import edition_in, linked, of_another_year, split, unit_in
from ._holdings import asks, holding, holding_of
from ._memory import remembered
from ._parts import LIST, PARTS, part_of
from ._people import PEOPLE, WHO, person_part_of
from ._personal import guard
from ._times import FileTime, file_time, period_of_column

__all__ = [
    "RESERVED",
    "Column",
    "Origin",
    "parse_given",
    "parse_units",
    "propose",
    "recognised",
    "unit_meant",
]

RESERVED = {
    "key": ("key", "主体编号", "企业编号"),
    "as_of": ("as_of", "截至日期", "数据日期", "截止日期", "统计时点"),
    "period": (
        "period",
        "期间",
        "所属期",
        "数据年度",
        "统计年度",
        "报告期",
        "年份",
        "年度",
        "会计年度",
        "所属年度",
        "所属年份",
        "所属期间",
    ),
    "currency": (
        *("currency", "币种", "货币", "货币种类", "币别", "注册资本币种", "注册资金币种", "注册资本(金)币种"),
        *("认缴资本币种", "实缴资本币种", "实收资本币种", "出资币种"),
    ),
}
"""Columns that are no attribute: whose row it is, what date it speaks of, which period, in which money."""
_BARE_YEARS = ("年份", "年度")
_YEARLY = (AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER, AttributeType.PERCENT, AttributeType.BOOL)
_FRACTION = re.compile(r"[-+]?[01]?\.\d+|0|1")
_BARE = re.compile(r"[-+]?[\d,，.]+")


class Origin(StrEnum):
    GIVEN = "given"
    REMEMBERED = "remembered"
    READ = "read"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it is taken for; ``target`` empty: left out.

    ``period``: that of its figures, where the header says so. ``ask``: its unit must be stated. ``personal``: what becomes of
    personal data in it (drop, mask, keep). ``jump``: its figures are 10^jump times the last ones known. ``why``: what keeps
    a known column from being taken.
    """

    header: str
    target: str
    unit: str
    origin: Origin
    sample: str = ""
    ask: bool = False
    period: str = ""
    personal: str = ""
    jump: int = 0
    why: Text | None = None

    @property
    def kept(self) -> bool:
        """Does anything of it come in?"""
        return bool(self.target) and self.personal != "drop"


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


def parse_units(texts: list[str]) -> dict[str, str]:
    """``营业收入=万元`` → {header: unit}."""
    units = {}
    for text in texts:
        header, _equals, unit = text.rpartition("=")
        if not header.strip() or not unit.strip():
            raise Refused(_("%(text)s states no unit.") % {"text": text}, _("Write HEADER=unit, as in 营业收入=万元."))
        units[header.strip()] = unit.strip()
    return units


def propose(
    table: Table,
    entity: str,
    source: Source | None,
    given: Mapping[str, tuple[str, str]],
    *,
    units: Mapping[str, str] | None = None,
    period: str = "",
    today: dt.date | None = None,
    personal: str = "drop",
) -> list[Column]:
    """A column for each header of ``table``. Raises :class:`Refused` for a given header or attribute that isn't there.

    ``units`` are stated beside the mapping; ``period`` is that of the file; ``personal`` says what becomes of columns with
    personal data: drop, mask or keep.
    """
    when = file_time(table, period, today)
    known, stated = attributes(entity), units or {}
    _check(table, known, given, stated)
    kept = remembered(source, table.headers)
    taken: dict[tuple[str, str], str] = {}
    columns, unsaid = [], []
    for header in table.headers:
        column = _column(header, table, entity, given.get(header), kept.get(header))
        if unit := stated.get(header):
            column = replace(column, unit=unit)
        attribute = known.get(column.target)
        column = _taken(column, attribute, table, when)
        if not column.target and column.why is None:  # said again of a column that was left out, by hand or before
            read = _column(header, table, entity, None, None)
            column = replace(column, why=_taken(read, known.get(read.target), table, when).why)
        if column.target and not column.period and _wants_year(attribute) and of_another_year(_parts(header, table)):
            unsaid.append(header)
            column = replace(column, target="", unit="", origin=Origin.LEFT_OUT)
        column = _once(column, taken)
        sure = bool(stated.get(header) or column.origin in (Origin.GIVEN, Origin.REMEMBERED))
        columns.append(guard(_asked(column, table, known.get(column.target), sure), attribute, table, personal))
    if unsaid and not any(column.target == "period" for column in columns):
        raise Refused(
            _("%(headers)s: the file doesn't say which year is meant.") % {"headers": "、".join(unsaid)},
            _("State the period of the file, as 2025 (--period 2025), or leave these columns out (--map HEADER=-)."),
        )
    columns = _of_the_one(_without_bare_years(columns, known))
    for whole, parts in ((LIST, PARTS), (WHO, PEOPLE)):
        if not any(column.target == whole for column in columns):
            columns = [_apart(column, whole) if column.target in parts else column for column in columns]
    return columns


def _without_bare_years(columns: list[Column], known: Mapping[str, Attribute]) -> list[Column]:
    """年份 alone is the period of figures; in a list of titles it may be the year of anything."""
    kept = [known[column.target] for column in columns if column.target in known and not column.period]
    titles = any(column.target.startswith(LIST) for column in columns)
    if not titles and any(one.period is not Period.STATE and _wants_year(one) for one in kept):
        return columns
    return [
        replace(one, target="", origin=Origin.LEFT_OUT)
        if one.target == "period" and one.origin is Origin.READ and one.header.strip() in _BARE_YEARS
        else one
        for one in columns
    ]


def _wants_year(attribute: Attribute | None) -> bool:
    return attribute is not None and (attribute.period is not Period.STATE or attribute.type in _YEARLY)


def _taken(column: Column, attribute: Attribute | None, table: Table, when: FileTime) -> Column:
    return _in_yuan(_dated(column, attribute, _parts(column.header, table), when), attribute, table)


def _dated(column: Column, attribute: Attribute | None, parts: tuple[str, ...], when: FileTime) -> Column:
    """With the period that its header says; figures of some months whose year nobody says are left out."""
    if attribute is None or not _wants_year(attribute):
        return column
    period, why = period_of_column(parts, attribute, when)
    return replace(column, period=period) if why is None else _refused(column, why)


def _in_yuan(column: Column, attribute: Attribute | None, table: Table) -> Column:
    """Amounts under a header in another currency are never taken as yuan."""
    if attribute is None or attribute.type is not AttributeType.MONEY or not column.target:
        return column
    own = unit_in(_parts(column.header, table))
    other = foreign_currency(own or column.unit)
    if not other:
        return column
    zh = f"表头的单位是{other}，不是人民币（按有据可查的汇率折成人民币后再导入）"
    en = f"its header says {other}, not yuan (convert it at a rate that is on record)"
    return _refused(column, Text(zh=zh, en=en))


def _refused(column: Column, why: Text) -> Column:
    """The column left out with its reason; one that was mapped by hand is refused."""
    if column.origin is Origin.GIVEN:
        told = why.in_language(get_language() or "zh-hans")
        raise Refused(
            f"{column.header}{_(': ')}{told}", _("Leave it out: --map %(header)s=-") % {"header": column.header}
        )
    return replace(column, target="", unit="", origin=Origin.LEFT_OUT, why=why)


def _of_the_one(columns: list[Column]) -> list[Column]:
    """Where a file asks of one title only (是否高企), number and dates beside it are that title's."""
    titles = {found[0] for column in columns if (found := holding(column.target)) is not None}
    if len(titles) != 1 or any(column.target == LIST for column in columns):
        return columns
    (kind,), taken = titles, {column.target for column in columns}
    joined = [
        replace(column, target=f"{LIST}.{kind}.{column.target.rpartition('.')[2]}")
        if column.target in PARTS
        else column
        for column in columns
    ]
    return [was if was is not one and one.target in taken else one for was, one in zip(columns, joined, strict=True)]


def _apart(column: Column, whole: str) -> Column:
    """A part of a certificate, or of a contact, in a file that names none is nothing; one mapped by hand is refused."""
    if column.origin is Origin.GIVEN:
        raise Refused(
            _("%(header)s: no column of the file names what it belongs to.") % {"header": column.header},
            _("Map the column that names it: --map HEADER=%(name)s.") % {"name": whole},
        )
    return replace(column, target="", origin=Origin.LEFT_OUT, personal="drop" if whole == WHO else column.personal)


def _check(
    table: Table, known: Mapping[str, Attribute], given: Mapping[str, tuple[str, str]], units: Mapping[str, str]
) -> None:
    for header in (*given, *units):
        if header not in table.headers:
            raise Refused(
                _("The file has no column %(header)s.") % {"header": header},
                _("Its columns are: %(headers)s.") % {"headers": "、".join(table.headers)},
            )
    for target, _unit in given.values():
        if target and target not in known and target not in {**RESERVED, **PARTS, **PEOPLE} and not holding(target):
            raise Refused(
                _("The vocabulary has no attribute %(name)s.") % {"name": target},
                _("Look it up: gangshen registers words."),
            )


def _once(column: Column, taken: dict[tuple[str, str], str]) -> Column:
    """An attribute of a period is taken from one column: of two, the one given, or the first."""
    if not column.target or column.target == "currency":
        return column
    place = (column.target, column.period)
    if place not in taken:
        taken[place] = column.header
        return column
    if column.origin is Origin.GIVEN:
        raise Refused(
            _("%(one)s and %(two)s are both mapped to %(name)s.")
            % {"one": taken[place], "two": column.header, "name": column.target},
            _("Leave one of them out: --map %(header)s=-") % {"header": column.header},
        )
    if column.target in RESERVED or column.why is not None:
        return replace(column, target="", unit="", period="", origin=Origin.LEFT_OUT)
    zh = f"与“{taken[place]}”是同一数据项同一期间，只取那一列（要取本列，略去那一列）"
    en = f"the same attribute and period as {taken[place]!r}, which is taken (to take this one, leave that out)"
    return _refused(replace(column, period=""), Text(zh=zh, en=en))


def _column(
    header: str, table: Table, entity: str, given: tuple[str, str] | None, kept: tuple[str, str] | None
) -> Column:
    parts = _parts(header, table)
    unit = unit_in(parts)
    for pair, origin in ((given, Origin.GIVEN), (kept, Origin.REMEMBERED)):
        if pair is not None:
            return Column(header, pair[0], (pair[1] or unit) if pair[0] else "", origin)
    plain = unicodedata.normalize("NFKC", split(header)[0]).strip().lower()
    for target, names in RESERVED.items():
        if plain in names:
            return Column(header, target, "", Origin.READ)
    words = vocabulary()
    found = linked(parts, words.link)
    beside = person_part_of(plain) if WHO in attributes(entity) else ""
    if found is not None and found.id == WHO and beside and _names_people(table, header):
        found = None  # 联系方式 beside 联系人 is how to reach that person
    if (found is None or found.id == LIST) and LIST in attributes(entity) and (held := holding_of(parts, words)):
        return Column(header, held, "", Origin.READ)
    if found is None or found.entity != entity:
        part = (part_of(plain) or beside) if LIST in attributes(entity) else ""
        return Column(header, part, "", Origin.READ if part else Origin.LEFT_OUT)
    noted = table.layout.unit if found.type is AttributeType.MONEY else ""
    if found.extra.get("scheme") == "gbt4754":
        noted = edition_in(parts)
    if not (unit and (unit_factor(found, unit) or (found.type is AttributeType.MONEY and foreign_currency(unit)))):
        unit = noted
    return Column(header, found.id, unit, Origin.READ)


def _names_people(table: Table, but: str) -> bool:
    link = vocabulary().link
    heads = (_parts(header, table) for header in table.headers if header != but)
    return any((found := linked(parts, link)) is not None and found.id == WHO for parts in heads)


def recognised(entity: str, source: Source | None) -> Callable[[tuple[str, ...]], bool]:
    """Is a header, given by its parts, one that the vocabulary or the source's last files know?"""
    words = vocabulary()
    kept = set()
    if source is not None:
        kept = set(HeaderMapping.objects.filter(source=source).exclude(attribute="").values_list("header", flat=True))
    titles = LIST in attributes(entity)
    reserved = {name for names in RESERVED.values() for name in names}

    def known(parts: tuple[str, ...]) -> bool:
        if JOINT.join(parts) in kept or parts[-1].strip().lower() in reserved:
            return True
        found = linked(parts, words.link)
        return (found is not None and found.entity == entity) or (titles and asks(parts, words))

    return known


def _parts(header: str, table: Table) -> tuple[str, ...]:
    return table.layout.parts.get(header) or tuple(header.split(JOINT))


def _asked(column: Column, table: Table, attribute: Attribute | None, sure: bool) -> Column:
    """With a sample, and marked when its figures are bare and nobody stated their unit: a unit is never guessed.

    So are shares under a header with % none of which is over 1: they may be fractions.
    """
    cells = [cell for row in table.rows[:200] if (cell := row.cells[column.header])]
    needs = attribute is not None and (
        attribute.type in (AttributeType.MONEY, AttributeType.PERCENT)
        or (attribute.type is AttributeType.NUMBER and attribute.unit is not None)
    )
    bare = needs and not column.unit and any(_BARE.fullmatch(cell.strip()) for cell in cells)
    if needs and attribute is not None and attribute.type is AttributeType.PERCENT and not sure and not bare:
        plain = [cell.strip() for cell in cells if _BARE.fullmatch(cell.strip())]
        bare = len(plain) > 2 and all(map(_FRACTION.fullmatch, plain)) and len(set(plain)) > 1
    return replace(column, sample="、".join(dict.fromkeys(cells[:3]))[:60], ask=bare)


def unit_meant(column: Column) -> str:
    """An example of the unit that is asked for: 万元, %, or 小数 for shares written as 0.12, m² or the like."""
    attribute = vocabulary().get(column.target)
    if attribute.type is AttributeType.PERCENT:
        cells = [cell for cell in column.sample.split("、") if _BARE.fullmatch(cell)]
        return "小数" if cells and all(map(_FRACTION.fullmatch, cells)) else "%"
    return "万元" if attribute.type is AttributeType.MONEY else attribute.unit or "万元"
