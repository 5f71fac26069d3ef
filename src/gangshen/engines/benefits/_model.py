"""What a policy gives: a small typed expression over a firm's figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from gangshen.engines.formats import Fault, Fen
from gangshen.engines.rules import Node, Span

__all__ = ["Benefit", "BenefitKind", "Cap", "Ceiling", "Offer", "Tier", "Uplift"]

_OVER = ("year", "quarter", "month", "total")


def _fraction(value: Any) -> Any:
    """A rate is a fraction; one written with a sign is told how to write it."""
    if isinstance(value, str) and value.strip().endswith(("%", "％")):
        raise Fault(f"“{value}”应写成小数（30% 写作 0.3）", f"{value!r} must be a fraction (write 30 % as 0.3)")
    return value


Share = Annotated[float | None, BeforeValidator(_fraction)]
ShareOrRange = Annotated[float | tuple[float, float] | None, BeforeValidator(_fraction)]


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
    """A ceiling in fen of one policy: ``per`` says of what (firm, item, person, mu), ``period`` over what time (year,
    quarter, month, total). ``per: year`` and the like are short for a firm over that time."""

    amount_fen: Fen = Field(ge=0)
    per: str = "firm"
    period: str | None = None

    @property
    def subject(self) -> str:
        """Of what: firm, item, person or mu."""
        return "firm" if self.per in _OVER else self.per

    @property
    def over(self) -> str:
        """Over what time: year, quarter, month, or total (once and for all)."""
        return self.period or (self.per if self.per in _OVER else "total")


class Ceiling(_Frozen):
    """What several policies together may pay one firm (市区两级合计、年度总额): those that name the same ``name``.

    A fixed ``amount_fen``, or a ``rate`` (fraction) of attribute ``base``; over a year, or once and for all.
    """

    name: str = Field(min_length=1)
    amount_fen: Fen | None = Field(default=None, ge=0)
    rate: Share = None
    base: str | None = None
    period: str = "year"


class Uplift(_Frozen):
    """上浮: what an applicant that meets ``when`` gets on top: ``rate`` more (a fraction added to the rate), a fixed
    ``amount_fen``, or ``factor`` of the amount (20 % more = 0.2). With ``caps`` the caps rise by the factor too."""

    when: Node
    rate: Share = None
    amount_fen: Fen | None = Field(default=None, ge=0)
    factor: float | None = None
    caps: bool = False
    quote: str = ""
    span: Span | None = None


class Tier(_Frozen):
    """One step of a ladder: from ``at`` (in the unit of the ladder's attribute) upward, or for list types ``types``."""

    at: float | None = None
    types: tuple[str, ...] = ()
    rate: Share = None
    amount_fen: Fen | None = Field(default=None, ge=0)


class Benefit(_Frozen):
    """支持方式: rate × base under caps, or a fixed amount, or a ladder.

    ``rate`` is a fraction (30 % = 0.3) or a printed range of fractions; ``base`` the attribute (fen) it multiplies, net
    of VAT where ``net_of_vat``; ``period`` the year or quarter whose figures base, count and ladder are (none: the
    latest); ``amount_fen`` a fixed or per-unit amount (times ``count``, an attribute, when given); ``tiers`` a ladder
    on attribute ``ladder`` (whole-amount, never marginal, unless ``marginal``), of which only what was not granted
    before is paid where ``top_up`` (补差). ``uplifts`` come on top, ``floor_fen`` is paid at least, then the ``caps``.

    Beside other policies: ``exclusive`` names a group of which only the highest is paid (从高不重复), ``not_with``
    policies that rule this one out, ``matches`` the policy whose grant it tops up (配套; ``rate`` is then of all that
    was and will be granted there, less what was paid on top of it before), ``ceilings`` what it shares with others.
    """

    kind: BenefitKind
    rate: ShareOrRange = None
    base: str | None = None
    base_label: str = ""
    net_of_vat: bool = False
    period: str | None = None  # as in a clause: last_year, this_year, 2025, 2025Q1
    amount_fen: Fen | None = Field(default=None, ge=0)
    up_to: bool = False  # 最高: the amount is a ceiling that the office decides under
    count: str | None = None
    caps: tuple[Cap, ...] = ()
    ladder: str | None = None
    tiers: tuple[Tier, ...] = ()
    marginal: bool = False
    top_up: bool = False
    uplifts: tuple[Uplift, ...] = ()
    floor_fen: Fen | None = Field(default=None, ge=0)
    exclusive: str | None = None
    not_with: tuple[str, ...] = ()
    matches: str | None = None
    ceilings: tuple[Ceiling, ...] = ()
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
