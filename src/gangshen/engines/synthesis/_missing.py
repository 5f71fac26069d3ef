"""What is not known: open-world attributes are missing at different rates, more with small and silent firms."""

from __future__ import annotations

from typing import Any

from ._core import Core
from ._draw import Draw

__all__ = ["MISSING", "without_missing"]

MISSING = {
    "paid_in_capital": 0.25,
    "employees": 0.12,
    "insured_employees": 0.18,
    "revenue": 0.15,
    "segment_revenue_share": 0.7,
    "revenue_growth": 0.3,
    "profit": 0.28,
    "total_assets": 0.3,
    "debt_ratio": 0.35,
    "fixed_investment_reported": 0.55,
    "equipment_investment": 0.6,
    "exports": 0.65,
    "energy_use": 0.7,
    "rent_paid": 0.55,
    "interest_paid": 0.75,
    "rd_expense": 0.22,
    "rd_staff": 0.4,
    "class1_ip": 0.6,
    "software_copyrights": 0.35,
    "standards": 0.75,
    "financing": 0.6,
    "compute_contracts": 0.5,
    "compute_spend": 0.55,
    "needs": 0.7,
    "tax_paid": 0.65,
    "tax_credit_grade": 0.4,
    "accidents_3y": 0.35,
    "operating_division": 0.2,
    "premises_area": 0.35,
    "land_area": 0.6,
    "products": 0.3,
    "above_scale_declared": 0.35,
    "output_value_reported": 0.1,
}
"""The rate at which a firm of middling size and candour leaves each attribute unknown; assumed, by attribute."""


def without_missing(firm: Core, values: dict[str, Any], draw: Draw) -> dict[str, Any]:
    """The values that are stated; what is dropped is absent, never zero or empty."""
    reluctance = 2.1 - 2.2 * (0.65 * firm.size + 0.35 * firm.candour)
    unit, rates = draw.unit, MISSING
    return {
        key: value for key, value in values.items() if key not in rates or unit() >= min(0.97, rates[key] * reluctance)
    }
