"""The shadow ledger: programmes, the journal, and what stands where."""

from ._balance import Balance, balance, balances, check
from ._journal import Posting, post
from ._programme import programme, upsert_programme, years_of
from ._steps import appropriate, decide, give_back, line_of, pay, reserve

__all__ = [
    "Balance",
    "Posting",
    "appropriate",
    "balance",
    "balances",
    "check",
    "decide",
    "give_back",
    "line_of",
    "pay",
    "post",
    "programme",
    "reserve",
    "upsert_programme",
    "years_of",
]
