"""The figures of a sentence and their use: given, asked for, pooled or neither."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from gangshen.engines.quantities import Quantity, find

__all__ = ["Figure", "figures"]

Use = Literal["rate", "money", "condition", "pool", "other"]

_GIVE = re.compile(
    r"给予|奖励|奖补|补贴|补助|资助|扶持|享受|享有|发放|申请|申领|贴息|减免|配套|优惠|拨付|兑现|返还|报销|支持|补偿|入股|跟投|投资|贷款|授信|补足|奖金|礼包|保费|房票|补|奖"
)
_NOUN = re.compile(
    r"奖励|奖补|补贴|补助|资助|扶持|资金|经费|支持|贷款|贴息|券|礼包|奖金|优惠|补偿|投资|保费|租金|房票|担保|授信|返还|支助|资助金|安家费|出资|额度|奖|补|费"
)
_POOL = re.compile(
    r"(?:总规模|总额度|总额|资金规模|基金规模|首期规模|规模|资金池|专项资金|引导资金|设立|安排|列支|预算|统筹|用足|投入)[^，。；、]{0,12}$"
)
_POOL_WORD = re.compile(r"基金|资金|预算|经费|总额|额度|贷款风险|风险池")
_POOL_TAIL = re.compile(r"^[^，。；、]{0,16}?(?:基金|专项资金|引导资金|资金池|专项经费|产业资金|预算)")
_ASKED_LEAD = re.compile(
    r"(?:投资(?:总?额|强度|规模)?|收入|产值|销售额|销售收入|营收|纳税额?|税收|贡献|合同(?:总?金?额)?|净?资产(?:总?额)?|负债(?:总?额)?|交易额|成交额|金额|估值|融资(?:额)?|资本|研发费用|费用|支出|投入|到位|到账|购置额|采购额|面积|规模|订单|净利润|利润|"
    r"实缴|到账|到位资金|设备)(?:总额|总计|累计|合计|不含税|含税|（[^）]{1,12}）|在|为|达到|达|超过|超|不低于|不少于|不低|满|突破|首次|年度|首次突破)*$"
)
_SHARE = re.compile(
    r"(?:占比|比重|占[^，。；]{1,16}|增长|增幅|增速|提高|提升|下降|降低|持股|控股|率|比例)(?:达到|达|超过|超|不低于|不少于|不高于|分别|在|为|至|到|均)*$"
)
_BASE = re.compile(
    r"按|按照|参照|给予|补贴|补助|奖励|资助|支持|费用|金额|投入|支出|合同|利息|保费|租金|房租|出资|总额|投资额|交易额|总投资|市场价|额外|奖金|部分|贡献|增量|评估价|的标准|不超过|最高|不高于|额度|利率|折|享受"
)
_RATIO = re.compile(
    r"(?<!\d)([1-9](?:\.\d+)?)\s*[:：∶比]\s*(\d(?:\.\d+)?)(?!\d)(?=[^，。]{0,10}(?:比例|配套|给予|奖励|补助|资助|支持))"
)
_WHOLE = re.compile(
    r"全额(?:租金|房租|利息|保费|场地)?(?:贴息|补贴|补助|资助|奖励|报销|返还|承担)|(?:租金|房租)(?:、[^，。；]{1,20})?(?:全免|全额减免|全额免除)"
)
_HALF = re.compile(
    r"(?:租金|房租|价格?|费)减半|减半(?:收取|征收)?|半价|(?:给予|补贴|补助|承担|减免|贴息)一半|一半(?=的?(?:补贴|补助|资助|贴息|奖励))"
)
_OF_A_TOTAL = re.compile(
    r"(?:不超过|不高于|不多于)[^，；]{0,8}(?:人数|总数|员工)的?$|(?:总额|累计|合计)(?:不超过|不高于)[^，；]{2,14}的$"
)
_RANKED = re.compile(r"第[一二三四五六七八九十](?:牵头|完成|参与|合作)?(?:单位|名|作者|完成人|负责人)[^、，；]{0,4}$")
_BELOW = re.compile(r"(?:[（(]不?含[）)])?(?:及?以下|以内)(?:的|、|[\u4e00-\u9fff]{2,8})")
_CEILING = re.compile(r"(?:最高|不超过|上限|至多|封顶)[^，。；、\d]{0,12}$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its use; rates are fractions of one."""

    start: int
    end: int
    use: Use
    rate: float | tuple[float, float] | None = None
    fen: int | None = None
    low_fen: int | None = None
    quantity: Quantity | None = None
    up_to: bool = False
    floor: bool = False
    per: str | None = None


