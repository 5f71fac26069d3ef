"""Thresholds of an offer: numbers that decide who may ask, linked to what they measure."""

from __future__ import annotations

import re

from gangshen.engines.quantities import Comparator, Quantity
from gangshen.engines.rules import Clause, ClauseKind, Operator, Span
from gangshen.engines.vocabulary import AttributeType

from ._figures import Figure
from ._intent import announces
from ._linker import Linker
from ._view import Paragraph

__all__ = ["numeric"]

_OPERATORS = {
    "ge": Operator.GE,
    "gt": Operator.GT,
    "le": Operator.LE,
    "lt": Operator.LT,
    "eq": Operator.EQ,
    "approx": Operator.APPROX,
    "range": Operator.BETWEEN,
}
_BREAK = re.compile(r"[，；。：〔]|（(?![^）]*）)|且|并(?![购网表联])|或者")
_LABEL_CUT = re.compile(
    r"(?:首次|累计|合计|总计|连续|年内|达到|达|超过|超|不低于|不少于|不超过|不高于|不满|满|在|为|到|至|均|且|突破|上一?年度|当年|近\d年|至少|形成|拥有|具有|取得|获得|新增|吸纳|带动|新招用|引进|招引|入驻|培育|的)+$"
)
_FAR = re.compile(
    r"(?:不低于|不少于|不高于|不超过|超过|高于|低于|达到|达)[^，。；、\d]{2,18}的$"
)  # 不低于主营业务收入的5%
_FAR_SENSE: tuple[tuple[str, Comparator], ...] = (
    ("不低于|不少于", "ge"),
    ("不高于|不超过", "le"),
    ("超过|高于", "gt"),
    ("低于", "lt"),
    ("达到?", "ge"),
)
_PERIOD = (
    (re.compile("上一?年度?|上年"), "last_year"),
    (re.compile("当年|本年度?|年度"), "this_year"),
    (re.compile("近两年|前两年|近2年"), "last_2_years"),
)
_TIME_NOUN = re.compile(
    r"毕业|成立|注册|投资期限|期限|运营|入驻|参保|社保|缴纳|服务|工作|创办|经营|获得|认定|落户|年龄|签订|持有|存续|居住|任职|就业|从业|设立|正常|创业|租期|合同|开业|投产|营业|连续|时间|时长|天数|会期|工期|周期|租赁期|经验|年限|展期|开放|工龄|学制|竣工|建成|到账"
)
_FREE = re.compile(
    r"免费|免租|零租|优惠|补贴|补助|奖励|资助|观察期|使用|分\d年|连续补|拨付|最长|期限内|享受|租金|提供|免房租|支付|住宿|入住"
)


def numeric(
    para: Paragraph,
    offset: int,
    text: str,
    figure: Figure,
    key: str,
    linker: Linker,
    edge: int = 0,
    before: str = "",
    listed: bool = False,
) -> Clause | None:
    """A threshold as a clause; None when the figure only counts or dates something.

    ``edge`` is where the words before it may begin (the end of the figure before); ``before`` the label of the
    threshold before, which 占…比重 goes on with. In a list of conditions (``listed``) any length of time is one.
    """
    q = figure.quantity
    if q is None or not _is_threshold(text, q, listed):
        return None
    broken = max((hit.end() for hit in _BREAK.finditer(text, 0, q.start)), default=0)
    begin = max(edge, broken)
    words = text[begin : q.start]
    if len(words.strip("、和及或 ")) < 2:
        words = text[broken : q.start]
    start, end = para.trimmed(offset + min(begin, q.start), offset + max(q.end, _clause_end(text, q.end)))
    first, last = para.span(start, end)
    operator, value, attribute = _linked(text, words, q, linker, before)
    counted = q.implied_unit and re.search(r"参数|粉丝|用户|访问|下载|浏览|播放|调用|注册", words)  # 参数规模100亿
    return Clause(
        id=key,
        kind=ClauseKind.DATA if attribute else ClauseKind.UNTRANSLATED,
        attribute=attribute,
        operator=operator,
        value=value,
        unit="年"
        if operator is Operator.WITHIN_YEARS
        else (q.unit.removesuffix("元") if counted else _unit(q, attribute)),
        period=next((name for pattern, name in _PERIOD if pattern.search(words)), None),
        label=(before if words.startswith("占") else "") + _label(words, text[q.end :], q),
        quote=para.source[first:last],
        span=Span(start=first, end=last),
    )


