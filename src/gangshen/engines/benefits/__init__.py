"""Benefits: the policy file, and amounts as intervals in integer fen."""

from ._amount import amount
from ._amounts import Amounts, amounts
from ._boundaries import Boundary, as_case, boundaries
from ._bundle import Bundle, LeftOut, Offered, Why, best_bundle
from ._bundles import Bundles, best_bundles
from ._cases import CaseResult, facts_of, run_cases
from ._check import check_benefit
from ._coverage import Uncovered, coverage, quote_digest, uncovered
from ._entitled import entitled, entitled_columns
from ._faults import check_policies, check_policy, check_together, file_problems, load_sound
from ._fen import Interval
from ._granted import Granted
from ._model import Benefit, BenefitKind, Cap, Ceiling, Offer, Tier, Uplift
from ._mutants import Mutant, mutants, survivors
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
from ._standing import Standing, offered, rooms, standing_columns, standings

__all__ = [
    "Amounts",
    "Benefit",
    "BenefitKind",
    "Boundary",
    "Bundle",
    "Bundles",
    "Cap",
    "Case",
    "CaseResult",
    "Ceiling",
    "Contact",
    "Document",
    "Expect",
    "FenRange",
    "Granted",
    "Interval",
    "LeftOut",
    "Mutant",
    "Offer",
    "Offered",
    "Policy",
    "PolicyVersion",
    "Standing",
    "Status",
    "Tier",
    "Uncovered",
    "Uplift",
    "Why",
    "Window",
    "amount",
    "amounts",
    "as_case",
    "best_bundle",
    "best_bundles",
    "boundaries",
    "check_benefit",
    "check_policies",
    "check_policy",
    "check_together",
    "coverage",
    "entitled",
    "entitled_columns",
    "facts_of",
    "file_problems",
    "load_policies",
    "load_sound",
    "mutants",
    "offered",
    "quote_digest",
    "rooms",
    "run_cases",
    "standing_columns",
    "standings",
    "survivors",
    "uncovered",
]
