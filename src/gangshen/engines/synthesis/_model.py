"""The place that synthetic firms are put into, and what a source says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["SOURCES", "Park", "Place", "Row", "Statement", "Town"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """A street or town; ``weight`` is its share of the firms."""

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Park:
    """Premises that firms rent in; ``key`` is what the attribute ``park`` holds."""

    key: str
    town: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the firms are. The towns are real places of Minhang; the parks are invented."""

    city: str = "上海"
    district: str = "闵行区"
    division: str = "310112"  # GB/T 2260
    towns: tuple[Town, ...] = (
        Town("马桥镇", 62),
        Town("江川路街道", 11),
        Town("吴泾镇", 7),
        Town("颛桥镇", 9),
        Town("梅陇镇", 5),
        Town("浦江镇", 6),
    )
    parks: tuple[Park, ...] = (
        Park("冈身智造园", "马桥镇", 5),
        Park("贝丘科创园", "马桥镇", 3),
        Park("苇岸工坊", "马桥镇", 2),
        Park("潮痕孵化器", "江川路街道", 2),
        Park("芦汀产业园", "颛桥镇", 1),
    )
    elsewhere: tuple[tuple[str, str], ...] = (("310104", "徐汇区"), ("310115", "浦东新区"), ("310117", "松江区"))


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says of one firm in one go: the shape of a record in a register.

    ``period`` is "" for a state, "2025" for a year, "2026-09" for a month; ``as_of`` the day it speaks for.
    """

    source: str
    subject: str  # the code of the firm
    period: str
    as_of: dt.date
    values: Mapping[str, Any]
    synthetic: bool = True


_BY_SOURCE = {
    "registry": "uscc name former_names legal_form ownership registered_on operating_status registered_capital "
    "business_scope registered_division industry_registered listing_status",
    "lists": "certificates rd_institutions first_set_products management_certs filed_models invention_patents "
    "tech_contract_value",
    "credit": "abnormal_list serious_dishonesty penalties judgment_defaulter accidents_3y",
    "tax": "tax_paid tax_credit_grade tax_credit_a",
    "statistics": "industry_statistical above_scale output_value_statistical",
    "park": "operating_division park premises_area land_area products chain_nodes",
    "firm": "paid_in_capital above_scale_declared employees insured_employees revenue segment_revenue_share "
    "revenue_growth profit total_assets debt_ratio output_value_reported fixed_investment_reported equipment_investment "
    "exports energy_use rent_paid interest_paid rd_expense rd_staff class1_ip software_copyrights standards financing "
    "compute_contracts compute_spend needs",
}
SOURCES: Mapping[str, tuple[str, ...]] = {source: tuple(ids.split()) for source, ids in _BY_SOURCE.items()}
"""Which source states which attribute: registry 市场监管, lists 认定名单, credit 信用公示, tax 税务, statistics 统计,
park 园区公司, firm 企业报送."""
