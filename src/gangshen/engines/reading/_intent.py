"""Which quantities of a sentence are intended results, and which only name, qualify, record or pay."""

from __future__ import annotations

import re

from gangshen.engines.quantities import Quantity

from ._model import Part

__all__ = ["announces", "clause_around", "is_intended"]

_INTENT = re.compile(
    r"打造|培育|引进|引入|引育|招引|引聚|建成|建设|建立|新建|形成|集聚|汇聚|聚集|吸引|突破|达到|达|超过|超|实现|新增|开放|发布|推出|遴选|举办|组建"
    r"|落地|孵化|推动|力争|确保|完成|创建|累计|提升|提高|增长|降低|压缩|缩短|培养|入驻|开展|制定|研制|开发|开拓|支持建设|推进|布局|认定|储备|攻克|转化|覆盖|选拔|选树"
    r"|提供|争取|争创|保持|不低于|不少于|获批|构建|上线|占|扶持|服务|参与|聚焦|培训|挂牌|带动|推广|实施|翻|交付|投用|安装|完工|竣工|开工|签约|盘活|收储|出让|改造|征集|组织|培优|部署|铺设|接入|归集|授权|出台|编制|申报|下降|减少|节约|增加|稳定"
)
_MAKES = re.compile(
    r"打造|建设|建成|培育|引进|新增|争创|创建|设立|组建|获批|引育|落地|建立|形成|集聚|聚集|汇聚|吸引|开放|推出|上线|孵化|招引|遴选"
)
_DOES = re.compile(
    r"(?:完成|实施|推广|推进|发布|举办|开展|认定|选树|选拔|服务|支持|扶持|转化|部署|布局|遴选|评选|储备|培训|改造)$"
)
_STATE = re.compile(
    r"(?<!未)已(?!经?认定|经评)|目前|现有|现已|截至|今年(?:上半年|前?\d|前?[一二三]季度)|去年|以来|累计已|曾|全省已|全市已|全区已|已有|原有"
)
_STANDS = re.compile(r"拥有(?!量)|位于|共有")
_MEASURED = re.compile(r"较20|同比|比(?:上|去)年")
_AHEAD = re.compile(r"到20|力争|将|计划|目标|确保|到“十")
_SKIP_NOUN = re.compile(
    r"^(?:(?:重点|主要|核心|关键|方面|基本|具体|类|大|项|跨境|优势|新兴)?(?:任务|举措|措施|工程|行动|方面|领域|方向|维度|原则|环节|特点|阶段|步骤|梯度|层级|标准(?!化)"
    r"|条|要求|计划(?!项目)|赛道|维|层面|总体目标|目标|机制|体系|支撑|转变|结合|坚持|统一|同步|定位|模式|统筹|链条|要素))"
)
_WORD_UNITS = ("种", "条", "次", "处", "位", "名", "人", "件", "组")
_PAID = re.compile(
    r"奖励|补贴|补助|资助|贴息|奖补|扶持资金|支持资金|给予|券|减免|免租|租金|贷款(?!余额|规模|投放)|优惠|保费|出资|(?<!研发)(?<!R&D)(?<!科研)经费(?!投入|支出|占)|扶持金额|扶持比例"
)
_GIVEN = re.compile(
    r"给予|予以|奖励|补贴|补助|资助|奖补|减免|免租|支持资金|扶持资金|扶持金额|经费(?!投入|支出|占)|出资"
)
_FUND = re.compile(r"基金|专项资金|引导资金|资金池|风险补偿|风险池")
_EACH = re.compile(
    r"(?:营收|营业收入|收入|产值|投资|估值|销售额|规模|面积|注册资本|税收|人员|人数|研发投入)[^，。；、]{0,6}$"
)
_SPEED = re.compile(r"压缩|缩短|缩减|压减|控制在|办结|办理时限|减少到|降至|响应时间|时延|提速")
_FROM = re.compile(r"(?:由|从)[^，。；]{0,10}$")
_TO = re.compile(r"^(?:左右)?(?:提高|提升|增加|增长|扩大|上升|下降|降低|减少|压缩|缩短|调整|增|升|降)[至到为]")
_PARTY = re.compile(r"^的?(?:[\u4e00-\u9fff]{0,6})(?:企业|OPC|主体|项目|机构|团队|单位|平台)")


def clause_around(text: str, at: int) -> tuple[int, int]:
    """The comma clause around a position."""
    left = max(text.rfind(c, 0, at) for c in "，；：。！") + 1
    left = max(left, text.rfind("——", 0, at) + 2 if "——" in text[:at] else 0)
    right = min((p for p in (text.find(c, at) for c in ("，", "；", "。", "！", "——")) if p >= 0), default=len(text))
    return left, right


