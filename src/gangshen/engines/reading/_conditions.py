"""Conditions of an offer: thresholds with numbers, and the words that say who may ask."""

from __future__ import annotations

import re

from gangshen.engines.quantities import Quantity
from gangshen.engines.rules import Clause, ClauseKind, Operator, Span
from gangshen.engines.vocabulary import Attribute, AttributeType

from ._figures import Figure
from ._intent import announces
from ._linker import Linker
from ._view import Paragraph

__all__ = ["categorical", "numeric", "only_threshold", "worded"]

_OPERATORS = {
    "ge": Operator.GE,
    "gt": Operator.GT,
    "le": Operator.LE,
    "lt": Operator.LT,
    "eq": Operator.EQ,
    "approx": Operator.APPROX,
    "range": Operator.BETWEEN,
}
_LABEL_CUT = re.compile(
    r"(?:首次|累计|合计|总计|连续|年内|达到|达|超过|超|不低于|不少于|不超过|不高于|不满|满|在|为|到|至|均|且|突破|上一?年度|当年|近\d年|至少|形成|拥有|具有|取得|获得|新增|吸纳|带动|新招用|引进|招引|入驻|培育|的)+$"
)
_PERIOD = (
    (re.compile("上一?年度?|上年"), "last_year"),
    (re.compile("当年|本年度?|年度"), "this_year"),
    (re.compile("近两年|前两年|近2年"), "last_2_years"),
)
_TIME_NOUN = re.compile(
    r"毕业|成立|注册|投资期限|期限|运营|入驻|参保|社保|缴纳|服务|工作|创办|经营|获得|认定|落户|年龄|签订|持有|存续|居住|任职|就业|从业|设立|正常|创业|租期|合同|开业|投产|营业|连续"
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
) -> Clause | None:
    """A threshold as a clause; None when the figure only counts or dates something.

    ``edge`` is where the words before it may begin (the end of the figure before); ``before`` the label of the
    threshold before, which 占…比重 goes on with.
    """
    q = figure.quantity
    if q is None or not _is_threshold(text, q):
        return None
    begin = max(edge, *(text.rfind(c, 0, q.start) + 1 for c in "，；。：且并"))
    words = text[begin : q.start]
    if len(words.strip("、和及或 ")) < 2:
        words = text[max(text.rfind(c, 0, q.start) + 1 for c in "，；。：") : q.start]
    start, end = para.trimmed(offset + min(begin, q.start), offset + max(q.end, _clause_end(text, q.end)))
    first, last = para.span(start, end)
    operator, value, attribute = _linked(text, words, q, linker, before)
    return Clause(
        id=key,
        kind=ClauseKind.DATA if attribute else ClauseKind.UNTRANSLATED,
        attribute=attribute,
        operator=operator,
        value=value,
        unit="年" if operator is Operator.WITHIN_YEARS else q.unit or None,
        period=next((name for pattern, name in _PERIOD if pattern.search(words)), None),
        label=(before if words.startswith("占") else "") + _label(words, text[q.end :], q),
        quote=para.source[first:last],
        span=Span(start=first, end=last),
    )


def _linked(
    text: str, words: str, q: Quantity, linker: Linker, before: str
) -> tuple[Operator, int | float | tuple[int | float, int | float], str | None]:
    """Operator, value and attribute: 达到 and 满 in a condition mean at least; years of a date are WITHIN_YEARS."""
    comparator = q.comparator
    reached = re.search(r"达到|达|满|取得|获得|拥有|形成", text[max(0, q.start - 3) : q.core_start])
    if comparator == "eq" and (reached or re.match(r"及?以上|的", text[q.end :])):
        comparator = "ge"
    operator, value = _OPERATORS[comparator], q.value
    following = re.match(r"[^，。；、且并]{0,10}", text[q.end :])
    link = linker.number(words, q) or linker.number(following[0] if following else "", q)
    if link is None and words.startswith("占"):  # 研发费用超过300万元且占营业收入比重不低于5%
        link = linker.number(before + words, q)
    if link is None or q.approximate:
        return operator, value, None
    if link.type is AttributeType.DATE:
        if comparator not in ("le", "lt") or isinstance(value, tuple):
            return operator, value, None  # no comparison says "at least n years old"
        return Operator.WITHIN_YEARS, value / 12 if q.unit in ("个月", "月") else value, link.id
    return operator, value, link.id


def _clause_end(text: str, at: int) -> int:
    return min((p for p in (text.find(c, at) for c in "，；。") if p >= 0), default=len(text))


def _label(words: str, after: str, q: Quantity) -> str:
    label = re.sub(r"^(?:对于?|支持|鼓励|其中|并|或|且|年(?!龄|度)|凡|原则上|、)+", "", words)
    label = re.sub(r"(?:一般|原则上|分别|需|须|应)+$", "", label)
    label = re.split("[、（）]", label)[-1] if len(re.split("[、（）]", label)[-1]) >= 2 else label
    cut = _LABEL_CUT.search(label)
    if cut:
        label = label[: cut.start()]
    if len(label) < 2:
        noun = re.match(r"(?:以上|以内|及以上)?的?([^，。；、（且并]{2,12})", after)
        label = noun[1] if noun else label
    return label.strip(" “”")


