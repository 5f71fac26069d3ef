"""Conditions in words: the comma pieces of an offer that say whom it is for."""

from __future__ import annotations

import re

from gangshen.engines.rules import Clause, ClauseKind, Operator, Span
from gangshen.engines.vocabulary import Attribute, AttributeType

from ._beside import beside, only_threshold
from ._linker import Linker
from ._view import Paragraph
from ._whom import STEP, is_agent, is_party, is_purpose, says_nobody, without_choice, without_payer

__all__ = ["categorical", "worded"]


_LEAD = re.compile(r"^(?:其中|并|或|同时|此外|另外|特别是)*(?:对于?|凡|支持|鼓励|针对|为|引导|向)")
_MARKED = re.compile(
    r"^(?:符合|获|入选|开展|举办|承办|主办|承担|牵头|新|首次|经[^，]{2,}(?:认定|备案)|在[^，]{2,}(?:注册|获奖)|参加|入驻|拥有|取得|完成|被|获评|(?:每年)?(?:择优)?(?:遴选|评选)|由其|在我|且|只要|凡|若|其(?!中)[^，]{0,8}(?:租|购|获|被|通过|取得))"
)
_GIVING = re.compile(
    r"(?:，)?(?:再|分别|每年|可|择优|一次性|按规定|分档|单个(?:项目|场景|企业|主体)|单家|每家|另|连续|优先|统筹)*"
    r"(?:给予|予以|享受|提供|申请(?=最高|不超过|享受)|可申请|申领|发放|按(?:照)?(?!规定)[^，]{0,20}(?:的|给)|参照其|奖励(?!办法|项目)|投保(?!企业|单位|人|的|费率|产品)|最高)"
)
_GIVING_ONLY = re.compile(r"(?:再|分别|每年|可|一次性|另)*(?:给予|予以|按(?:照)?(?!规定)[^，]{0,20}(?:的|给)|参照其)")
_LEVEL = re.compile("(?:国家|省|州|市|区|县)级")
_DOES = re.compile("举办|承办|主办|开展|参加|参展|设立|新建|购置|租用|引进")
_GIVING_NEXT = re.compile(rf"{_GIVING_ONLY.pattern}|补助|补贴|资助")
_GIVEN_TO = re.compile(
    r"，(?:可|均|则|分别|一次性|每年|再|择优|按规定|依次|每[个家项户件台名][^，的]{0,4})*(?:给予|予以|奖励|补助|补贴|资助|享受|申请|获|按照?(?!规定))"
)
_WITHIN = re.compile("其中|同时|此外|另外")
_AIM = re.compile("支持|鼓励|引导|推动|争创|争取")
_JUDGED_BY = re.compile(
    r"(?:根据|依据|按照?)(?P<who>[^，]{2,20}?)的?(?:上?年度|当年)*(?:绩效|考核|运营|评价|评估|服务|建设)[^，]{0,10}(?:情况|结果|等次|成效|排名)"
)  # 根据社区年度绩效情况，每年给予…: the community is given
_PARTICULAR = re.compile(
    r"(?:并|其中)?对(?!比|口|外|接|标)[^，；]{9,}"
)  # 支持股权融资，对获得机构投资的企业: the latter says whom


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
    pieces = _pieces(text, *region, later)
    for number, (a, b) in enumerate(pieces):
        if _AIM.match(text, a, b) and any(_PARTICULAR.match(text, x, y) for x, y in pieces[number + 1 :]):
            continue
        a, b, marked = _narrowed(text, a, b)
        piece = text[a:b]
        if re.search("(?:支持|补贴|奖励)金额$", piece):
            continue
        judged = _JUDGED_BY.fullmatch(piece) if not out else None
        if judged and is_party(judged["who"]):
            a, b, marked = a + judged.start("who"), a + judged.end("who"), True
            piece = text[a:b]
        measured = re.search(
            r"的?(?:支持|补贴|奖励|补助|资助|贴息)(?:比例|标准|额度)(?:可|则|均)*(?:为|是|按|至|提高至|提高到|上浮至)*$",
            piece,
        )
        if measured and measured.start() >= 3:  # 首年投保的补贴比例为70%
            b, marked = a + measured.start(), True
            piece = text[a:b]
        bare = re.sub(
            r"(?:每人)?每[月年]$|每[人件项个台家户名场款张套次]$|(?:前|第|首)?[一二两三四五\d]+年(?:内)?的?(?:租金|房租|场租)?(?:分别|依次)?$",
            "",
            piece.strip("，。；、的 "),
        )
        if later and not marked:
            named = STEP.search(bare)
            if not named:
                continue
            b = a + piece.index(bare) + len(bare)
            a = b - len(named[0])
            bare, marked = named[0], True
        step = STEP.fullmatch(bare) is not None and len(bare) <= 12
        direct = not later and _GIVEN_TO.match(text, b) is not None and not is_purpose(bare)
        if not marked and not step and (out or not (direct or is_party(bare))):
            continue
        level = later and _LEVEL.fullmatch(bare) is not None and re.match("补助|补贴|资助", text[b:]) is not None
        if not (2 if step else 3) <= len(bare) <= 90 or (says_nobody(piece, bare) and not level):
            continue
        stretches = beside(text, a, b, thresholds)
        for x, y in stretches:
            if says_nobody(text[x:y], text[x:y]):
                continue
            out += worded(para, offset, x, y, text[x:y], f"{key}{len(out) + 1}", linker)
        if stretches or (only_threshold(text, a, b, thresholds) and not linker.kinds(bare)):
            continue
        opens = text[a - 1 : a] == "对" or text[b : b + 1] == "的" or re.search("的(?:每.)?$", piece) is not None
        short = len(bare) <= 12 and not opens
        sibling = bool(out) and _GIVING_NEXT.match(text, b) is not None  # …的，规上企业给予25万元，规下企业给予15万元
        step_mark = "s" if short and ((later and not _DOES.match(bare)) or step or sibling) else ""
        out += worded(para, offset, a, b, bare, f"{key}{len(out) + 1}{step_mark}", linker)
    return out


