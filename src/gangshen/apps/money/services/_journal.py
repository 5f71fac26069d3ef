"""The one way into the journal: entries that sum to zero, posted once by their key."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.money.models import Account, Entry, Programme, Transaction
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = ["Posting", "post"]

Place = tuple[int, str, int, str]  # programme, kind, year, holder


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a transaction, in fen. ``line`` names what is funded (an invoice line, a title), once a programme."""

    programme: Programme
    kind: str
    year: int
    amount_fen: int
    holder: str = ""
    line: str | None = None

    @property
    def place(self) -> Place:
        return (self.programme.pk, str(self.kind), self.year, self.holder)


def post(
    key: str,
    entries: Iterable[Posting],
    memo: str,
    at: dt.datetime,
    actor: User | None,
    evidence: Ref | str = "",
) -> Transaction:
    """Post ``entries`` under the idempotency ``key``; the same key with the same entries gives back what was posted.

    Raises :class:`Refused` when the key stands for other entries, when an account other than the treasury's would fall
    below zero, or when a line is funded already; the journal is then as it was. Raises ValueError for entries that
    don't sum to zero, for that is a fault of the caller.
    """
    wanted = list(entries)
    _check_form(key, wanted)
    try:
        with transaction.atomic():
            if before := Transaction.objects.filter(key=key).first():
                return _same(before, wanted)
            accounts = _locked(wanted)
            # whoever held the locks may have posted this key meanwhile
            if before := Transaction.objects.filter(key=key).first():
                return _same(before, wanted)
            return _write(key, wanted, accounts, memo, at, actor, str(evidence))
    except IntegrityError:
        before = Transaction.objects.filter(key=key).first()
        if before is not None:
            return _same(before, wanted)
        _refuse_funded_twice(wanted)
        raise


def _check_form(key: str, entries: Sequence[Posting]) -> None:
    if not key:
        raise ValueError("a transaction needs an idempotency key")
    if len(entries) < 2 or any(not isinstance(e.amount_fen, int) or e.amount_fen == 0 for e in entries):
        raise ValueError(f"{key}: at least two entries, each a whole number of fen other than zero")
    if total := sum(entry.amount_fen for entry in entries):
        raise ValueError(f"{key}: entries sum to {total} fen, not to zero")
    if unknown := {str(entry.kind) for entry in entries} - set(Account.Kind.values):
        raise ValueError(f"{key}: no such account kind: {', '.join(sorted(unknown))}")


def _locked(entries: Sequence[Posting]) -> dict[Place, Account]:
    """The accounts, made where there are none, locked in one order so that two postings never wait for each other."""
    found: dict[Place, Account] = {}
    for place in sorted({entry.place for entry in entries}):
        programme, kind, year, holder = place
        account, _created = Account.objects.get_or_create(programme_id=programme, kind=kind, year=year, holder=holder)
        found[place] = Account.objects.select_for_update().get(pk=account.pk)
    return found


def _write(
    key: str,
    entries: Sequence[Posting],
    accounts: dict[Place, Account],
    memo: str,
    at: dt.datetime,
    actor: User | None,
    evidence: str,
) -> Transaction:
    change: dict[Place, int] = defaultdict(int)
    for entry in entries:
        change[entry.place] += entry.amount_fen
    for place, amount in change.items():
        account = accounts[place]
        account.balance_fen += amount
        if account.balance_fen < 0 and account.kind != Account.Kind.TREASURY:
            _refuse_overdraft(account, -amount)
    made = Transaction.objects.create(key=key, at=at, memo=memo, evidence=evidence, actor=actor)
    Entry.objects.bulk_create(
        Entry(
            transaction=made,
            account=accounts[entry.place],
            amount_fen=entry.amount_fen,
            line=entry.line,
            programme=entry.programme,
        )
        for entry in entries
    )
    Account.objects.bulk_update(accounts.values(), ["balance_fen"])
    if evidence:
        archive.link(evidence, f"entry:{made.pk}")
    return made


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _refuse_overdraft(account: Account, wanted: int) -> None:
    held = account.balance_fen + wanted
    words = {
        "programme": account.programme,
        "year": account.year,
        "kind": Account.Kind(account.kind).label,
        "held": _yuan(held),
        "wanted": _yuan(wanted),
    }
    raise Refused(
        _("%(programme)s %(year)s: only %(held)s yuan stand in “%(kind)s”, %(wanted)s are asked.") % words,
        _("Ask for less, give back what is not needed, or enter a further appropriation."),
    )


def _refuse_funded_twice(entries: Sequence[Posting]) -> None:
    for entry in entries:
        if entry.line is None:
            continue
        first = Entry.objects.filter(line=entry.line, programme=entry.programme).select_related("transaction").first()
        if first is not None:
            words = {"line": entry.line, "programme": entry.programme, "key": first.transaction.key}
            raise Refused(
                _("“%(line)s” is already funded by %(programme)s (entry %(key)s).") % words,
                _("One line is funded once in a programme; open that entry to see by whom."),
            )


def _same(before: Transaction, entries: Sequence[Posting]) -> Transaction:
    def plain(place: Place, amount: int, line: str | None) -> tuple[Place, int, str]:
        return (place, amount, line or "")

    held = sorted(
        plain((e.programme_id, e.account.kind, e.account.year, e.account.holder), e.amount_fen, e.line)
        for e in before.entries.select_related("account")
    )
    if held != sorted(plain(entry.place, entry.amount_fen, entry.line) for entry in entries):
        raise Refused(
            _("The key “%(key)s” already stands for other entries.") % {"key": before.key},
            _("Use a new key; the journal is never changed."),
        )
    return before
