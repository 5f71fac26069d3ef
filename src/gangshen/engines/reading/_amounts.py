"""Which figures of a sentence belong to one benefit: a rate with its cap, the steps of a ladder, further caps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ._figures import Figure

__all__ = ["Group", "groups", "only_caps"]

_CAP_LEAD = re.compile(r"(?:最高|不超过|上限|累计|总额|限额|封顶|至多|最多|不高于|以内)")
_WHO = re.compile(
    r"(?:每家|单家|单个|同一|每个|单一|每年|年度|每户|每项|单项|累计|合计|全年|总额|原则上|一年内|每一|各|单笔|同一?主体|当年|每[企机]|单位|总计|三年|年|单体|补贴金额|奖励金额|总金额|资助总额|个人|主体|企业)"
)


_CAP_WORDS = re.compile(
    r"(?:且|但|原则上|上述|以上|前述|同一|单一|单个|单家|单户|单体|单项|单笔|单张|单次|每一|每家|每个|每户|每项|每年|每|各|当年|年度|全年|三年|两年|一年|每季度|季度|每季|每月|内|年|累计|合计|总计|总共"
    r"|企业|项目|主体|单位|个人|机构|平台|产品|活动|社区|团队|集团|申请人|申报|品种|场景|标准|家|个|户|人|笔|项|次"
    r"|获得|享受|申请|可|均|双方|最终|的|奖励|奖补|补贴|补助|资助|支持|扶持|贴息|补偿|资金|经费|总额|总金额|金额|总数|额度|额|限额|比例|为|在"
    r"|最高|最多|至多|不得|不超过|不高于|上限|封顶|控制|以内|人民币)*"
)


def only_caps(words: str) -> bool:
    """Says nothing but whose ceiling a figure is: 单个项目每年补助总额."""
    return _CAP_WORDS.fullmatch(words) is not None


@dataclass(slots=True)
class Group:
    """Figures of one benefit: a rate, an amount or both, and further caps."""

    rate: Figure | None = None
    money: Figure | None = None
    caps: list[Figure] = field(default_factory=list)
    tier: int | None = None  # index in a 分别 row
    row: int | None = None  # which row
    shares: bool = False  # its rate is that of the step before

    @property
    def figures(self) -> list[Figure]:
        return [f for f in (self.rate, self.money, *self.caps) if f]

    @property
    def start(self) -> int:
        own = (self.money,) if self.shares else (self.rate, self.money)
        return min(f.start for f in own if f)

    @property
    def end(self) -> int:
        return max(f.end for f in self.figures)


def groups(text: str, found: list[Figure]) -> list[Group]:
    """Benefits in the order of the text: a rate takes the cap that follows it; each further amount is its own."""
    out: list[Group] = []
    given = [f for f in found if f.use in ("rate", "money")]
    depth = _depths(text)
    index = row = 0
    while index < len(given):
        run = _run(text, given, index)
        if len(run) > 1:
            row += 1
            index += len(run)
            last = out[-1] if out else None
            if (
                run[0].use == "money"
                and last
                and last.rate
                and not last.money
                and "分别" in text[last.end : run[0].end]
            ):
                out[-1:] = [Group(rate=last.rate, money=f, tier=i, row=row) for i, f in enumerate(run)]
                continue
            out += _row(run, given, index, row)
            index += _paired(run, given, index)
            continue
        figure = given[index]
        index += 1
        if depth[figure.start] and out:
            other = _otherwise(text, figure)
            if other and out[-1].row is None and (out[-1].rate is None) == (figure.use == "money"):
                out.append(Group(rate=figure) if figure.use == "rate" else Group(money=figure))
            else:
                _inside(out[-1], figure)
            continue
        current = out[-1] if out else None
        gap = text[current.end : figure.start] if current else ""
        if current is not None and _belongs(current, figure, gap, text):
            _attach(out, current, figure)
        elif current is not None and current.rate and _named_step(figure, gap, text):
            out.append(Group(rate=current.rate, money=figure, shares=True))
        else:
            out.append(Group(rate=figure) if figure.use == "rate" else Group(money=figure))
    _share_cap(text, out)
    return out


def _share_cap(text: str, made: list[Group]) -> None:
    """A closing 年度最高不超过… holds for every rate before it that has no cap of its own."""
    if len(made) < 2 or made[-1].rate is None or made[-1].money is None:
        return
    last = made[-1].money
    clause = re.split("[，；]", text[: last.start])[-1]
    if last.up_to and clause and only_caps(clause):
        for group in made[:-1]:
            if group.rate is not None and group.money is None:
                group.money = last


def _depths(text: str) -> list[bool]:
    out, depth = [], 0
    for char in text:
        if char in "（〔":
            depth += 1
        elif char in "）〕":
            depth = max(0, depth - 1)
        out.append(depth > 0)
    return out


def _otherwise(text: str, figure: Figure) -> bool:
    """（购置本地产品的按15%）: a bracket that gives another figure to those it names."""
    inner = re.split("[（〔]", text[: figure.start])[-1]
    return (
        re.fullmatch(r"(?!其中|第|前|后|含|即)[^，；。\d]{2,24}的，?(?:则|可|给予|奖励|补贴|按照?|最高)*", inner)
        is not None
    )


def _inside(group: Group, figure: Figure) -> None:
    """A figure in brackets explains the one before it; only a cap on a rate is new."""
    if figure.use == "money" and group.rate and group.money is None and figure.up_to:
        group.money = figure


def _run(text: str, given: list[Figure], index: int) -> list[Figure]:
    """Figures of one kind joined only by 、 and 和: the row of a 分别."""
    run = [given[index]]
    while index + len(run) < len(given):
        following = given[index + len(run)]
        gap = text[run[-1].end : following.start]
        joined = re.fullmatch(r"\s*(?:、|和|及|与|，|以及)?(?:最高|不超过|按|比例)*\s*", gap) is not None and bool(
            gap.strip()
        )
        capped = "，" in gap and following.up_to and not run[-1].up_to and "分别" not in text[: run[0].start]
        if following.use != run[0].use or not joined or capped:
            break
        run.append(following)
    return run


def _paired(run: list[Figure], given: list[Figure], index: int) -> int:
    """How many figures after a row of rates are its row of caps (as many again), or one cap for all."""
    if run[0].use != "rate":
        return 0
    following = given[index : index + len(run)]
    if len(following) == len(run) and all(f.use == "money" for f in following):
        return len(run)
    return 0


def _row(run: list[Figure], given: list[Figure], index: int, row: int) -> list[Group]:
    caps = given[index : index + _paired(run, given, index)]
    made = []
    for tier, figure in enumerate(run):
        group = (
            Group(rate=figure, tier=tier, row=row) if figure.use == "rate" else Group(money=figure, tier=tier, row=row)
        )
        if caps:
            group.money = caps[tier]
        made.append(group)
    return made


def _belongs(current: Group, figure: Figure, gap: str, text: str) -> bool:
    if re.search("[；]", gap):
        return False
    if figure.use == "rate":
        return (
            current.rate is None
            and current.money is not None
            and len(gap) <= 14
            and not re.search(r"，对|，并|奖励|补贴|补助|资助|支持|和|贴息", gap)
            and (figure.up_to or re.search("且|按|抵扣|核销|抵用", gap) is not None)
        )
    if re.search(r"，(?:并)?(?:对|对于|其中对)[^，]{2,}|另(?:给予|外)|再给予|额外|并给予|同时给予", gap):
        return False
    if current.rate is not None and current.money is None:
        capped = (
            figure.up_to
            or _CAP_LEAD.search(gap)
            or re.match(r"^[^，。]{0,8}$", gap)
            or re.match("以内", text[figure.end :])
        )
        return bool(capped)
    capped = figure.up_to or _CAP_LEAD.search(gap[-8:] + text[figure.start : figure.end])
    if capped and re.match(r"、(?:总额|累计|合计|年度|每年|全年|单个|每家|单家)", gap):
        return True
    if not (capped and "，" in gap):
        return False
    clause = gap.rsplit("，", 1)[-1] + text[figure.start : figure.end]
    counted = re.search("累计|合计|总计|每年|年度|全年|同一", clause) or not re.search("最高|最多", clause)
    if figure.up_to and counted and only_caps(gap.rsplit("，", 1)[-1]):
        return True  # 单个项目不超过100万元 after an amount per ton
    if re.search(r"申请|获得|享受", clause):
        return False
    other_party = re.match(r"(?!每|单|同|各|累|年|全|合|总|原则|最|补|奖|资|支)[^，、]{2,8}最高", clause)
    if other_party and current.rate is None and current.money is not None and current.money.up_to:
        return False  # 个人最高50万元，小微企业最高500万元
    own_noun = re.match(r"的?[^，。；]{0,8}(?:补贴|奖励|补助|资助|贷款)", text[figure.end :])
    if re.match(r"(?:原则上)?(?:最高|不超过|累计|总额|上限|合计)", clause) and not own_noun:
        return True
    return bool(_WHO.search(clause)) and not re.search(
        r"活动|项目(?!补|最高)|国家级|省级|市级|区级|一等奖|博士|硕士|本科|对|的，", clause
    )


def _named_step(figure: Figure, gap: str, text: str) -> bool:
    """国家级会议最高80万元 after 按支出的40%: a ceiling of its own for a step, under the same rate."""
    named = re.fullmatch(r"(?:以内)?，(?!单|每|同|对|最|累|合|总|全|年|并|另|其|再)[^，；。的给按奖补]{2,10}", gap)
    return (
        named is not None and figure.use == "money" and figure.up_to and text[figure.end : figure.end + 1] in "，。；"
    )


def _attach(out: list[Group], current: Group, figure: Figure) -> None:
    if figure.use == "rate":
        for group in out if current.row is not None else [current]:
            if group is current or (group.row == current.row and group.rate is None):
                group.rate = figure
        return
    if current.money is not None:
        current.caps.append(figure)
        return
    current.money = figure
    if current.row is not None:  # one cap after a row of rates holds for the whole row
        for group in out:
            if group.row == current.row and group.money is None:
                group.money = figure