def _unit(q: Quantity, attribute: str | None) -> str | None:
    """As printed; 30万元/亩 keeps its 亩 while no attribute carries the unit."""
    return f"{q.unit}/{q.per}" if q.per and attribute is None else q.unit or None


def _linked(
    text: str, words: str, q: Quantity, linker: Linker, before: str
) -> tuple[Operator, int | float | tuple[int | float, int | float], str | None]:
    """Operator, value and attribute: 达到 and 满 in a condition mean at least; years of a date are WITHIN_YEARS."""
    comparator = q.comparator
    far = _FAR.search(text[max(0, q.start - 24) : q.start]) if comparator == "eq" else None
    if far:
        comparator = next(sense for said, sense in _FAR_SENSE if re.match(said, far[0]))
    reached = re.search(r"达到|达|满|取得|获得|拥有|形成", text[max(0, q.start - 3) : q.core_start])
    if comparator == "eq" and (reached or re.match(r"及?以上|的", text[q.end :])):
        comparator = "ge"
    if q.unit in ("位", "名") and re.search(r"排[名位]?[^，；]{0,4}前$", text[: q.start]):
        comparator = "le"  # 排名前3位
    operator, value = _OPERATORS[comparator], q.value
    following = re.match(r"[^，。；、且并]{0,10}", text[q.end :])
    after = following[0] if following else ""
    if q.kind == "time" and not re.search(r"成立|设立|注册(?!资|商|用|地)", after):
        after = ""
    link = linker.number(words, q) or linker.number(after, q)
    if link is None and words.startswith("占"):  # 研发费用超过300万元且占营业收入比重不低于5%
        link = linker.number(before + words, q)
    if link is None and before and not re.search(r"[\u4e00-\u9fff]{2}", re.sub("达到?|超过|以上|的", "", words)):
        link = linker.number(before, q)  # 达到300万元的，…；达到1000万元的
    aside = re.search(r"\d[^，；。（]{0,8}（[^）\d]{2,}$", text[: q.start])  # 2000万元以上（软件企业500万元以上）
    if link is None or q.approximate or aside or q.unit == "个百分点":
        return operator, value, None
    if link.type is AttributeType.DATE:
        if comparator not in ("le", "lt") or isinstance(value, tuple):
            return operator, value, None  # no comparison says "at least n years old"
        return Operator.WITHIN_YEARS, value / 12 if q.unit in ("个月", "月") else value, link.id
    return operator, value, link.id


def _clause_end(text: str, at: int) -> int:
    return min((p for p in (text.find(c, at) for c in "，；。") if p >= 0), default=len(text))


def _label(words: str, after: str, q: Quantity) -> str:
    label = re.sub(
        r"^(?:对于?(?!比)|对比上一年|对比|按|支持|鼓励|其中|并(?!购)|或者?|且|年(?!龄|度|薪|均)|凡|原则上|、)+",
        "",
        words,
    )
    label = re.sub(r"(?:一般|原则上|分别|需|须|应)+$", "", label)
    label = re.split("[、（）》”]", label)[-1] if len(re.split("[、（）》”]", label)[-1]) >= 2 else label
    label = re.sub(r"^(?:只要|如果|若|凡|须|应|需|等|的)+", "", label)
    if q.unit in ("岁", "周岁"):
        return "年龄"
    cut = _LABEL_CUT.search(label)
    if cut:
        label = label[: cut.start()]
    if len(label) < 2:
        noun = re.match(r"(?:以上|以内|及以上)?的?([^，。；、（且并]{2,12})", after)
        label = noun[1] if noun else label
    return label.strip(" “”")


