"""What a policy gives: a small typed expression over a firm's figures."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from gangshen.engines.formats import Fen
from gangshen.engines.rules import Node, Span

__all__ = ["Benefit", "BenefitKind", "Cap", "Offer", "Tier"]


class BenefitKind(StrEnum):
    REWARD = "reward"
    SUBSIDY = "subsidy"
    VOUCHER = "voucher"
    TRAINING = "training"
    TALENT = "talent"
    RENT = "rent"
    HOUSING = "housing"
    LOAN = "loan"
    INTEREST = "interest"
    RISK_COMPENSATION = "risk_compensation"
    INSURANCE = "insurance"
    EQUITY = "equity"
    FUND = "fund"
    BUDGET = "budget"
    SERVICE = "service"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cap(_Frozen):
    """A ceiling in fen; ``per`` says of what: item, firm, year, quarter, month, mu, person, total."""

    amount_fen: Fen = Field(ge=0)
    per: str = "firm"


class Tier(_Frozen):
    """One step of a ladder: from ``at`` (in the unit of the ladder's attribute) upward, or for list types ``types``."""

    at: float | None = None
    types: tuple[str, ...] = ()
    rate: float | None = None
    amount_fen: Fen | None = Field(default=None, ge=0)


class Benefit(_Frozen):
    """支持方式: rate × base under caps, or a fixed amount, or a ladder.

    ``rate`` is a fraction (30 % = 0.3) or a printed range of fractions; ``base`` the attribute (fen) it multiplies, net
    of VAT where ``net_of_vat``; ``amount_fen`` a fixed or per-unit amount (times ``count``, an attribute, when given);
    ``tiers`` a ladder on attribute ``ladder`` (whole-amount, never marginal, unless ``marginal``). ``exclusive`` names
    a group of which only the highest is paid (从高不重复).
    """

    kind: BenefitKind
    rate: float | tuple[float, float] | None = None
    base: str | None = None
    base_label: str = ""
    net_of_vat: bool = False
    amount_fen: Fen | None = Field(default=None, ge=0)
    up_to: bool = False  # 最高: the amount is a ceiling that the office decides under
    count: str | None = None
    caps: tuple[Cap, ...] = ()
    ladder: str | None = None
    tiers: tuple[Tier, ...] = ()
    marginal: bool = False
    exclusive: str | None = None
    judgement: bool = False  # 一事一议: never computed
    assumed: str | None = None  # what in this benefit is an assumed setting, and why
    quote: str = ""
    span: Span | None = None


class Offer(_Frozen):
    """One 政策条款 as the reader finds it: who may ask (rule) and what is given (benefit)."""

    id: str
    title: str
    section: str = ""
    rule: Node | None = None
    benefit: Benefit
    quote: str
    span: Span
