"""Benefits: the policy file, and amounts as intervals in integer fen."""

from ._amount import Interval, amount
from ._amounts import Amounts, amounts
from ._boundaries import Boundary, boundaries
from ._cases import CaseResult, check_policy, coverage, facts_of, run_cases
from ._check import check_benefit
from ._exclusive import Offered, Stacked, stack
from ._model import Benefit, BenefitKind, Cap, Offer, Tier
from ._policy import (
    Case,
    Contact,
    Document,
    Expect,
    FenRange,
    Policy,
    PolicyVersion,
    Status,
    Window,
    load_policies,
)

__all__ = [
    "Amounts",
    "Benefit",
    "BenefitKind",
    "Boundary",
    "Cap",
    "Case",
    "CaseResult",
    "Contact",
    "Document",
    "Expect",
    "FenRange",
    "Interval",
    "Offer",
    "Offered",
    "Policy",
    "PolicyVersion",
    "Stacked",
    "Status",
    "Tier",
    "Window",
    "amount",
    "amounts",
    "boundaries",
    "check_benefit",
    "check_policy",
    "coverage",
    "facts_of",
    "load_policies",
    "run_cases",
    "stack",
]
