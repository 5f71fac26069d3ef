"""Benefits: amounts as intervals, in integer fen."""

from ._model import Benefit, BenefitKind, Cap, Offer, Tier

__all__ = ["Benefit", "BenefitKind", "Cap", "Offer", "Tier"]
