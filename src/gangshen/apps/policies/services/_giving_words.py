"""The names of the fields that say what is given, for a form, a sheet and a fault."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.engines.benefits import BenefitKind as Kind

__all__ = ["FIELD_WORDS", "KIND_WORDS", "WAY_WORDS", "field_words"]

WAY_WORDS = {
    "fixed": gettext_lazy("a fixed amount"),
    "unit": gettext_lazy("so much for each (person, item, mu …)"),
    "rate": gettext_lazy("a rate of a base"),
    "ladder": gettext_lazy("in steps"),
    "judged": gettext_lazy("decided case by case"),
    "none": gettext_lazy("no amount"),
}
KIND_WORDS = {
    Kind.REWARD: gettext_lazy("Reward"),
    Kind.SUBSIDY: gettext_lazy("Subsidy"),
    Kind.VOUCHER: gettext_lazy("Voucher"),
    Kind.TRAINING: gettext_lazy("Training support"),
    Kind.TALENT: gettext_lazy("Support for talent"),
    Kind.RENT: gettext_lazy("Rent support"),
    Kind.HOUSING: gettext_lazy("Housing support"),
    Kind.LOAN: gettext_lazy("Loan"),
    Kind.INTEREST: gettext_lazy("Interest subsidy"),
    Kind.RISK_COMPENSATION: gettext_lazy("Risk compensation"),
    Kind.INSURANCE: gettext_lazy("Insurance support"),
    Kind.EQUITY: gettext_lazy("Equity investment"),
    Kind.FUND: gettext_lazy("Fund"),
    Kind.BUDGET: gettext_lazy("Budget"),
    Kind.SERVICE: gettext_lazy("Service"),
}

FIELD_WORDS = {
    "kind": gettext_lazy("Instrument"),
    "way": gettext_lazy("How it is paid"),
    "amount": gettext_lazy("Amount"),
    "amount_fen": gettext_lazy("Amount"),
    "up_to": gettext_lazy("At most so much"),
    "count": gettext_lazy("For each of"),
    "rate": gettext_lazy("Rate"),
    "rate_to": gettext_lazy("Highest rate"),
    "base": gettext_lazy("Base"),
    "base_label": gettext_lazy("Base in the words of the text"),
    "net_of_vat": gettext_lazy("Net of VAT"),
    "matches": gettext_lazy("Tops up the policy"),
    "period": gettext_lazy("Figures of"),
    "ladder": gettext_lazy("Steps by"),
    "tier": gettext_lazy("Step"),
    "tiers": gettext_lazy("Step"),
    "marginal": gettext_lazy("Each slice at its own rate"),
    "top_up": gettext_lazy("Only the difference to what was paid before"),
    "cap": gettext_lazy("Ceiling"),
    "caps": gettext_lazy("Ceiling"),
    "more": gettext_lazy("Addition"),
    "uplifts": gettext_lazy("Addition"),
    "ceiling": gettext_lazy("Shared ceiling"),
    "ceilings": gettext_lazy("Shared ceiling"),
    "floor": gettext_lazy("At least"),
    "floor_fen": gettext_lazy("At least"),
    "exclusive": gettext_lazy("Group of which only the highest is paid"),
    "not_with": gettext_lazy("Not beside the policies"),
    "assumed": gettext_lazy("What is assumed, and why"),
    "quote": gettext_lazy("Words of the text"),
    "at": gettext_lazy("from"),
    "gives": gettext_lazy("gives"),
    "attribute": gettext_lazy("Attribute"),
    "eligibility": gettext_lazy("Conditions"),
    "per": gettext_lazy("for"),
    "over": gettext_lazy("over"),
}


def field_words(place: str) -> str:
    """A place in a benefit (``cap.0.amount``, ``benefit.caps[0].amount_fen``) in words: ``Ceiling 1 Amount``."""
    parts = re.sub(r"\[(\d+)\]", r".\1", place).removeprefix("benefit.").split(".")
    words = [_("%(n)d") % {"n": int(one) + 1} if one.isdecimal() else str(FIELD_WORDS.get(one, one)) for one in parts]
    return " ".join(words)
