"""What kind of benefit a sentence gives."""

from __future__ import annotations

import re

from gangshen.engines.benefits import BenefitKind as K

__all__ = ["benefit_kind"]

_NEAR: tuple[tuple[K, str], ...] = (
    (K.RISK_COMPENSATION, r"风险补偿|代偿|损失补偿|坏账"),
    (K.INTEREST, r"贴息|利息|利率|贷款(?:费用|成本)?补贴|融资成本|担保费"),
    (K.INSURANCE, r"保险|保费"),
    (K.TALENT, r"落户补贴|入户补贴|引才补贴|生活补贴|就业补贴"),
    (K.HOUSING, r"购房券|租房券|安居券"),
    (K.VOUCHER, r"算力券|创新券|模型券|语料券|数据券|服务券|消费券|词元|[Tt]oken|加油包|应用券|券"),
    (K.HOUSING, r"购房|安居|住房|租房|房票|人才公寓|安家|住宿|公寓|落户(?:（租房）)?补贴|周转房"),
    (K.RENT, r"房租|租金|租赁(?:补贴|费用)|场地(?:补贴|租金)|办公(?:用房|空间|场地)|减租|免租|零租|工位"),
    (K.LOAN, r"贷款|授信|信贷"),
    (K.EQUITY, r"股权|入股|跟投|直投|投资(?:额度|支持)|出资额|天使投资|提供不超过[^，]{0,8}的?投资|投拨"),
    (K.FUND, r"基金"),
    (K.TRAINING, r"培训"),
    (K.TALENT, r"人才|生活补贴|生活津贴|博士|硕士|工资|薪酬|入户补贴|落户补贴|引才|就业补贴|社保补贴"),
    (K.REWARD, r"奖励|奖金|奖|礼包"),
    (K.SUBSIDY, r"补贴|补助|资助|扶持|支持|经费|补|返还"),
)
_FALL = ((K.SERVICE, r"免费|服务|减免|优先"),)


def benefit_kind(near: str, after: str, wider: str) -> K:
    """``near`` is the clause with the figure, ``after`` the words that follow it, ``wider`` the sentence around it."""
    for kind, pattern in _NEAR:
        if re.search(pattern, near):
            if kind in (K.REWARD, K.SUBSIDY) and re.search(
                r"发放[^，。；]{0,16}券，[^。；]{0,30}$", wider[: len(wider) - len(near)] + near[:1]
            ):
                return K.VOUCHER
            if kind is K.EQUITY and re.search(r"按实际|投资额的", near) and "奖" in near:
                return K.REWARD
            if kind is K.TALENT and not re.search(r"生活|入户|落户|引才|资助|补贴|津贴|项目", near):
                continue
            return kind
    for kind, pattern in _NEAR:
        if re.search(pattern, after):
            return kind
    if re.search("等[^，。]{0,4}支持[^。]{0,20}$", wider):
        return K.SUBSIDY  # 给予启动资金、购房补贴等支持: several things at once
    for kind, pattern in (*_NEAR, *_FALL):
        if kind is not K.TALENT and re.search(pattern, wider):
            return kind
    return K.SUBSIDY