def _narrowed(text: str, a: int, b: int) -> tuple[int, int, bool]:
    """A piece without its leading 对 or 支持 and without the giving that follows; whether it names a party."""
    piece = text[a:b]
    lead = _LEAD.match(piece)
    within = _WITHIN.match(piece)
    bare = piece[within.end() :] if within else piece
    marked = bool(lead) or piece.endswith(("的", "者", "后")) or _MARKED.search(bare) is not None
    action = bool(lead) and re.search("支持|鼓励|引导", lead[0]) is not None if lead else False
    verb = (_GIVING_ONLY if action else _GIVING).search(piece)
    named = verb is not None and verb.start() == 0 and is_party(piece)  # 提供开源服务的平台
    if verb and verb[0].endswith("投保") and piece.endswith("的"):
        verb = None
    if verb and verb[0].endswith("提供") and (named or (lead and lead[0].endswith(("对", "对于")))):
        verb = _GIVING.search(piece, verb.end())  # 对为中小企业提供担保的机构
    if verb and not verb[0].endswith(("给予", "予以")) and is_agent(piece):
        verb, marked = None, True
    if verb and verb.start() > 0:
        b, marked = a + verb.start(), True
    elif verb:
        return a, a, False
    if not verb:
        measured = re.search(
            r"(?<=[^，][^，][^，])(?:(?:按照?|参照)(?:每[^，]{1,6})?|每[^，年月人]{1,4}(?:补助|奖励|补贴|资助)?)$"
            r"|(?<=[^，][^，])(?<![得受付])(?:(?:进行)?(?:补助|补贴|资助|支持(?=经费|资金))(?:经费|资金)?|可(?:一次性)?获得?)$",
            piece,
        )  # 购建自用办公用房按照（每平方米1000元）
        if measured and text[b : b + 1] != "：":  # 担保费补贴：按… is a title
            b, marked = a + measured.start(), True
    if lead:
        a += lead.end()
    elif within:
        a += within.end()  # 其中“小巨人”企业
    a, b = min(a, b), b
    b = a + len(without_payer(text[a:b]))
    return b - len(without_choice(text[a:b])), b, marked


def _pieces(text: str, start: int, end: int, later: bool = False) -> list[tuple[int, int]]:
    """Comma pieces; what follows a figure without a mark (50万元“升规”奖励) belongs to that figure."""
    inside = False
    while later and start < end and (inside or text[start] not in "，。；：、和及与或并"):
        inside = (inside or text[start] in "（〔") and text[start] not in "）〕"
        start += 1
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