def is_intended(text: str, q: Quantity, found: list[Quantity], part: Part) -> bool:
    """Is ``q`` of the sentence ``text`` a target? In a goal part nearly all are; elsewhere a verb must intend it."""
    if q.kind in ("discount", "group", "fraction") or q.unit in ("", "次", "岁", "周岁", "批"):
        return False
    left, right = clause_around(text, q.core_start)
    right = max(right, q.end)
    head, tail = text[left : q.start], text[q.end : right]
    if _quoted(text, q) or _names(text, q, head, tail):
        return False
    if q.kind == "time":
        return _speeds_up(q, text[left : q.core_start], tail) and not _starts_from(text, q, left)
    if (
        _records(text, q, left, tail, part)
        or _pays(text, q, (left, right), head, part)
        or _qualifies(text, q, found, tail)
    ):
        return False
    if _small_number(q, head, tail, part):
        return False
    return part == "goal" or _wanted(text, q, head, tail)


_ANNOUNCES = re.compile(
    r"(?:每年|定期|到20\d\d年[底末]?前?|力争)*(?:发布|选拔|选树|遴选|评选|举办|打造|建设|建成|认定|开放|组织|新增|推出|征集|培育|集聚|实施|引进|引育|推广|布局|落地)"
)


def announces(text: str, q: Quantity) -> bool:
    """每年遴选20个场景，每个给予50万元: a clause of its own beside an offer, that says what will be done."""
    left, right = clause_around(text, q.core_start)
    clause = text[left : max(right, q.end)]
    if q.comparator in ("ge", "gt") and re.match(
        r"，(?:一次性|每年|分别|可)*(?:给予|奖励|补助|补贴|资助)", text[right:]
    ):
        return False  # 新增企业5家以上，给予20万元奖励
    return _ANNOUNCES.match(clause) is not None and not clause.endswith(("的", "企业", "机构", "单位"))


def _quoted(text: str, q: Quantity) -> bool:
    """Inside a short quoted name: “10分钟生活圈”, “三个50%”."""
    opened = text.rfind("“", 0, q.core_start)
    if opened < 0 or text.rfind("”", 0, q.core_start) > opened:
        return False
    closed = text.find("”", q.core_start)
    listed = (
        len(re.findall(r"[百千万]?[家个名项](?=[^、”]+(?:、|”))", text[opened : closed + 1])) >= 2
    )  # “百家平台、千家企业”
    return 0 <= closed - opened <= 22 and not listed


def _names(text: str, q: Quantity, head: str, tail: str) -> bool:
    """1名团长+3名导师, 3.8米直径, 对2-5人的团队."""
    if re.match(r"[^，。；]{1,6}[+＋]\d", tail) or text[max(0, q.core_start - 1) : q.core_start] in ("第", "前", "每"):
        return True
    if q.kind == "money" and re.match(
        r"(?:、[一二三五十百千万\d]+亿元?)*(?:级[\u4e00-\u9fff（）]{0,12}?|的)?(?:企业|楼宇)(?!总|营|产|数字)", tail
    ):
        return True  # 亿元企业, 十亿以上企业 name a class
    if re.search(r"的(?:[\u4e00-\u9fff]{0,6}(?:企业|机构|个人|人才|项目|单位|团队|OPC|主体))?$", tail) and (
        q.comparator in ("ge", "gt", "le", "lt") and not _MAKES.search(head) and not _DOES.search(head)
    ):
        return True  # 参保人数达到50人以上的企业 says who is meant
    if re.fullmatch("[百十]?[万千]人", text[q.core_start : q.core_end]) and re.search(
        r"^(?:[^，。；、]{0,14}(?:拥有量|密度|数|床位|产量|占有量)|(?:级|研发|大会|计划|工程|企业|园区|论坛))", tail
    ):
        return True  # 万人发明专利拥有量, 万人研发中心
    if re.match(r"“[\d+＋×xN]+”", tail):
        return True  # 3个“1050”
    if q.unit == "米" and re.match(r"(?:级|直径|口径|高|宽|长|深)", tail):
        return True
    if re.search(r"(?:融入|围绕|立足|依托|针对|纳入)[^，。；、]{0,6}$", head):
        return True  # 融入全市13条产业链 names what is there
    if re.match("每[个家处户名]", head) and _MAKES.search(head[-4:]):
        return False  # 每个领域打造30个应用
    return (
        re.match(r"(?:并)?(?:原则上)?(?:对(?:于)?(?!接|外|标|照|口)|按(?:照)?|每[个家处户名])", head + "。") is not None
    )


def _speeds_up(q: Quantity, head: str, tail: str) -> bool:
    unit = q.unit.endswith(("工作日", "小时", "分钟", "天", "日"))
    return unit and bool(_SPEED.search(head) or _SPEED.search(tail[:6]))