def figures(text: str) -> list[Figure]:
    """All figures of a sentence, each with its use."""
    out = _chained(text, [_figure(text, q) for q in find(text)])
    taken = [(f.start, f.end) for f in out]

    def free(start: int, end: int) -> bool:
        return not any(a < end and start < b for a, b in taken)

    for hit in _RATIO.finditer(text):
        if free(hit.start(), hit.end()):
            rate = float(Decimal(hit[2]) / Decimal(hit[1]))
            out.append(Figure(hit.start(), hit.end(), "rate", rate=rate))
    for pattern, value in ((_WHOLE, 1.0), (_HALF, 0.5)):
        out += [
            Figure(h.start(), h.end(), "rate", rate=value)
            for h in pattern.finditer(text)
            if free(h.start(), h.end()) and not _RANKED.search(text[: h.start()])
        ]
    return sorted(out, key=lambda f: f.start)


def _figure(text: str, q: Quantity) -> Figure:
    use = _use(text, q)
    up_to = q.comparator in ("le", "lt") or _CEILING.search(text[max(0, q.start - 20) : q.start]) is not None
    if use == "rate":
        ratio = q.ratio if q.unit != "个百分点" else q.high / 100
        rate: float | tuple[float, float] | None = None
        if isinstance(ratio, tuple):
            rate = (round(float(ratio[0]), 6), round(float(ratio[1]), 6))
        elif ratio is not None:
            rate = round(float(ratio), 6)
        return Figure(q.start, q.end, use, rate=rate, quantity=q, up_to=up_to, floor=q.comparator in ("ge", "gt"))
    fen = q.fen
    if use == "money" and fen:
        return Figure(q.start, q.end, use, fen=fen[1], low_fen=fen[0], quantity=q, up_to=up_to, per=_per(text, q))
    return Figure(q.start, q.end, use, quantity=q, fen=fen[1] if fen else None)


def _per(text: str, q: Quantity) -> str | None:
    """Of what the amount is: what follows a slash, or a 每 before it."""
    names = {
        "年": "year",
        "月": "month",
        "人": "person",
        "亩": "mu",
        "季度": "quarter",
        "平方米": "m2",
        "平米": "m2",
        "㎡": "m2",
        "家": "firm",
        "天": "day",
        "次": "time",
    }
    if q.per:
        return names.get(q.per, q.per)
    before = text[max(0, q.start - 14) : q.start]
    clause = re.split("[，。；、：]", before)[-1]
    for word, name in (
        ("每人每月|每月", "month"),
        ("每季度|按季", "quarter"),
        ("每年|年度|每家每年|全年", "year"),
        ("每亩", "mu"),
        ("每人|每名|每吸纳|每位", "person"),
        ("每平方米", "m2"),
        ("每项|每个|每件|单个|单项|每笔|每套|每次|单次|单品种|每款|每场", "item"),
        ("每家|单家|每户", "firm"),
    ):
        if re.search(word, clause):
            return name
    return None


def _chained(text: str, found: list[Figure]) -> list[Figure]:
    """年收入突破1亿元、5亿元、10亿元的: the comparing word of one threshold holds for its whole row."""
    out = list(found)
    ladder = "分别" in text
    for here, there in [
        *zip(range(len(out) - 1), range(1, len(out)), strict=True),
        *((i, i - 1) for i in range(len(out) - 1, 0, -1)),
    ]:
        first, second = out[here].quantity, out[there].quantity
        if first is None or second is None or first.kind != second.kind or out[here].use != "condition":
            continue
        gap = text[min(first.core_end, second.core_end) : max(first.core_start, second.core_start)]
        if not re.fullmatch(r"(?:[（(]含[)）])?(?:及?以上)?\s*(?:、|和|及|或)", gap):
            continue
        if second.comparator == "range" or first.comparator == "range":  # bands beside bands keep their own bounds
            if out[there].use == "other" or (out[there].use == "money" and second.comparator == "range"):
                out[there] = replace(out[there], use="condition")
            continue
        if second.comparator not in ("eq", first.comparator):
            continue
        if out[there].use in ("other", "money", "condition") or first.kind == "percent":
            before = text[max(0, first.start - 3) : first.core_start]
            reached = first.comparator == "eq" and (ladder or re.search("达到|达|满", before))
            word = "ge" if reached else first.comparator
            out[here] = replace(out[here], quantity=replace(first, comparator=word))
            out[there] = replace(out[there], use="condition", quantity=replace(second, comparator=word))
    return out


