"""已享登记: what firms were granted before, loaded from a table, whole or not at all, and taken back whole."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.policies.models import Grant, GrantBatch, Policy
from gangshen.engines.formats import FormatError, Problem, Row, Text, read_table
from gangshen.web.errors import Refused

from ._before import live_grants

__all__ = [
    "GRANT_COLUMNS",
    "GrantsRead",
    "import_grants",
    "read_grants",
    "undo_grants",
]

GRANT_COLUMNS = ("enterprise", "policy", "edition", "period", "item", "amount", "granted_on", "source")
_NEEDED = ("enterprise", "policy", "amount", "granted_on", "source")
_NAMES = {  # column -> how tables head it; 金额 is in yuan unless its unit is written
    "enterprise": ("enterprise", "企业", "企业名称", "统一社会信用代码"),
    "policy": ("policy", "政策", "政策名称"),
    "edition": ("edition", "版本"),
    "period": ("period", "期间", "年度"),
    "item": ("item", "项目", "项目名称"),
    "amount": ("amount", "金额", "金额（元）", "金额(元)", "金额（万元）", "金额(万元)"),
    "granted_on": ("granted_on", "日期", "发放日期", "兑付日期"),
    "source": ("source", "来源", "依据"),
}
_UNITS = {"亿元": 10**10, "万元": 10**6, "元": 100}
_Key = tuple[int, int, str, str, str, int, dt.date]


@dataclass(frozen=True, slots=True)
class GrantsRead:
    """A table as it was read: rows to add, how many stand in the register already, and every fault with its cell."""

    name: str
    digest: str
    new: list[Grant]
    known: int
    problems: list[Problem]

    @property
    def fen(self) -> int:
        return sum(one.fen for one in self.new)


def read_grants(source: Path | bytes, name: str) -> GrantsRead:
    """Read a table without keeping anything; raises :class:`FormatError` where it is no table or lacks a column."""
    table = read_table(source, name=name)
    heads = {column: next((h for h in table.headers if h in names), None) for column, names in _NAMES.items()}
    missing = [_NAMES[column][1] for column in _NEEDED if heads[column] is None]
    if missing:
        zh, en = f"缺少列：{'、'.join(missing)}（补上）", f"columns missing: {', '.join(missing)} (add them)"
        raise FormatError([Problem(name, 1, "", Text(zh=zh, en=en))])
    reader = _Reader(name, heads)
    for row in table:
        reader.take(row)
    data = source.read_bytes() if isinstance(source, Path) else source
    return GrantsRead(name, hashlib.sha256(data).hexdigest(), reader.new, reader.known, reader.problems)


class _Reader:
    def __init__(self, name: str, heads: Mapping[str, str | None]) -> None:
        self.name, self.heads = name, heads
        self.new: list[Grant] = []
        self.known = 0
        self.problems: list[Problem] = []
        self.policies = {one.key: one for one in Policy.objects.prefetch_related("versions")}
        self.titles = {one.title: one for one in self.policies.values()}
        self.firms = {one.key: one for one in Organisation.objects.all()}
        self.codes = {one.code: one for one in self.firms.values() if one.code}
        named: dict[str, list[Organisation]] = {}
        for one in self.firms.values():
            named.setdefault(one.name, []).append(one)
        self.names = {name: firms[0] for name, firms in named.items() if len(firms) == 1}
        self.held = {_key(one) for one in live_grants()}

    def _fault(self, row: Row, column: str, zh: str, en: str) -> None:
        self.problems.append(Problem(self.name, row.line, self.heads[column] or column, Text(zh=zh, en=en)))

    def take(self, row: Row) -> None:
        told = {column: (row.cells.get(head) or "") if head else "" for column, head in self.heads.items()}
        before = len(self.problems)
        firm = self._firm(row, told["enterprise"])
        policy = self._policy(row, told["policy"], told["edition"])
        fen, on = self._fen(row, told["amount"]), self._day(row, told["granted_on"])
        if not told["source"]:
            self._fault(row, "source", "没有来源（写明文件或凭证）", "no source (name the document or voucher)")
        if len(self.problems) > before or firm is None or policy is None or fen is None or on is None:
            return
        made = Grant(
            firm=firm,
            policy=policy,
            edition=told["edition"][:40],
            period=told["period"][:40],
            item=told["item"][:200],
            fen=fen,
            granted_on=on,
            source=told["source"][:300],
            line=row.line,
        )
        if _key(made) in self.held:
            self.known += 1
        else:
            self.held.add(_key(made))
            self.new.append(made)

    def _firm(self, row: Row, text: str) -> Organisation | None:
        found = self.firms.get(text) or self.codes.get(text) or self.names.get(text)
        if found is None:
            zh, en = f"登记中没有企业“{text}”（写代码或全称）", f"no enterprise {text!r} (give its code or whole name)"
            self._fault(row, "enterprise", zh, en)
        return found

    def _policy(self, row: Row, text: str, edition: str) -> Policy | None:
        found = self.policies.get(text) or self.titles.get(text)
        if found is None:
            zh, en = f"政策库中没有“{text}”（写编号或全称）", f"no policy {text!r} (give its key or whole title)"
            self._fault(row, "policy", zh, en)
        elif edition and edition not in {one.version for one in found.versions.all()}:
            there = "、".join(one.version for one in found.versions.all())
            self._fault(
                row, "edition", f"没有版本“{edition}”（有：{there}）", f"no edition {edition!r} (there are: {there})"
            )
        return found

    def _fen(self, row: Row, text: str) -> int | None:
        head = self.heads["amount"] or ""
        factor = _UNITS["万元"] if "万元" in head else _UNITS["元"]
        figure = text.replace(",", "").replace("，", "").strip()
        for unit, by in _UNITS.items():
            if figure.endswith(unit):
                figure, factor = figure.removesuffix(unit).strip(), by
                break
        try:
            fen = Decimal(figure) * factor
        except InvalidOperation:
            fen = Decimal("NaN")
        if not fen.is_finite() or fen != fen.to_integral_value() or not 0 < fen < 10**17:
            zh, en = f"“{text}”不是金额（写作 20万元 或 200000）", f"{text!r} is no amount (write 20万元 or 200000)"
            self._fault(row, "amount", zh, en)
            return None
        return int(fen)

    def _day(self, row: Row, text: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text[:10])
        except ValueError:
            self._fault(
                row, "granted_on", f"“{text}”不是日期（写作 2026-03-01）", f"{text!r} is no date (write 2026-03-01)"
            )
            return None


def _key(one: Grant) -> _Key:
    return one.firm_id, one.policy_id, one.edition, one.period, one.item, one.fen, one.granted_on


@transaction.atomic
def import_grants(source: Path | bytes, name: str, *, actor: Any, now: dt.datetime) -> GrantBatch | None:
    """Keep a table's new lines as one batch; None where every line stands in the register already.

    Raises :class:`FormatError` with every fault, and then keeps nothing.
    """
    if actor is not None:
        require(actor, "add", Grant)
    read = read_grants(source, name)
    if read.problems:
        raise FormatError(read.problems)
    if not read.new:
        return None
    batch = GrantBatch.objects.create(name=name[:200], digest=read.digest, at=now, actor=actor)
    for one in read.new:
        one.batch = batch
    Grant.objects.bulk_create(read.new, batch_size=500)
    return batch


@transaction.atomic
def undo_grants(given: GrantBatch, *, actor: Any, now: dt.datetime) -> GrantBatch:
    """Take a batch back whole; its lines stay on record and count no more."""
    if actor is not None:
        require(actor, "change", given)
    held = GrantBatch.objects.select_for_update().get(pk=given.pk)
    if held.undone_at is not None:
        raise Refused(_("Batch %(n)s was undone already.") % {"n": held.pk}, _("Import the table again."))
    held.undone_at, held.undone_by = now, actor
    held.save(update_fields=["undone_at", "undone_by"])
    return held
