"""What headers were mapped to before, for a source and for the set of headers that they stood in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import HeaderMapping
from gangshen.engines.formats import Text

if TYPE_CHECKING:
    from ._mapping import Column

__all__ = ["BESIDE", "remember", "remembered"]

BESIDE = {
    "period": Text(zh="所属期间", en="Period"),
    "as_of": Text(zh="数据日期", en="as_of"),
    "row": Text(zh="文件行号", en="Row of the file"),
    "reason": Text(zh="理由", en="Reason"),
}
"""Columns that the file of refused rows has beside the sender's own."""


def _digest(headers: Iterable[str]) -> str:
    """Name of a set of headers, whatever their order; a file of refused rows has that of the file it comes from."""
    beside = {words for one in BESIDE.values() for words in (one.zh, one.en)}
    return hashlib.sha256("\n".join(sorted({*headers} - beside)).encode()).hexdigest()


def remembered(source: Source | None, headers: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What was remembered of ``headers``: from the last file with just these, else from the source's newest.

    A unit is remembered for just these headers only: what one sender counts in 万元 another counts in 元.
    """
    if source is None:
        return {}
    ours, kept = _digest(headers), {}
    for one in sorted(HeaderMapping.objects.filter(source=source), key=lambda one: (one.layout == ours, one.pk)):
        kept[one.header] = (one.attribute, one.unit if one.layout == ours else "")
    return kept


def remember(source: Source, columns: list[Column]) -> None:
    """Keep the mapping for the source's next file with these headers."""
    layout = _digest(column.header for column in columns)
    HeaderMapping.objects.bulk_create(
        [
            HeaderMapping(
                source=source,
                layout=layout,
                header=column.header[:200],
                attribute=column.target,
                unit=column.unit,
            )
            for column in columns
            if column.why is None
        ],
        update_conflicts=True,
        unique_fields=["source", "layout", "header"],
        update_fields=["attribute", "unit"],
    )