def _use(text: str, q: Quantity) -> Use:
    if q.unit == "个百分点":
        paid = re.match(r"的?(?:给予|予以|标准)*(?:给予|予以|贴息|补贴|补助)", text[q.end :]) is not None
        above = q.comparator in ("ge", "gt") or re.search(r"[高低]于[^，；]{2,14}$", text[: q.start]) is not None
        return "rate" if paid else "condition" if above else "other"
    if q.kind in ("percent", "discount", "fraction") and q.unit != "个百分点":
        return _use_of_rate(text, q)
    if q.kind == "money" and q.fen is not None:
        return _use_of_money(text, q)
    return "condition" if q.kind in ("count", "time", "measure", "money") else "other"


def _use_of_rate(text: str, q: Quantity) -> Use:
    head, tail = text[: q.start], text[q.end :]
    clause = re.split("[，。；：]", head)[-1]
    charged = re.search(r"(?:费率|利率|税率|费用率)$", clause) is not None and q.comparator in ("le", "lt")
    if charged and not re.match(r"的?(?:给予|予以|标准|比例|计|补|贴|奖|资助)", tail):
        return "condition"  # 保险费率不超过3%的 is what is charged, not what is paid
    priced = re.search(r"(?:低于|高于|优于)[^，；]{0,6}(?:价格?|水平|标准)(?:的)?$", clause)
    if priced and re.match(r"的(?:标准|比例|幅度|价格)", tail) and _GIVE.search(tail):
        return "rate"  # 按不高于市场价50%的标准给予优惠
    if priced:
        return "condition"  # 低于市场价20%的服务
    if _OF_A_TOTAL.search(clause):
        return "other"  # 对不超过员工总数的10%的人员; 资助总额不超过总投资的50%
    if re.search(
        r"(?:遴选|择优|评选|评定|选取|抽取)(?:不超过|不高于|约|前)?$", head[-8:] + text[q.start : q.core_start]
    ):
        return "other"  # 遴选不超过25%的项目 chooses, and gives nothing
    if _RANKED.search(clause):
        return "other"  # 第一单位按50%、第二单位按30%: how one award is divided
    if re.match(r"的(?:年化|担保|保险|综合)*[费利]率", tail) and not re.search(r"补贴|贴息|给予", head):
        return "other"  # 按不高于1%的费率提供担保
    if q.kind == "discount" or re.search(
        r"(?:补贴|补助|奖励|资助|支持|扶持|贴息|优惠|抵扣)(?:比例|标准|额度)[^，]{0,6}$", clause
    ):
        return "rate"
    if re.search(r"(?:上浮|浮动|提高|增加|递增|递减)$", clause) and not re.search(
        "提高到|提高至", text[q.start : q.core_start]
    ):
        return "other"
    if (
        re.search(r"(?:后|时|阶段|首期|年度?|首次)[^，]{0,6}(?:支付|拨付|兑付)[^，]{0,6}$", clause)
        and "按" not in clause
    ):
        return "other"  # 开工后支付20%，封顶后支付50% says when it is paid
    if re.match(r"[^，。；]{0,4}用于|[^，。；]{0,8}(?:由|归)[^，。；]{0,12}(?:所有|分配)", tail):
        return "other"  # 奖励资金的30%可用于团队 divides what was given
    if q.growth or (re.search(r"^(?:(?:及?以上|以下)的?|的)，", tail) and not re.search(r"按|给予|补|奖", clause)):
        return "condition"
    if _SHARE.search(clause) and not re.search(r"按|按照|参照|给予|最高", clause):
        if re.search(r"比例(?:不超过|不高于|为)?$", clause) and _NOUN.search(tail[:12]):
            return "rate"
        return "condition"
    if (
        q.comparator in ("ge", "gt")
        and not re.search(r"按|给予|参照|补贴|奖励|补助", clause)
        and not re.match(r"(?:的|进行|给予|标准|比例)*(?:补|奖|资助|支持|贴)", tail)
    ):
        return "condition"
    if _BASE.search(clause) or re.match(
        r"(?:的|部分|比例|标准|额度|以内|给予|进行|予以|左右|年化利率|，|、)*(?:给予|予以|补|奖|资助|支持|贴|优惠|享受|作为|配套|计算|执行|租金|收取)",
        tail,
    ):
        return "rate"
    if q.kind == "fraction":
        return "rate" if re.search("租金|价", clause) else "other"
    return "rate" if _GIVE.search(text) and not _SHARE.search(clause) else "other"


