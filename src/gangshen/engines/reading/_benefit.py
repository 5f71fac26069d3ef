"""From grouped figures to a benefit: rate, amount, caps, ladder, base and kind."""

from __future__ import annotations

import re

from gangshen.engines.benefits import Benefit, BenefitKind, Cap, Tier
from gangshen.engines.rules import Span

from ._amounts import Group
from ._figures import Figure
from ._kinds import benefit_kind
from ._linker import Linker

__all__ = ["benefit_of"]

_LIST = re.compile(
    r"[^，。；：、（）]{1,24}(?:、[^，。；：、（）]{1,24})+(?:(?:和|及|以及|或)[^，。；：、（）]{1,24})?"
    r"|[^，。；：、（）]{1,16}(?:和|及|、)[^，。；：、（）]{1,24}"
)
_LIST_HEAD = re.compile(r"^(?:对|对于|按照|新认定为|获得|新获评|首次认定为|新列入)+|(?:的|学历|企业|分别|给予|人才)+$")


def benefit_of(text: str, row: list[Group], quote: str, span: Span, linker: Linker) -> Benefit:
    """The benefit of one group, or the ladder of a 分别 row."""
    first, last = row[0], row[-1]
    rate, money = first.rate, first.money
    tiers: tuple[Tier, ...] = ()
    caps: tuple[Cap, ...] = ()
    if len(row) > 1:
        tiers = tuple(
            Tier(types=_types(text, row, i), rate=_single(g.rate), amount_fen=g.money.fen if g.money else None)
            for i, g in enumerate(row)
        )
        caps = _caps(last.caps)
    elif rate is not None:
        caps = _caps([*([money] if money else []), *first.caps])
    else:
        caps = _caps(first.caps)
    fixed = money if money is not None and rate is None and not tiers else None
    ranged = fixed is not None and fixed.low_fen != fixed.fen
    base_label = _base(text, rate) if rate is not None else f"per {fixed.per}" if fixed and fixed.per else ""
    base = linker.money(base_label) if rate is not None else None
    titles = [linker.title(t.types[0]) if t.types else None for t in tiers]
    ladder = None
    if tiers and all(titles):
        ladder = "certificates"
        tiers = tuple(t.model_copy(update={"types": (name,)}) for t, name in zip(tiers, titles, strict=True))
    return Benefit(
        kind=_kind(text, row),
        base=base.id if base else None,
        ladder=ladder,
        rate=rate.rate if rate is not None and not tiers else None,
        base_label=base_label,
        net_of_vat=bool(re.search(r"不含税|扣除增值税", text)),
        amount_fen=fixed.fen if fixed else None,
        up_to=any(
            f.up_to for g in row for f in (g.rate, g.money) if f is not None and f is not (money if rate else None)
        )
        or ranged,
        caps=caps,
        tiers=tiers,
        judgement="一事一议" in text,
        quote=quote,
        span=span,
    )


def _single(figure: Figure | None) -> float | None:
    if figure is None or figure.rate is None:
        return None
    return figure.rate[1] if isinstance(figure.rate, tuple) else figure.rate


def _caps(money: list[Figure]) -> tuple[Cap, ...]:
    return tuple(Cap(amount_fen=f.fen, per=f.per or "firm") for f in money if f.fen is not None)


def _base(text: str, rate: Figure) -> str:
    """The words for what the rate multiplies: 按实际投资额的30% → 实际投资额."""
    clause = re.split("[，。；：]", text[: rate.start])[-1]
    hit = re.search(r"(?:按照?|参照|对)?(?P<base>[^，]{2,40}?)(?:的|最高|不超过|给予)*$", clause)
    base = re.sub(r"^(?:其|年度|不超过|最高|按照?|参照|给予)+", "", hit["base"]) if hit else ""
    return base if len(base) >= 2 else ""


def _kind(text: str, row: list[Group]) -> BenefitKind:
    start = max(text.rfind("，", 0, row[0].start), text.rfind("；", 0, row[0].start)) + 1
    start = max(start, *(text.rfind(c, start, row[0].start) + 1 for c in "及和与"))
    close = max(f.end for g in row for f in (g.rate, g.money) if f is not None)
    stop = min((p for p in (text.find(c, close) for c in "，；。、和及") if p >= 0), default=len(text))
    wider = min((p for p in (text.find(c, close) for c in "，；。") if p >= 0), default=len(text))
    return benefit_kind(text[max(start, row[0].start - 12) : stop], text[close:wider], text[:wider])


def _types(text: str, row: list[Group], tier: int) -> tuple[str, ...]:
    """The words of a 分别 list that belong to one step, when there are as many as steps."""
    for hit in reversed(list(_LIST.finditer(text[: row[0].start]))):
        parts = re.split("、|和|以及|及|或", hit[0])
        if len(parts) == len(row):
            cleaned = _LIST_HEAD.sub("", parts[tier]).strip(" “”")
            return (cleaned or parts[tier],)
    return ()
