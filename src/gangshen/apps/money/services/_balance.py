"""What stands where, and whether the books agree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Sum

from gangshen.apps.money.models import Account, Entry, Programme, Transaction

from ._programme import programme

__all__ = ["Balance", "balance", "balances", "check"]


@dataclass(frozen=True, slots=True)
class Balance:
    """A programme's year in fen; appropriated = available + reserved + decided + paid + returned."""

    appropriated: int = 0
    available: int = 0
    reserved: int = 0
    decided: int = 0
    paid: int = 0
    returned: int = 0

    @property
    def committed(self) -> int:
        """What is spoken for: reserved, decided or paid."""
        return self.reserved + self.decided + self.paid

    @property
    def share_committed(self) -> float | None:
        """Committed as a share of the appropriation; None without one."""
        return self.committed / self.appropriated if self.appropriated else None


def balances(year: int | None = None) -> dict[tuple[str, int], Balance]:
    """(programme key, year) → balance, of all programmes in one query."""
    rows = Account.objects.values("programme__key", "year", "kind").annotate(fen=Sum("balance_fen"))
    if year is not None:
        rows = rows.filter(year=year)
    found: dict[tuple[str, int], dict[str, int]] = {}
    for row in rows:
        kinds = found.setdefault((row["programme__key"], row["year"]), {})
        if row["kind"] == Account.Kind.TREASURY:
            kinds["appropriated"] = -row["fen"]
        else:
            kinds[row["kind"]] = row["fen"]
    return {place: Balance(**kinds) for place, kinds in sorted(found.items())}


def balance(which: str | Programme, year: int) -> Balance:
    """The balance of one programme's year; all zero where nothing was posted."""
    of = programme(which)
    return balances(year).get((of.key, year), Balance())


def check() -> list[str]:
    """Problems of the books, each in one line; empty when they agree. Reads everything, changes nothing."""
    problems = [
        f"transaction {row['transaction__key']}: entries sum to {row['fen']} fen, not to zero"
        for row in Entry.objects.values("transaction__key").annotate(fen=Sum("amount_fen")).exclude(fen=0)
    ]
    problems += [
        f"transaction {key}: has no entries"
        for key in Transaction.objects.filter(entries=None).values_list("key", flat=True)
    ]
    for account in Account.objects.select_related("programme").annotate(fen=Sum("entries__amount_fen")):
        name = f"account {account.programme.key}/{account.year}/{account.kind}/{account.holder or '-'}"
        if account.balance_fen != (account.fen or 0):
            problems.append(f"{name}: balance {account.balance_fen} fen, its entries sum to {account.fen or 0}")
        if account.balance_fen < 0 and account.kind != Account.Kind.TREASURY:
            problems.append(f"{name}: below zero ({account.balance_fen} fen)")
    astray = Entry.objects.exclude(programme=F("account__programme"))
    problems += [f"entry {pk}: its programme is not its account's" for pk in astray.values_list("pk", flat=True)]
    return problems