def _use_of_money(text: str, q: Quantity) -> Use:
    head, tail = text[: q.start], text[q.end :]
    clause = re.split("[，。；：]", head)[-1]
    near = clause[-24:]
    if re.match(r"的?基础上", tail) or head.endswith(("（含", "（不含")):
        return "other"
    if re.search(r"(?:总额度|总规模|总盘子|资金池|资金总额|年度预算)[^，]{0,6}$", near) and not re.search(
        "每家|单个|同一", near
    ):
        return "pool"
    given = re.search(
        r"(?:给予|奖励|补贴|补助|资助|发放|申请|享受|奖|补|出资|可获得|投资额度|支持|奖补|提供|贷款|授予|另给|拨付|返还)[^，。；]{0,12}$",
        near,
    )
    if (
        _POOL.search(near)
        and not re.search(
            r"(?:营收|收入|产值|销售|合同|投资|融资|交易|资产|负债|纳税|费用)总额|注册资[金本]|自有资金", near
        )
        and not re.search(
            r"给予|奖励|补贴|补助|资助|支持|贷款|贴息|投资额度|出资额|同一|每家|单家|每户|单户|单一|每人", near
        )
        and not re.match(r"[^，。；]{0,6}(?:以上|及以上)?的(?:，|项目|企业)", tail)
        and (_POOL_WORD.search(near) or _POOL_TAIL.match(tail) or re.search("设立|安排|列支", near))
    ):
        if (
            q.comparator in ("ge", "gt")
            and re.search(r"规模|投入|投资|总额|金额", near)
            and not _POOL_TAIL.match(tail)
            and not re.search("设立|安排|基金|资金", near)
        ):
            return "condition"
        return "pool"
    if not given and _POOL_TAIL.match(tail) and not re.match(r"[^，。；、]{0,8}(?:补贴|补助|奖励|资助)", tail):
        return "pool"
    if q.comparator in ("ge", "gt") and not re.search(r"(?:给予|奖励|补贴|补助|资助)(?:企业|其|每家|单个)?$", near):
        return "condition"
    if q.comparator == "eq" and text[q.start : q.core_start].strip() in ("达到", "达") and not given:
        return "condition"
    if re.search(r"单(?:笔|个|项目|轮)[^，；]{0,8}投资(?:额度?|金额)?$", near) and q.comparator == "le":
        return "money"  # 单笔投资不超过500万元 is what a fund gives
    if (
        q.comparator in ("le", "range")
        and q.start == q.core_start
        and _BELOW.match(text, q.core_end)
        and (not given or re.search("单[户笔]$", near))
    ):
        return "condition"  # 单笔1000万元以下的贷款
    asked = clause + re.split("[，；。]", text[q.start :])[0]
    if (
        q.comparator in ("le", "lt")
        and asked.endswith("的")
        and not re.search("给予|补|奖|资助|支持|贴|享受|申", asked)
    ):
        return "condition"  # 单笔不超过500万元、利率不高于…的，
    if q.comparator == "le" and re.search(r"给予|奖励|补贴|补助|资助|贴息|支持|扶持", head):
        return "money"
    if _ASKED_LEAD.search(near) and not given:
        return "condition"
    if re.match(r"(?:及以上|以上|以下|（含）|\(含\))", tail):
        return "condition"
    if re.match(r"(?:的|的部分|的企业|的项目)[，、]", tail) and not given:
        return "condition"
    if tail.startswith(("台阶", "的台阶")):
        return "other"
    if re.search(
        r"(?:超出|超过部分|每增加|每满|每新增|每达到|每实现)[^奖补给资]{0,4}$", near + text[q.start : q.core_start]
    ):
        return "condition"
    if given or _NOUN.search(tail[:18]) or _GIVE.search(head) or q.comparator == "le" or q.per:
        return "money"
    return "other"
