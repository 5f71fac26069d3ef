"""What authorities have listed a firm for: certificates, centres, products, filings, bad marks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ._core import Core
from ._draw import Draw

__all__ = ["bad_marks", "certificates", "filings", "institutions", "management", "products_listed"]

Listed = list[dict[str, Any]]


def _row(
    draw: Draw,
    kind: str,
    as_of: dt.date,
    founded: dt.date,
    *,
    years: int | None = 3,
    level: str | None = None,
    wait: float = 1.2,
) -> dict[str, Any] | None:
    """One dated row; None when the firm is too young for it. Some have run out, few were withdrawn."""
    oldest = max(founded + dt.timedelta(days=round(365 * wait)), as_of - dt.timedelta(days=round(365.25 * 4.2)))
    room = (as_of - oldest).days
    if room < 1:
        return None
    start = as_of - dt.timedelta(days=draw.whole(1, room))
    end = None if years is None else _anniversary(start, years)
    withdrawn = None
    if draw.chance(0.015) and (as_of - start).days > 60:
        withdrawn = start + dt.timedelta(days=draw.whole(30, (as_of - start).days))
    number = f"SYN-{start.year}-{draw.whole(0, 999_999):06d}"  # a form that no authority uses
    return {"type": kind, "level": level, "number": number, "from": start, "to": end, "withdrawn_on": withdrawn}


def _anniversary(start: dt.date, years: int) -> dt.date:
    """The last day of a term of whole years."""
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return start.replace(year=start.year + years, day=day) - dt.timedelta(days=1)


def certificates(firm: Core, draw: Draw, as_of: dt.date) -> Listed:
    """The titles of the ladder and those beside it, more likely with research, size and age."""
    inventive = firm.trade.rd >= 6 and firm.rd_expense > 0
    ratio = firm.rd_expense / firm.revenue if firm.revenue else (0.5 if firm.rd_expense else 0.0)
    strength = 0.5 * firm.size + 0.5 * min(1.0, ratio / 0.12)
    wanted: list[tuple[str, int | None, str | None, float]] = []
    if ratio >= 0.03 and draw.chance(0.05 + 0.7 * strength):
        wanted.append(("高新技术企业", 3, None, 1.2))
    if inventive and firm.employees <= 500 and draw.chance(0.5):
        wanted.append(("科技型中小企业", 1, None, 0.4))
    if firm.employees < 1000 and draw.chance(0.04 + 0.5 * strength * inventive):
        wanted.append(("创新型中小企业", 3, None, 1.0))
        if draw.chance(0.06 + 0.5 * strength):
            wanted.append(("专精特新中小企业", 3, "市级", 2.0))
            if draw.chance(0.28 * strength):
                wanted.append(("专精特新“小巨人”企业", 3, "国家级", 3.0))
    if firm.industrial and firm.size > 0.85 and draw.chance(0.06):
        wanted.append(("制造业单项冠军企业", 3, "国家级", 5.0))
    if inventive and firm.growth > 40 and draw.chance(0.12):
        wanted.append((draw.pick(("瞪羚企业", "潜在独角兽企业")), None, None, 1.0))
    if firm.industrial and firm.size > 0.55 and draw.chance(0.3):
        wanted.append(("智能工厂", None, draw.pick(("基础级", "基础级", "先进级", "卓越级")), 2.0))
    if firm.size > 0.7 and inventive and draw.chance(0.25):
        wanted.append(("企业技术中心", None, draw.pick(("区级", "区级", "市级")), 3.0))
    if firm.ownership == "外资" and inventive and draw.chance(0.2):
        wanted.append(("外资研发中心", None, "外资研发中心", 1.0))
    rows = (
        _row(draw, kind, as_of, firm.registered_on, years=years, level=level, wait=wait)
        for kind, years, level, wait in wanted
    )
    return [row for row in rows if row is not None]


def institutions(certified: Listed) -> Listed:
    """研发机构认定: the centres among the certificates, which their issuers also list apart."""
    return [dict(row) for row in certified if row["type"] in {"企业技术中心", "外资研发中心"}]


def management(firm: Core, draw: Draw, as_of: dt.date) -> Listed:
    rows = []
    for kind, likely in (("ISO 9001", 0.3 + 0.5 * firm.size), ("ISO 14001", 0.4 * firm.size), ("ISO 27001", 0.12)):
        if (kind != "ISO 27001" or not firm.industrial) and draw.chance(likely):
            rows.append(_row(draw, kind, as_of, firm.registered_on, wait=0.8))
    if firm.trade.id in {"body", "joint_module", "application"} and draw.chance(0.35):
        rows.append(_row(draw, "CR 认证", as_of, firm.registered_on, wait=1.0))
    return [row for row in rows if row is not None]


def products_listed(firm: Core, draw: Draw, as_of: dt.date) -> Listed:
    """首台（套）等产品."""
    if not (firm.trade.rd >= 7 and firm.size > 0.6 and draw.chance(0.09)):
        return []
    kind = "首台（套）" if firm.industrial else "首版次"
    row = _row(draw, kind, as_of, firm.registered_on, years=None, level="市级", wait=2.0)
    return [] if row is None else [row | {"name": draw.pick(firm.trade.products)}]


def filings(firm: Core, draw: Draw, as_of: dt.date) -> Listed:
    """Filings with the cyberspace authorities: of model makers, seldom of others who write software."""
    likely = {"model": 0.4, "application": 0.08, "software": 0.05}.get(firm.trade.id, 0.0)
    if not (likely and draw.chance(likely)):
        return []
    kind = "生成式人工智能服务备案" if firm.trade.id == "model" and draw.chance(0.5) else "算法备案"
    row = _row(draw, kind, as_of, firm.registered_on, years=None, wait=0.6)
    return [] if row is None else [row]


def bad_marks(firm: Core, draw: Draw, as_of: dt.date) -> dict[str, Any]:
    """Closed lists: nearly always empty, and then empty means no."""
    risk = 0.02 if firm.active else 0.3
    abnormal, dishonest, fined = draw.chance(risk), draw.chance(risk * 0.15), draw.chance(0.05)
    listed = max(firm.registered_on, as_of - dt.timedelta(days=draw.whole(20, 900)))
    over = listed + dt.timedelta(days=draw.whole(30, 400)) if draw.chance(0.5) else None
    entry = {"level": None, "number": None, "from": listed, "to": over if over and over < as_of else None}
    amount = draw.whole(1, 60) * 5_000_00
    return {
        "abnormal_list": [entry | {"type": "经营异常名录", "withdrawn_on": None}] if abnormal else [],
        "serious_dishonesty": [entry | {"type": "严重违法失信名单", "withdrawn_on": None}] if dishonest else [],
        "penalties": [entry | {"type": "行政处罚", "withdrawn_on": None, "amount_fen": amount}] if fined else [],
        "judgment_defaulter": draw.chance(risk * 0.25),
    }