def _records(text: str, q: Quantity, left: int, tail: str, part: Part) -> bool:
    """What is already there, or where a change starts from."""
    before = text[: q.start]
    stands = None if part == "goal" and _AHEAD.search(before) else _STANDS.search(before)  # 到2028年拥有… is intended
    state = _STATE.search(before) or stands or (part != "goal" and _MEASURED.search(before)) or None
    if state and (state.end() > left or not _AHEAD.search(before)):
        return True
    if part != "goal" and re.match(r"，(?:较|同比|比(?:上|去)年)", text[q.end :]):
        return True
    if _starts_from(text, q, left):
        return True
    return re.match(r"(?:余)?(?:左右)?的?基础上", tail) is not None or "全覆盖" in tail[:8]


def _starts_from(text: str, q: Quantity, left: int) -> bool:
    """由15个工作日压缩至5个: the first is where it starts."""
    return _FROM.search(text[left : q.start]) is not None and _TO.match(text[q.core_end :]) is not None


def _pays(text: str, q: Quantity, clause: tuple[int, int], head: str, part: Part) -> bool:
    """Subsidies, pools and funds."""
    left, right = clause
    paid = (_GIVEN if part == "goal" else _PAID).search(text[left:right]) is not None
    if q.kind == "money":
        aimed = re.search(r"规模(?:力争)?(?:突破|达到?|超过?)$", text[left : q.core_start]) is not None
        fund = _FUND.search(text[left : right + 6]) is not None and not aimed
        return paid or fund or bool(_PAID.search(text[right : right + 8]) or q.per)
    if q.kind in ("percent", "measure"):
        taxed = q.kind == "percent" and re.search("扣除|减按|税率|费率|利率|计入", text[left:right]) is not None
        return paid or taxed or "免费" in text[left:right]
    if (
        re.search(r"每(?:家|个|人|年|月|户|名|次|项)[^，]{0,6}$", head)
        and _PAID.search(text)
        and not announces(text, q)
    ):
        return True
    after = re.match(r"(?:的|以上的|及以上的)?(?:企业|团队|机构|OPC)?，?(?:给予|奖励|补)", text[q.end :])
    return after is not None and _PAID.search(text) is not None


def _qualifies(text: str, q: Quantity, found: list[Quantity], tail: str) -> bool:
    """A quantity that describes each thing counted: 营收超1000万元的企业100家."""
    sized = q.kind == "count" and re.search(r"(?:规模|人数)$", text[max(0, q.start - 6) : q.start])
    if q.kind not in ("money", "percent", "measure") and not sized:
        return False
    if not re.match(r"的?[\u4e00-\u9fffA-Za-z]|、[^，；]*的", tail):
        return False
    other = any(
        o.kind in ("count", "group")
        and o is not q
        and abs(o.core_start - q.core_end) <= 30
        and not re.search("[，；]", text[min(o.end, q.end) : max(o.start, q.start)])
        for o in found
    )
    if q.kind == "money" and tail.startswith("级") and other:
        return True  # 2个500亿元级集群
    if q.kind == "money" and q.comparator in ("ge", "gt") and _PARTY.match(tail) and other:
        return True
    if not _EACH.search(text[: q.start]):
        return False
    batch = re.search(r"一批[^，。；]{0,12}$", text[: q.start]) is not None
    total = re.search(r"总(?:面积|规模|量|产值|收入)", text[max(0, q.start - 8) : q.start]) is not None
    return (other and not total) or batch


def _small_number(q: Quantity, head: str, tail: str, part: Part) -> bool:
    """一家, 三项任务, 四个方面: small numbers that only count what the text itself lists."""
    if q.low == q.high == 1 and not q.unit.startswith(("万", "亿", "千")):
        return q.numeral or not (part == "goal" or _MAKES.search(head) or q.unit in ("%", "番", "倍"))
    if q.high > 20 or q.comparator not in ("eq", "approx"):
        return False
    if q.numeral and part != "goal" and re.search("[^，。；、]{2}、[^，。；、]{2,14}$", head):
        return True  # 甲区、乙区两个试点 counts what it lists
    if q.numeral:
        verb = part == "goal" or _INTENT.search(head) is not None
        return _SKIP_NOUN.match(tail) is not None or q.unit in _WORD_UNITS or not verb
    return _SKIP_NOUN.match(tail) is not None and q.unit in ("个", "项", "条")


def _wanted(text: str, q: Quantity, head: str, tail: str) -> bool:
    if q.kind == "measure" and (
        re.search("用地|规划面积|约$", text[: q.start]) or tail.startswith("需要") or q.comparator == "le"
    ):
        return False
    if q.kind == "count" and (
        q.comparator in ("le", "lt") or ("提供" in head and re.search("免费|享受|免租|零租", text))
    ):
        return False  # 最多20个工位 is a limit of what is given
    if _INTENT.search(text[: q.core_start]) or _INTENT.search(tail[:4]) or "每年" in head:
        return True
    return q.kind == "count" and q.comparator in ("ge", "gt", "range")