def _is_threshold(text: str, q: Quantity) -> bool:
    """A figure that decides who may ask, not one that dates, counts or measures what is given."""
    head = text[: q.start]
    tail = text[q.end :]
    clause = re.split("[，。；：]", head)[-1]
    if q.unit == "" or q.kind in ("group", "discount", "fraction"):
        return False
    if re.fullmatch(
        r"(?:每年)?(?:支持|遴选|评选|打造|建设|认定|评定|培育)", text[text.rfind("，", 0, q.start) + 1 : q.start]
    ):
        return False  # 支持5个以上社区建设 says how many will be helped
    if announces(text, q) or re.match("最高|最多|最长|至多", text[q.start : q.core_start]):
        return False  # a limit of what is given
    if q.numeral and q.low == 1 and q.comparator == "eq":
        return False
    if re.match(r"(?:一|二|三|前)?等奖", tail):
        return False
    if q.kind == "time":
        if q.comparator not in ("ge", "gt", "le", "lt", "range") and not re.match("及?以上|以内", tail):
            return False
        if re.search(
            r"(?:最长|最长不超过|不超过|最多|累计不超过|期限(?:为|不超过|最长)|可享受|给予|免费|连续)[^，]{0,6}$",
            text[max(0, q.start - 6) : q.core_start],
        ) and not re.search(r"成立|毕业|注册|年龄", clause):
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
    if q.comparator == "eq" and q.kind == "percent":
        return (
            bool(re.search(r"(?:达到|达|为)$", text[max(0, q.start - 2) : q.core_start]))
            or re.match("的，", tail) is not None
        )
    return True


_LEAD = re.compile(r"^(?:其中|并|或|同时|此外|另外|特别是)*(?:对于?|凡|支持|鼓励|针对|为|引导|向)")
_DROP = re.compile(
    r"^并?(?:(?:补贴|扶持|奖励|补助|资助|支持|贴息|抵扣)(?:比例|金额|标准|额度)[^，]*|第?[前后]?[\d一二三四五]+年(?:内)?(?:每月|每年)?|每月|经(?:认定|评审|评定|考核|审核|评估|认可|核定|备案|评选)[^，的]{0,6}|按(?:照)?[^，]*|根据[^，]*|每年|一次性|最高|原则上|给予|分档|分级|最长|从|并|可|以[^，]{0,12}(?:方式|形式)|择优|按规定|依法依规)$"
)
_MARKED = re.compile(
    r"^(?:符合|获|入选|新|首次|经[^，]{2,}(?:认定|备案)|在[^，]{2,}(?:注册|获奖)|参加|入驻|拥有|遴选|每年遴选|由其|在我)"
)
_PARTY = re.compile(r"(?:企业|机构|人才|项目|平台|单位|个人|团队|者|社区|基地|主体|OPC|园区|载体|高校)$")
_STEP = re.compile(
    r"(?:国家级|省级|市级|区级|县级|[特一二三]等奖|[金银铜]奖|博士[^，、]{0,6}|硕士[^，、]{0,6}|本科[^，、]{0,6}|大专[^，、]{0,6}|[A-E]类|[^，、]{2,8}级)[^，、。]{0,8}$"
)
_EMPTY = re.compile(
    r"(?:(?:每|各|单|同一)[家个]?)?(?:其中|并|企业|项目|单位|机构|人才|平台|个人|其|主体|分阶段|分档|分类)|由[^，]{1,6}财政"
)
_GIVING = re.compile(
    r"(?:，)?(?:再|分别|每年|可|择优|一次性|按规定|分档|单个(?:项目|场景|企业|主体)|单家|每家|另|连续|优先|统筹)*"
    r"(?:给予|予以|享受|提供|申请(?=最高|不超过|享受)|可申请|申领|发放|按(?:照)?(?!规定)[^，]{0,20}(?:的|给)|参照其|奖励(?!办法|项目)|投保|最高)"
)
_GIVING_ONLY = re.compile(r"(?:再|分别|每年|可|一次性|另)*(?:给予|予以|按(?:照)?(?!规定)[^，]{0,20}(?:的|给)|参照其)")


