"""Offers amended by what stands elsewhere: ceilings in a later sentence, conditions in a lead-in or a list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gangshen.engines.benefits import Cap
from gangshen.engines.rules import All, Any_, Clause, Node

from ._amounts import Group, only_caps
from ._model import OfferItem

__all__ = ["CEILING", "alternatives", "cap_before", "capped", "is_ceiling", "shared_ceiling", "with_conditions"]

CEILING = re.compile(r"(?:同一|单个|单家|单一|每家|每个|每年|年度|累计|合计)")
_OWN_NOUN = re.compile(
    r"(?:上述|以上)?(?P<noun>[^，。；、\d]{2,8}(?:补助|补贴|奖励|资助|贴息|扶持|支持))(?:资金|总额|金额|额度|标准)?(?:每年|年度|累计|合计|均|原则上)*"
)
_REFERS = re.compile(
    r"^(?:凡|经)?(?:符合|满足|具备)(?:上述|以上|以下|下列|前述|前款|如下|本条|相关|申报)[^，。；]{0,4}(?:条件|要求)"
)


def is_ceiling(text: str, made: list[Group], before: str = "") -> bool:
    """单个企业每年最高不超过100万元。: a ceiling on the sentence ``before``."""
    money = made[0].money
    if len(made) != 1 or made[0].rate is not None or money is None or not money.up_to:
        return False
    head = text[: money.start]
    if (
        CEILING.match(text)
        and "，" in head
        and only_caps(head.rsplit("，", 1)[-1])
        and not re.search(r"给予|对|的，", head)
    ):
        return True  # 单个企业补贴面积最多1000平方米，年补贴额最高60万元
    if only_caps(head):
        return not head.endswith("场景")
    noun = _OWN_NOUN.fullmatch(head)
    if noun is not None and noun["noun"] in before:
        return True  # …给予3%的开办补助。开办补助最高不超过1000万元
    who = rf"{CEILING.pattern}|奖励|补贴|补助|资助|原则上|最高|总额|全年|单位"
    return (
        len(head) <= 24
        and re.match(who, head + "最高") is not None
        and not re.search(r"对|支持(?!金额|额度)|鼓励|，|给予|场景|活动|项目给", head)
    )


def shared_ceiling(text: str, made: list[Group]) -> bool:
    """…；达到3000万元的，按20%补助，最高均不超过500万元: the last step names the ceiling of all."""
    money = made[-1].money
    if made[-1].rate is None or money is None or not money.up_to:
        return False
    clause = re.split("[，；]", text[: money.start])[-1]
    return only_caps(clause) and re.search("均|同一|每家|单个企业|单家|累计|合计", clause) is not None


def cap_before(items: list[OfferItem], group: Group) -> None:
    """A ceiling holds for the last offer, and for the rates just before it that have none."""
    items[-1] = capped(items[-1], group)
    for index in range(len(items) - 2, -1, -1):
        benefit = items[index].offer.benefit
        if benefit.rate is None or benefit.caps or benefit.tiers:
            break
        items[index] = capped(items[index], group)


def capped(previous: OfferItem, group: Group) -> OfferItem:
    money = group.money
    assert money is not None and money.fen is not None
    cap = Cap(amount_fen=money.fen, per=money.per or "firm")
    benefit = previous.offer.benefit.model_copy(update={"caps": (*previous.offer.benefit.caps, cap)})
    return previous.model_copy(update={"offer": previous.offer.model_copy(update={"benefit": benefit})})


def alternatives(clauses: Sequence[Clause]) -> list[Node]:
    """发明专利3件以上或软件著作权10件以上: either is enough."""
    nodes: list[Node] = []
    for clause in clauses:
        before = nodes[-1] if nodes else None
        if clause.unit and clause.quote.startswith("或") and isinstance(before, Any_):
            nodes[-1] = Any_(any=(*before.any, clause))
        elif clause.unit and clause.quote.startswith("或") and isinstance(before, Clause) and before.unit:
            nodes[-1] = Any_(any=(before, clause))
        else:
            nodes.append(clause)
    return nodes


def with_conditions(item: OfferItem, found: list[Clause], either: bool = False) -> OfferItem:
    """The offer with further conditions; a mere reference to them (符合上述条件的企业) is dropped."""
    own = tuple(c for c in item.conditions if not (isinstance(c.value, str) and _REFERS.match(c.value)))
    known = {(c.operator, c.value, c.unit, c.attribute) for c in own if c.unit}
    fresh = tuple(c for c in found if not c.unit or (c.operator, c.value, c.unit, c.attribute) not in known)
    if not fresh:
        return item
    dropped = {c.id for c in item.conditions} - {c.id for c in own}
    before = item.offer.rule
    nodes: list[Node] = list(before.all) if isinstance(before, All) else [before] if before is not None else []
    nodes = [n for n in nodes if not (isinstance(n, Clause) and n.id in dropped)]
    nodes += [Any_(any=fresh)] if either and len(fresh) > 1 else alternatives(fresh)
    doubts = tuple(d for d in item.doubts if d != "no condition read")
    offer = item.offer.model_copy(update={"rule": All(all=tuple(nodes))})
    return item.model_copy(update={"conditions": (*own, *fresh), "offer": offer, "doubts": doubts})
