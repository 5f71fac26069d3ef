"""The steps of programme money, each one transaction of two entries.

treasury → available (appropriation) → reserved → decided → paid; back: reserved or decided → available, paid → returned.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from gangshen.apps.money.models import Account, Entry, Programme, Transaction
from gangshen.engines.evidence import Ref

from ._journal import Posting, post
from ._programme import programme

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = ["appropriate", "decide", "give_back", "line_of", "pay", "reserve"]

Kind = Account.Kind


def _move(
    which: str | Programme,
    year: int,
    amount_fen: int,
    key: str,
    source: tuple[Kind, str],
    target: tuple[Kind, str],
    *,
    at: dt.datetime,
    actor: User | None,
    memo: str,
    evidence: Ref | str,
    line: str | None = None,
) -> Transaction:
    if amount_fen <= 0:
        raise ValueError(f"{key}: the amount is a positive number of fen, not {amount_fen}")
    of = programme(which)
    entries = [
        Posting(of, source[0], year, -amount_fen, source[1]),
        Posting(of, target[0], year, amount_fen, target[1], line),
    ]
    return post(key, entries, memo, at, actor, evidence)


def appropriate(
    programme: str | Programme,
    year: int,
    amount_fen: int,
    key: str,
    *,
    at: dt.datetime,
    actor: User | None,
    memo: str = "",
    evidence: Ref | str = "",
) -> Transaction:
    """Enter (part of) the year's appropriation: the authority to spend."""
    how = {"at": at, "actor": actor, "memo": memo or _("Appropriation"), "evidence": evidence}
    return _move(programme, year, amount_fen, key, (Kind.TREASURY, ""), (Kind.AVAILABLE, ""), **how)  # type: ignore[arg-type]


def reserve(
    programme: str | Programme,
    year: int,
    amount_fen: int,
    key: str,
    *,
    holder: str,
    line: str | None,
    at: dt.datetime,
    actor: User | None,
    memo: str = "",
    evidence: Ref | str = "",
) -> Transaction:
    """Set available money aside for ``holder``; ``line`` names what it funds and may stand once in the programme."""
    how = {"at": at, "actor": actor, "memo": memo or _("Reserved"), "evidence": evidence, "line": line}
    return _move(programme, year, amount_fen, key, (Kind.AVAILABLE, ""), (Kind.RESERVED, holder), **how)  # type: ignore[arg-type]


def decide(
    programme: str | Programme,
    year: int,
    amount_fen: int,
    key: str,
    *,
    holder: str,
    at: dt.datetime,
    actor: User | None,
    memo: str = "",
    evidence: Ref | str = "",
) -> Transaction:
    """Decide the payment of what was reserved for ``holder``."""
    how = {"at": at, "actor": actor, "memo": memo or _("Decided"), "evidence": evidence}
    return _move(programme, year, amount_fen, key, (Kind.RESERVED, holder), (Kind.DECIDED, holder), **how)  # type: ignore[arg-type]


def pay(
    programme: str | Programme,
    year: int,
    amount_fen: int,
    key: str,
    *,
    holder: str,
    at: dt.datetime,
    actor: User | None,
    memo: str = "",
    evidence: Ref | str = "",
) -> Transaction:
    """Note that the treasury has paid what was decided; ``evidence`` is the receipt."""
    how = {"at": at, "actor": actor, "memo": memo or _("Paid"), "evidence": evidence}
    return _move(programme, year, amount_fen, key, (Kind.DECIDED, holder), (Kind.PAID, holder), **how)  # type: ignore[arg-type]


def give_back(
    programme: str | Programme,
    year: int,
    amount_fen: int,
    key: str,
    *,
    holder: str,
    of: Literal["reserved", "decided", "paid"],
    at: dt.datetime,
    actor: User | None,
    memo: str = "",
    evidence: Ref | str = "",
) -> Transaction:
    """Undo a step: what was reserved or decided becomes available again; what was paid and clawed back is returned.

    The line stays spent: a firm that withdrew and applies anew gives a new line.
    """
    target = (Kind.RETURNED, holder) if of == "paid" else (Kind.AVAILABLE, "")
    how = {"at": at, "actor": actor, "memo": memo or _("Given back"), "evidence": evidence}
    return _move(programme, year, amount_fen, key, (Kind(of), holder), target, **how)  # type: ignore[arg-type]


def line_of(line: str, which: str | Programme) -> Entry | None:
    """The entry that funded ``line`` in the programme, if one did."""
    return Entry.objects.filter(line=line, programme=programme(which)).select_related("transaction", "account").first()