def categorical(
    para: Paragraph,
    offset: int,
    text: str,
    region: tuple[int, int],
    key: str,
    linker: Linker,
    thresholds: tuple[tuple[int, int], ...] = (),
    later: bool = False,
) -> list[Clause]:
    """Conditions in words: the comma pieces of ``region`` that say whom an offer is for.

    ``thresholds`` are stretches already read as numbers; ``later`` marks what follows a first benefit, where only a
    new party (对…) or the name of a step (市级活动) counts.
    """
    out: list[Clause] = []
    for a, b in _pieces(text, *region):
        a, b, marked = _narrowed(text, a, b)
        piece = text[a:b]
        if re.search("(?:支持|补贴|奖励)金额$", piece):
            continue
        bare = re.sub(r"(?:每人)?每[月年]$|每人$", "", piece.strip("，。；、的 "))
        if later and not marked:
            named = _STEP.search(bare)
            if not named:
                continue
            b = a + piece.index(bare) + len(bare)
            a = b - len(named[0])
            bare, marked = named[0], True
        step = _STEP.fullmatch(bare) is not None and len(bare) <= 12
        if not marked and not step and not (not out and _PARTY.search(bare)):
            continue
        if not (2 if step else 3) <= len(bare) <= 90 or _DROP.match(piece) or _EMPTY.fullmatch(bare):
            continue
        if only_threshold(text, a, b, thresholds) and not linker.kinds(bare):
            continue
        opens = text[a - 1 : a] == "对" or text[b : b + 1] == "的" or piece.endswith("的")
        short = len(bare) <= 12 and not opens
        step_mark = "s" if short and (later or step) else ""
        out += worded(para, offset, a, b, bare, f"{key}{len(out) + 1}{step_mark}", linker)
    return out


def _narrowed(text: str, a: int, b: int) -> tuple[int, int, bool]:
    """A piece without its leading 对 or 支持 and without the giving that follows; whether it names a party."""
    piece = text[a:b]
    lead = _LEAD.match(piece)
    marked = bool(lead) or piece.endswith(("的", "者", "后")) or _MARKED.search(piece) is not None
    action = bool(lead) and re.search("支持|鼓励|引导", lead[0]) is not None if lead else False
    verb = (_GIVING_ONLY if action else _GIVING).search(piece)
    if verb and verb.start() > 0:
        b, marked = a + verb.start(), True
    elif verb:
        return a, a, False
    if lead:
        a += lead.end()
    return min(a, b), b, marked


def only_threshold(text: str, a: int, b: int, thresholds: tuple[tuple[int, int], ...]) -> bool:
    """Nothing is left of the piece but the threshold that was read as a number."""
    inside = [(max(a, x), min(b, y)) for x, y in thresholds if x < b and a < y]
    if not inside:
        return False
    rest = text[a : min(x for x, _ in inside)] + text[max(y for _, y in inside) : b]
    rest = re.sub(r"（[^）]*）", "", rest)
    return len(re.sub(r"[的，且并及、和或 ]|以上|企业|项目|OPC|机构|平台|社区|主体|年度?", "", rest)) < 4


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    out, depth, first = [], 0, start
    for index in range(start, end):
        char = text[index]
        if char in "（〔“":
            depth += 1
        elif char in "）〕”":
            depth = max(0, depth - 1)
        elif char in "，。；：" and not depth:
            out.append((first, index))
            first = index + 1
    if first < end:
        out.append((first, end))
    return [(a, b) for a, b in out if text[a:b].strip()]


def worded(para: Paragraph, offset: int, a: int, b: int, words: str, key: str, linker: Linker) -> list[Clause]:
    """Words as a clause: linked to the options of the vocabulary that they name, else untranslated."""
    start, end = para.trimmed(offset + a, offset + b)
    if end <= start:
        return []
    first, last = para.span(start, end)
    quote, span = para.source[first:last], Span(start=first, end=last)
    negated = bool(re.search(r"(?:未|不|无|非|没有)(?:被)?(?:列入|纳入|存在|发生|受到|属于|有)", words))
    linked = linker.kinds(words) if not negated else []
    made: list[Clause] = []
    by_attribute: dict[str, tuple[Attribute, list[str]]] = {}
    for attribute, option in linked:
        by_attribute.setdefault(attribute.id, (attribute, []))[1].append(option)
    for number, (attribute, options) in enumerate(by_attribute.values()):
        operator: Operator
        value: bool | str | tuple[str, ...]
        if attribute.type is AttributeType.BOOL:
            operator, value = Operator.EQ, True
        elif attribute.type is AttributeType.ENUM:
            operator, value = Operator.IN, tuple(options)
        else:
            operator, value = Operator.HAS_ANY, tuple(options)
        made.append(
            Clause(
                id=f"{key}.{number}" if number else key,
                attribute=attribute.id,
                operator=operator,
                value=value,
                label=attribute.label.zh,
                quote=quote,
                span=span,
            )
        )
    if len(made) == 1 or (made and "或" not in words):  # 或 between two attributes is no conjunction
        return made
    judged = re.search(r"一事一议|经(?:专家)?(?:评审|认定|评定|考核)|成效显著|优秀|较好|突出", words)
    return [
        Clause(
            id=key,
            kind=ClauseKind.JUDGEMENT if judged and len(words) < 24 else ClauseKind.UNTRANSLATED,
            operator=Operator.NE if negated else None,
            value=words,
            label="对象",
            quote=quote,
            span=span,
        )
    ]
