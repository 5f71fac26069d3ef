"""A list of one certificate, named in its title only: 2025年度第二批高新技术企业名单."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import HeaderMapping
from gangshen.apps.registers.services._vocabulary import vocabulary
from gangshen.engines.formats import JOINT, Row, Table

from ._headers import linked, split
from ._holdings import holding, holding_of
from ._parts import LIST, part_of

__all__ = ["titled"]

_HEADER = "资质认定（据标题）"
_NOT_YET = re.compile(r"拟|取消|撤销|申报|申请|培育|储备|候选|推荐|公示|注销|不予|未通过|到期|复核|辅导|意向")
"""Lists of those who have not the title, or have it no more."""
_TELLING = {f"{LIST}.{part}" for part in ("number", "from", "to", "batch", "term")}


def titled(table: Table, source: Source | None) -> Table:
    """The table with the certificate of its title as one more column, where its columns tell of one and none names it."""
    words = vocabulary()
    parts = [table.layout.parts.get(header) or tuple(header.split(JOINT)) for header in table.headers]
    kept = set()
    if source is not None:
        kept = set(HeaderMapping.objects.filter(source=source, attribute=LIST).values_list("header", flat=True))
    named = any((found := linked(one, words.link)) is not None and found.id == LIST for one in parts)
    if named or kept & set(table.headers) or not any(_part(header) in _TELLING for header in table.headers):
        return table
    own = {held[0] for one in parts if (held := holding(holding_of(one, words))) is not None}
    for said in (table.layout.title, table.layout.sheet, table.name):
        if _NOT_YET.search(said):
            return table
        if len(types := _certificates(said)) == 1:
            (kind,) = types
            if kind in own:
                return table
            rows = tuple(Row(row.line, {**row.cells, _HEADER: kind}) for row in table.rows)
            return replace(table, headers=(*table.headers, _HEADER), rows=rows)
    return table


def _part(header: str) -> str:
    return part_of(unicodedata.normalize("NFKC", split(header)[0]).strip().lower())


def _certificates(text: str) -> set[str]:
    """The types that a text names; of names within one another the longest."""
    names = {name: one.type.zh for one in vocabulary().certificates.values() for name in (one.type.zh, *one.synonyms)}
    pattern = "|".join(
        map(re.escape, sorted((name for name in names if len(name) > 2 or name == "高企"), key=len, reverse=True))
    )
    return {names[found] for found in re.findall(pattern, text)}
