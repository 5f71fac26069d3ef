"""What is stated of each firm, by whom, and as of when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ._core import Core, core, last_year, yuan
from ._draw import Draw
from ._figures import closed_months, month_output, year_figures
from ._missing import without_missing
from ._model import Place, Row, Statement
from ._titles import bad_marks, certificates, filings, institutions, management, products_listed

__all__ = ["enterprises", "statements"]

_DAY = dt.timedelta(days=1)


def enterprises(n: int, *, seed: int, as_of: dt.date, place: Place | None = None, start: int = 0) -> Iterator[Row]:
    """``n`` firms as flat rows: what is known of each on ``as_of``, by attribute id, with ``synthetic: True``.

    Yearly attributes are of the last closed year, output is of the last month whose form is in. Money is in fen,
    percentages are percentages, lists are rows; an attribute that nobody states is absent. Firm ``i`` of a seed and a
    day is the same whatever ``n`` and ``start`` are.
    """
    for told in _told(n, seed, as_of, place, start, 1, 1):
        row: Row = {"synthetic": True}
        for statement in told:
            row.update(statement.values)
        yield row


def statements(
    n: int,
    *,
    seed: int,
    as_of: dt.date,
    place: Place | None = None,
    start: int = 0,
    years: int = 1,
    months: int = 1,
) -> Iterator[Statement]:
    """The same firms as records of their sources, with ``years`` closed years and ``months`` months of output."""
    for told in _told(n, seed, as_of, place, start, years, months):
        yield from told


def _told(
    n: int, seed: int, as_of: dt.date, place: Place | None, start: int, years: int, months: int
) -> Iterator[list[Statement]]:
    where = place or Place()
    if n < 0 or start < 0:
        raise ValueError(f"n {n} and start {start} must not be negative")
    closed = closed_months(as_of, months) if months else []
    for index in range(start, start + n):
        firm = core(seed, index, as_of, where)
        draw = Draw(seed, "told", index)
        told = [
            _told_by("registry", firm, "", as_of - _DAY * draw.whole(0, 20), _registry(firm, draw, as_of, where)),
            _told_by("lists", firm, "", as_of - _DAY * draw.whole(0, 30), _lists(firm, draw, as_of)),
            _told_by("credit", firm, "", as_of - _DAY * draw.whole(0, 3), _credit(firm, draw, as_of)),
            _told_by("park", firm, "", as_of - _DAY * draw.whole(5, 320), _park(firm, draw, where)),
            _told_by("firm", firm, "", as_of - _DAY * draw.whole(5, 400), _declared(firm, draw, as_of)),
        ]
        told += _grades(firm, draw, as_of)
        told += _yearly(firm, seed, as_of, years)
        told += _monthly(firm, seed, as_of, closed)
        yield [statement for statement in told if statement.values]


def _told_by(source: str, firm: Core, period: str, day: dt.date, values: dict[str, Any]) -> Statement:
    return Statement(source, firm.uscc, period, max(day, firm.registered_on), values)


def _registry(firm: Core, draw: Draw, as_of: dt.date, place: Place) -> Row:
    code, district = (place.division, place.district) if firm.local else draw.pick(place.elsewhere)
    goods = "、".join(firm.trade.products)
    made = f"{goods}的研发、制造、销售" if firm.industrial else goods
    former: list[dict[str, Any]] = []
    if draw.chance(0.06):
        changed = firm.registered_on + (as_of - firm.registered_on) * draw.unit()
        former = [{"type": f"{place.city}{firm.brand}实业有限公司", "from": firm.registered_on, "to": changed}]
    listed = firm.legal_form == "股份有限公司" and draw.chance(0.22)
    return {
        "uscc": firm.uscc,
        "name": firm.name,
        "former_names": former,
        "legal_form": firm.legal_form,
        "ownership": firm.ownership,
        "registered_on": firm.registered_on,
        "operating_status": "存续" if firm.active else draw.pick(("注销", "吊销", "迁出", "停业")),
        "registered_capital": firm.capital,
        "business_scope": f"一般项目：{made}；技术服务、技术开发、技术咨询；货物进出口。",
        "registered_division": f"{code} {firm.town}" if firm.local else f"{code} {district}",
        "industry_registered": firm.industry,
        "listing_status": draw.pick(("境内上市", "新三板", "新三板", "区域股权市场")) if listed else "未上市",
    }


def _lists(firm: Core, draw: Draw, as_of: dt.date) -> Row:
    certified = certificates(firm, draw, as_of)
    inventive = firm.rd_expense / 50_000_000 + firm.size * 4 * (firm.trade.rd > 5)
    return {
        "certificates": certified,
        "rd_institutions": institutions(certified),
        "management_certs": management(firm, draw, as_of),
        "first_set_products": products_listed(firm, draw, as_of),
        "filed_models": filings(firm, draw, as_of),
        "invention_patents": int(draw.around(inventive, 0.8)) if inventive else 0,
        "tech_contract_value": yuan(firm.revenue * 0.1 * draw.unit(), 1000) if draw.chance(firm.trade.rd / 90) else 0,
    }


def _credit(firm: Core, draw: Draw, as_of: dt.date) -> Row:
    values = bad_marks(firm, draw, as_of) | {"accidents_3y": firm.industrial and draw.chance(0.012)}
    return without_missing(firm, values, draw)


def _park(firm: Core, draw: Draw, place: Place) -> Row:
    values: Row = {"operating_division": f"{place.district}{firm.town}"}
    if firm.park is not None:
        values["park"] = firm.park
    area = max(60.0, draw.around(firm.employees * (32.0 if firm.industrial else 11.0), 0.35))
    values["premises_area"] = float(round(area, -1))
    if firm.industrial and firm.park is None and firm.size > 0.45:
        values["land_area"] = float(round(area * 1.6, -1))
    share = draw.whole(35, 95)
    made: list[Row] = [{"type": product, "node": firm.trade.id} for product in firm.trade.products[: draw.whole(1, 3)]]
    values["products"] = [made[0] | {"share": share}, *made[1:]]
    values = without_missing(firm, values, draw)
    if "products" in values and firm.trade.group in {"robot", "smart"}:
        values["chain_nodes"] = [{"type": firm.trade.zh, "node": firm.trade.id, "confidence": draw.whole(70, 99) / 100}]
    return values


def _declared(firm: Core, draw: Draw, as_of: dt.date) -> Row:
    values: Row = {
        "paid_in_capital": yuan(firm.capital * min(1.0, 0.15 + 1.2 * draw.unit()), 10_000),
        "insured_employees": max(0, round(firm.employees * (0.72 + 0.3 * draw.unit()))),
        "above_scale_declared": firm.in_directory,
        "class1_ip": int(draw.around(1 + firm.rd_expense / 100_000_000, 0.7)) if firm.rd_expense else 0,
        "software_copyrights": int(draw.around(4 + firm.trade.rd / 3, 0.9)) if firm.trade.rd > 4 else 0,
    }
    if firm.trade.rd > 6 and firm.size > 0.6 and draw.chance(0.25):
        kind = draw.pick(("国家标准", "行业标准", "团体标准", "团体标准"))
        values["standards"] = [{"type": kind, "role": draw.pick(("主导", "参与", "参与"))}]
    if firm.trade.rd > 10 and draw.chance(0.55):
        values["financing"] = _rounds(firm, draw, as_of)
    if firm.trade.id in {"model", "application", "body", "chip", "smart_transport"} and draw.chance(0.5):
        values["compute_contracts"] = [_contract(firm, draw, as_of) for _ in range(draw.whole(1, 2))]
    if draw.chance(0.4):
        kinds = (
            "人才",
            "空间",
            "资金",
            "算力" if firm.trade.rd > 10 else "用工",
            "场景" if firm.trade.rd > 5 else "市场",
        )
        values["needs"] = [{"type": draw.pick(kinds), "from": as_of - _DAY * draw.whole(1, 300)}]
    return without_missing(firm, values, draw)


def _rounds(firm: Core, draw: Draw, as_of: dt.date) -> list[dict[str, Any]]:
    names, amount = ("天使轮", "A 轮", "B 轮", "C 轮"), 500_000_000.0
    day, rounds = firm.registered_on + _DAY * draw.whole(90, 500), []
    for name in names[: draw.whole(1, 4)]:
        if day >= as_of:
            break
        rounds.append({"type": name, "from": day, "amount_fen": yuan(draw.around(amount, 0.5), 10_000)})
        day, amount = day + _DAY * draw.whole(300, 800), amount * 3
    return rounds


def _contract(firm: Core, draw: Draw, as_of: dt.date) -> dict[str, Any]:
    start = max(firm.registered_on, as_of - _DAY * draw.whole(20, 500))
    return {
        "type": "算力租用",
        "number": f"SYN-{start.year}-{draw.whole(0, 999_999):06d}",
        "provider": draw.pick(("冈身算力池", "潮痕云算", "贝丘智算")),
        "chips": draw.pick(("国产", "国产", "进口")),
        "from": start,
        "to": start + _DAY * draw.whole(90, 365),
        "amount_fen": yuan(firm.employees * draw.around(2_000_000, 0.8), 1000),
    }


def _grades(firm: Core, draw: Draw, as_of: dt.date) -> list[Statement]:
    """税务: the public list of A grades is whole, the grade itself only with consent."""
    luck = draw.unit() - 0.25 * (firm.size - 0.5)
    young = (as_of - firm.registered_on).days < 1000
    grade = "M" if young else "A" if luck < 0.22 else "B" if luck < 0.86 else "C" if luck < 0.97 else "D"
    values = without_missing(firm, {"tax_credit_a": grade == "A", "tax_credit_grade": grade}, draw)
    return [_told_by("tax", firm, "", as_of - _DAY * draw.whole(10, 200), values)]


def _yearly(firm: Core, seed: int, as_of: dt.date, years: int) -> list[Statement]:
    found: list[Statement] = []
    for year in range(last_year(as_of) - years + 1, last_year(as_of) + 1):
        if year < firm.registered_on.year:
            continue
        draw = Draw(seed, "stated", firm.index, year)
        values = without_missing(firm, year_figures(firm, seed, year, as_of), draw)
        taxed = {"tax_paid": values.pop("tax_paid")} if "tax_paid" in values else {}
        audited = dt.date(year + 1, 5, 31) - _DAY * draw.whole(0, 60)
        found.append(_told_by("firm", firm, str(year), audited, values))
        found.append(_told_by("tax", firm, str(year), dt.date(year + 1, 3, 31), taxed))
    return found


def _monthly(firm: Core, seed: int, as_of: dt.date, closed: list[tuple[int, int]]) -> list[Statement]:
    found: list[Statement] = []
    if closed:
        seen = as_of - _DAY * 12
        values = {"industry_statistical": firm.industry} if firm.in_directory else {}
        found.append(_told_by("statistics", firm, "", seen, values | {"above_scale": firm.in_directory}))
    for year, month in closed:
        output = month_output(firm, seed, year, month, as_of)
        if output is None:
            continue
        draw = Draw(seed, "form", firm.index, year, month)
        period, day = f"{year}-{month:02d}", dt.date(year + month // 12, month % 12 + 1, 8)
        stated = without_missing(firm, {"output_value_reported": output}, draw)
        found.append(_told_by("firm", firm, period, day, stated))
        if firm.in_directory:
            counted = yuan(output * (0.985 + 0.03 * draw.unit()), 1000)
            found.append(_told_by("statistics", firm, period, day + _DAY * 10, {"output_value_statistical": counted}))
    return found
