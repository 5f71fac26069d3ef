"""Tables of one certificate a row: its batch, number, term and withdrawal stand in columns of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from gangshen.engines.formats import Text

from ._dates import day_text

__all__ = ["LIST", "PARTS", "complete", "part_of"]

LIST = "certificates"
PARTS = {
    f"{LIST}.level": ("级别", "资质级别", "认定级别"),
    f"{LIST}.number": ("证书编号", "证书号", "证书号码"),
    f"{LIST}.batch": ("批次", "认定批次", "资质批次", "公布批次", "入选批次"),
    f"{LIST}.from": ("有效期起", "有效期自", "发证日期", "认定日期", "起始日期"),
    f"{LIST}.to": ("有效期止", "有效期至", "到期日期", "截止有效期"),
    f"{LIST}.withdrawn_on": ("撤销日期", "取消日期"),
}
"""Target of a column → how lists head it; taken only where a column names the certificate itself."""
_DATES = ("from", "to", "withdrawn_on")


def part_of(header: str) -> str:
    """The target that a plain header means; empty for none."""
    return next((target for target, names in PARTS.items() if header in names), "")


def complete(
    entries: list[dict[str, Any]] | None, said: Mapping[str, tuple[str, str]], epoch: dt.date
) -> Iterable[tuple[str, Text]]:
    """Put the parts into the row's one certificate; yields (header, fault) for those that cannot be.

    ``said``: target → (header, cell), cells that are not empty only.
    """
    if said and (entries is None or len(entries) != 1):
        header = next(iter(said.values()))[0]
        words = (
            Text(zh="该行没有资质名称（补上资质）", en="the row names no certificate (add it)")
            if not entries
            else Text(zh="一行有几项资质，不知属于哪一项（每项一行）", en="several certificates in one row (one a row)")
        )
        yield header, words
        return
    for target, (header, cell) in said.items():
        part, value = target.rpartition(".")[2], cell
        assert entries is not None
        if part in _DATES:
            day, _taken = day_text(cell, epoch)
            try:
                entries[0][part] = dt.date.fromisoformat(day)
            except ValueError:
                yield (
                    header,
                    Text(zh=f"“{cell}”不是日期（写作 2026-03-01）", en=f"{cell!r} is no date (write 2026-03-01)"),
                )
        else:
            entries[0][part] = value.strip()
    if entries and (first := entries[0].get("from")) and (last := entries[0].get("to")) and last < first:
        head = said.get(f"{LIST}.to", said.get(f"{LIST}.from", ("", "")))[0]
        yield head, Text(zh="终止日早于起始日（改正）", en="it ends before it begins (correct its dates)")