def _is_threshold(text: str, q: Quantity, listed: bool = False) -> bool:
    """A figure that decides who may ask, not one that dates, counts or measures what is given."""
    head = text[: q.start]
    tail = text[q.end :]
    clause = re.split("[，。；：]", head)[-1]
    if q.unit == "" or q.kind in ("group", "discount", "fraction"):
        return False
    if re.search(
        r"每(?:增加|新增|满|达到?|实现|完成|吸纳|引进|培育)?$", text[max(0, q.start - 4) : q.start]
    ) or re.match("每", text[q.start : q.core_start]):
        return False  # 每满1亿元 measures the step, 每年, 每100 the rate
    if re.fullmatch(
        r"(?:每年|从中)?(?:支持|遴选|评选|打造|建设|认定|评定|培育|单列)",
        text[text.rfind("，", 0, q.start) + 1 : q.start],
    ):
        return False  # 支持5个以上社区建设 says how many will be helped
    if (announces(text, q) and not listed) or re.match("最高|最多|最长|至多", text[q.start : q.core_start]):
        return False  # a limit of what is given
    if (
        q.kind in ("measure", "count")
        and q.comparator in ("le", "lt")
        and re.search(r"(?:给予|予以|补贴|补助|提供|奖励)(?!面积|对象|项目)[^，的]{0,6}$", clause)
    ):
        return False  # 给予每人不超过20平方米的租金补贴
    if q.comparator == "eq" and q.low == q.high == 1 and re.match("给予|奖励|补贴|补助|奖", tail):
        return False  # 每出口1万美元奖励…
    if q.numeral and q.low == 1 and q.comparator == "eq":
        return False
    if re.match(r"(?:一|二|三|前)?等奖|(?:、\d+[个名])*[^，。；、]{0,4}(?:名额|指标)", tail):
        return False
    if q.kind == "time":
        if (
            q.comparator == "le"
            and len(clause) <= 2
            and re.match(r"(?:分别|每年|连续|可|均|按(?!期|时)|给予|累计)", tail)
        ):
            return False  # 五年内分别按…给予奖励 says how long it is paid
        if (
            q.comparator == "le"
            and re.search(r"起$|后$", clause)
            and (clause[-1] == "起" or re.match(r"[^，。；的]", tail))
        ):
            return False  # 入库后1年内营业收入超过…, 自建成起3年内 say when it is measured or paid
        if q.comparator not in ("ge", "gt", "le", "lt", "range") and not re.match("及?以上|以内", tail):
            return False
        paid = re.search("支持|补贴|补助|资助|奖励|贴息|免费|优惠", clause)
        if listed and not paid and not re.search("[近前每]", text[max(0, q.start - 1) : q.core_start]):
            return True
        if (
            q.comparator not in ("ge", "gt")
            and re.search(
                r"(?:最长|最长不超过|不超过|最多|累计不超过|期限(?:为|不超过|最长)|可享受|给予|免费|连续)[^，]{0,6}$",
                text[max(0, q.start - 6) : q.core_start],
            )
            and not re.search(r"成立|毕业|注册|年龄", clause)
        ):
            return False
        after = tail[:10]
        return bool(_TIME_NOUN.search(clause[-12:]) or _TIME_NOUN.search(after) or q.unit in ("岁", "周岁")) and not (
            _FREE.search(after[:6]) and not re.search("毕业|成立|注册|满", clause)
        )
    if q.comparator == "eq" and q.kind in ("count", "measure"):
        return bool(
            re.search(r"(?:达到|达|满|每|取得|获得)$", text[max(0, q.start - 2) : q.core_start])
            or re.match(r"(?:\)|）)?(?:的|以上的)[，、]", tail)
        )
    if q.comparator == "eq" and q.kind in ("percent", "multiple"):
        return (_FAR.search(text[max(0, q.start - 24) : q.start]) is not None) or (
            bool(re.search(r"(?:达到|达|为)$", text[max(0, q.start - 2) : q.core_start]))
            or re.match("的，", tail) is not None
        )
    return True
