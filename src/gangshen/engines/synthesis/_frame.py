"""The firms as a table, in the columns that rules read."""

from __future__ import annotations

import datetime as dt

import polars as pl

from ._firm import enterprises
from ._model import SOURCES, Place

__all__ = ["frame"]

_ROW = pl.Struct(
    {
        "type": pl.String,
        "level": pl.String,
        "number": pl.String,
        "from": pl.Date,
        "to": pl.Date,
        "withdrawn_on": pl.Date,
    }
)
_KINDS: dict[pl.DataType | type[pl.DataType], str] = {
    pl.Date: "registered_on",
    pl.Boolean: "above_scale_declared above_scale tax_credit_a judgment_defaulter accidents_3y",
    pl.Float64: "segment_revenue_share revenue_growth debt_ratio energy_use premises_area land_area",
    pl.Int64: "registered_capital paid_in_capital employees insured_employees revenue profit total_assets "
    "output_value_reported output_value_statistical tax_paid fixed_investment_reported equipment_investment exports "
    "rent_paid interest_paid rd_expense rd_staff class1_ip software_copyrights invention_patents tech_contract_value "
    "compute_spend",
    pl.List(_ROW): "former_names certificates rd_institutions first_set_products management_certs filed_models "
    "products chain_nodes standards financing compute_contracts needs abnormal_list serious_dishonesty penalties",
}


def _schema() -> dict[str, pl.DataType | type[pl.DataType]]:
    kinds = {name: kind for kind, names in _KINDS.items() for name in names.split()}
    return {
        "id": pl.String,
        "synthetic": pl.Boolean,
        **{name: kinds.get(name, pl.String) for names in SOURCES.values() for name in names},
    }


def frame(n: int, *, seed: int, as_of: dt.date, place: Place | None = None, start: int = 0) -> pl.DataFrame:
    """The rows of :func:`enterprises` as typed columns beside ``id`` (the code); what is not known is null.

    List attributes are ``List(Struct{type, level, number, from, to, withdrawn_on})``; further fields of their rows are
    left out.
    """
    rows = enterprises(n, seed=seed, as_of=as_of, place=place, start=start)
    return pl.DataFrame([row | {"id": row["uscc"]} for row in rows], schema=_schema(), orient="row")
