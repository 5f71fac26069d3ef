"""Benefits: amounts as intervals, in integer fen."""

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
    "Benefit",
    "BenefitKind",
    "Cap",
    "Case",
    "Contact",
    "Document",
    "Expect",
    "FenRange",
    "Offer",
    "Policy",
    "PolicyVersion",
    "Status",
    "Tier",
    "Window",
    "load_policies",
]
