"""Offers: who may ask for what, with amounts, caps, ladders and conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gangshen.engines.benefits import Benefit, BenefitKind, Offer
from gangshen.engines.rules import All, Any_, Clause, Span

from ._amended import CEILING, alternatives, cap_before, capped, is_ceiling, shared_ceiling, with_conditions
from ._amounts import Group, groups
from ._benefit import benefit_of
from ._conditions import categorical
from ._figures import Figure, figures
from ._items import ITEM
from ._kinds import benefit_kind
from ._linker import Linker
from ._model import Budget, OfferItem
from ._outline import Outline
from ._thresholds import numeric
from ._view import Paragraph, sentences

__all__ = ["Offered", "offers"]

_BENEFIT = re.compile(
    r"给予|奖励|奖补|补贴|补助|资助|扶持|贴息|减免|免费|免租|优惠|贷款|券|租金|安家费|礼包|保费|支持|投资|配套|补偿|全免|免收|折|奖|出资|经费|扶持|补|申请|申领|享受|领取|发放"
)
_OFFERED = re.compile(
    r"给予|奖励|奖补|补贴|补助|资助|贴息|减免|免费|免租|零租|全免|免收|优惠|贷款|券|租金|安家费|礼包|享受|申请|补偿|折|返还|奖|扶持|支持|出资|经费|投资|配套"
)
_GIVEN = re.compile(
    r"给予|补|奖|资助|贴息|减免|免|优惠|享受|执行|报销|返还|配套|折|租|扶持|支持|承担|收取|减半|比例|拨付"
)
_PAID = re.compile(
    r"给予|奖|补|资助|贴息|减免|免租|优惠|贷款|授信|券|租金|安家费|礼包|保费|享受|申请|申领|返还|扶持|支持|发放|股权|天使|拨付|费用"
)
_FREE = re.compile(r"免费|免租|零租|全额|免收|减免|贴息|优惠|补贴|补助|奖励|资助")
_PRIORITY = re.compile(r"的[^，]{0,12}，优先")
_GIVES = re.compile(r"给予|提供|享受|实施|落实|发放|申请|申领|减免|免收|可|实行")
_NOT_YET = re.compile(r"已(?:累计)?(?:发放|兑现|拨付|支付|获得|投入)|去年|据了解|记者|报道|以下罚款|处以")
_AIM = re.compile(r"(?:[至到]20\d\d年[底末]?前?，?)?力争|[至到]20\d\d年")
_PROMISES = re.compile(r"给予|予以|发放|奖励|按照?(?!期|时|计划)|最高")
_AND_GIVES = re.compile(r"(?:并|再|另|还|同时|此外)*，?(?:给予|予以|发放|奖励(?!办法)|补助|补贴(?!对象))")
_GIVING_TITLE = re.compile(r"(?:补贴|奖励|补助|资助|奖补|贴息|津贴)$")
_STANDARD = re.compile(r"(?:给予|奖励|奖补|补贴|补助|资助|贴息|支持)[^。；]{0,16}：$")
_REFERENCE = re.compile(r"(?:以下|下列|如下)")
_ALTOGETHER = re.compile(r"(?:同一|每家|单个|单家|每个)(?:企业|单位|主体|机构|申请人)[^，]{0,8}(?:总额|累计|合计)")
_SKIP_PARTS = ("background", "principle", "supplement", "goal")


@dataclass(slots=True)
class Offered:
    """What one paragraph offers, and the stretches of its clean text that say so."""

    items: list[OfferItem] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    stretches: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Context:
    """Where the reading stands: section, running number, the offer before and whether a list of steps is open."""

    section: str
    linker: Linker
    count: int
    previous: OfferItem | None = None
    open_list: bool = False
    item_style: str | None = None  # how the paragraphs of an open list are numbered
    titled: bool = False  # the heading gives: 安家补贴。A类人才最高300万元
    lead: tuple[Clause, ...] = ()  # whom the sentence that opened the list names
    earlier: list[tuple[tuple[int, ...], Offered]] = field(default_factory=list)  # paragraphs read, with their headings
    label: str = ""  # what the last threshold was about: 首次超过500万元 goes on with it


def offers(
    paras: list[Paragraph], out: Outline, taken: dict[int, list[tuple[int, int]]], linker: Linker
) -> dict[int, Offered]:
    """Offers and pools per paragraph; ``taken`` are stretches that name responsible units."""
    found: dict[int, Offered] = {}
    context = _Context("", linker, 0)
    for index, para in enumerate(paras):
        unsaid = out.part(index) == "front" and not re.search("[。；]", para.text)
        if unsaid or out.part(index) in _SKIP_PARTS:
            context.open_list = False
            continue
        context.section = out.section(index, own=True)
        context.previous, context.label = None, ""
        made = Offered()
        headings = out.places[index].above
        own = out.places[index].heading
        context.titled = own is not None and _GIVING_TITLE.search(out.headings[own].title) is not None
        _go_on(para.text, context)
        for start, end in _spans(para, out, index, taken.get(index, [])):
            if not made.items and _cap_above(para.text[start:end], headings, context):
                made.stretches.append((start, end))
                continue
            _sentence(para, start, para.text[start:end], context, made, (start, end))
            _open(para, start, end, context, made)
        if made.items or made.budgets or made.stretches:
            found[index] = made
            context.earlier.append(((*headings, own) if own is not None else headings, made))
    return found


def _go_on(text: str, context: _Context) -> None:
    """A list opened by a paragraph before goes on while its paragraphs are numbered alike."""
    item = ITEM.match(text)
    style = item.lastgroup if item else None
    if context.open_list or style is None or style != context.item_style:
        context.item_style = style if context.open_list else None
    else:
        context.open_list = True
    if not context.open_list:
        context.lead = ()


def _open(para: Paragraph, start: int, end: int, context: _Context, made: Offered) -> None:
    """给予购房补贴，标准为：opens a list whose items need no word of giving; a full stop ends it."""
    text = para.text[start:end]
    was = context.open_list
    gives = bool(made.items) or "给予" in para.text or _STANDARD.search(text) is not None
    context.open_list = text[-1] in "；：" and (was or gives)
    if context.open_list and not was and text.endswith("："):
        key = f"l{context.count + 1}"
        found, _ = _conditions(para, start, text, (0, len(text)), figures(text), key, context.linker, [], False)
        context.lead = tuple(c for c in found if not _REFERENCE.search(c.quote))
    elif not context.open_list and context.item_style is None:
        context.lead = ()


def _cap_above(text: str, headings: tuple[int, ...], context: _Context) -> bool:
    """A paragraph that opens with a ceiling: it holds for the rates without one in the paragraphs of its article."""
    if not headings or not CEILING.match(text):
        return False
    given = groups(text, figures(text))
    if not given or not is_ceiling(text, given):
        return False
    whole = _ALTOGETHER.search(text) is not None
    reached = False
    for above, made in reversed(context.earlier):
        if above[:1] != headings[:1] and above[-2:-1] != headings[-2:-1]:
            break
        reached = reached or bool(made.items)
        for index, item in enumerate(made.items):
            benefit = item.offer.benefit
            if (benefit.rate is not None and not benefit.caps and not benefit.tiers) or whole:
                made.items[index] = capped(item, given[0])
    return reached


def _spans(para: Paragraph, out: Outline, index: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences without numbers of headings, bare titles and brackets that name units."""
    place = out.places[index]
    spans = []
    for start, end in sentences(para.text, "。；"):
        if place.heading is not None:
            titled = place.body if para.text[place.title - 1 : place.title] == "【" else place.title
            start = max(start, titled)
            bare_title = end <= place.body and not figures(para.text[start:end])
            if bare_title or end <= start:
                continue
        for a, b in taken:
            if start <= a < end and not para.text[start:a].strip():
                start = min(b, end)
        if end > start and para.text[start:end].strip("。；"):
            spans.append((start, end))
    return spans


def _sentence(
    para: Paragraph, start: int, text: str, context: _Context, made: Offered, stretch: tuple[int, int]
) -> None:
    """Read one sentence into ``made``."""
    found = figures(text)
    if context.open_list:  # 国家级100万元；省级50万元: the giving stands before the list
        found = [replace(f, use="money") if f.use == "other" and f.fen is not None else f for f in found]
    budgets = [_budget(para, start, text, f) for f in found if f.use == "pool" and f.fen is not None]
    made.budgets += budgets
    items: list[OfferItem] = []
    capping = context.previous is not None and CEILING.match(text) is not None
    before = context.previous.quote if context.previous else ""
    titled = context.titled and any(f.use == "money" and f.up_to for f in found)
    if _BENEFIT.search(text) or context.open_list or capping or titled or _PRIORITY.search(text):
        if _NOT_YET.search(text) or (_AIM.match(text) and not _PROMISES.search(text)):
            return
        given = _real(text, groups(text, found), context.open_list or capping or titled)
        if given and context.previous is not None and is_ceiling(text, given, before):
            cap_before(made.items, given[0])
            context.previous = made.items[-1]
            made.stretches.append(stretch)
            return
        if given:
            items = _offers(para, start, text, found, given, context)
            if para.text[start - 1 : start] == "；" and made.items and shared_ceiling(text, given):
                cap_before(made.items, given[-1])
        elif (_PRIORITY.search(text) or (_FREE.search(text) and _GIVES.search(text))) and not any(
            f.use in ("rate", "money") for f in found
        ):
            items = _free(para, start, text, context)
    context.count += len(items)
    if context.lead and not text.endswith("："):
        items = [with_conditions(item, list(context.lead)) for item in items]
    made.items += items
    if items:
        context.previous = items[-1]
    if budgets or any("no figure" not in item.doubts for item in items):
        made.stretches.append(stretch)


def _real(text: str, made: list[Group], open_list: bool) -> list[Group]:
    """Groups with a word of giving near them; after the first, further steps need none."""
    out: list[Group] = []
    for group in made:
        head = text[: group.start]
        edge = max(head.rfind("，"), head.rfind("："), 0)
        near = text[max(0, edge - 14) : min(len(text), group.end + 24)]
        if group.rate and not group.money and re.search(r"分成|分配|占股|持股|控股|占比|覆盖率|自给率|应奖励额", near):
            continue
        given = _GIVEN if group.rate and not group.money else _OFFERED
        if group.money and not group.rate and not group.money.up_to:
            given = _PAID
        if given.search(near) or (group.rate and group.money) or open_list or (out and _OFFERED.search(head)):
            out.append(group)
    return out


def _offers(
    para: Paragraph, offset: int, text: str, found: list[Figure], given: list[Group], context: _Context
) -> list[OfferItem]:
    items: list[OfferItem] = []
    rows: list[list[Group]] = []
    for group in given:
        if rows and group.row is not None and rows[-1][0].row == group.row:
            rows[-1].append(group)
        else:
            rows.append([group])
    edge = 0
    further = re.match("其中", text) or (para.text[offset - 1 : offset] == "；" and _AND_GIVES.match(text))
    clauses: list[Clause] = list(context.previous.conditions) if context.previous and further else []
    steps: tuple[tuple[Clause, ...], ...] = ()
    for number, row in enumerate(rows):
        key = f"o{context.count + len(items) + 1}"
        fresh, own = _conditions(
            para, offset, text, (edge, row[0].start), found, key, context.linker, row, bool(items), context.label
        )
        shared = len(steps) == len(row) and not any(c.unit for c in fresh)  # 分别给予园区…，并给予企业…: the same steps
        steps = own or (steps if shared else ())
        fresh = [c if c.label else c.model_copy(update={"label": context.label}) for c in fresh]
        context.label = next((c.label for c in reversed(fresh) if c.unit), context.label)
        if items and fresh and all(_is_step(c) for c in fresh):
            clauses = [*(c for c in clauses if not _is_step(c) and not _parallel(c, fresh, text)), *fresh]
        elif fresh or not items:
            clauses = fresh or clauses
        items.append(_offer(para, offset, text, row, clauses, steps, context.section, key, context.linker))
        following = rows[number + 1][0].start if number + 1 < len(rows) else len(text)
        edge = max((f.end for g in row for f in g.figures if f.start < following), default=edge)
    return items


def _is_step(clause: Clause) -> bool:
    """Names one step of an enumeration (一等奖), so it ends with that step."""
    return clause.id.endswith("s")


def _parallel(clause: Clause, fresh: list[Clause], text: str) -> bool:
    """一般项目支持15万元，重点项目支持25万元: the second is given instead of the first, not as one of it."""
    words = clause.value if isinstance(clause.value, str) and not clause.unit else ""
    at = text.find(words)
    if not 3 <= len(words) <= 12 or at < 0 or text[at - 1 : at] == "对" or text.startswith("的", at + len(words)):
        return False
    others = [c.value for c in fresh if isinstance(c.value, str)]
    alike = any(o[-2:] == words[-2:] and abs(len(o) - len(words)) <= 2 and f"其中{o}" not in text for o in others)
    return alike and not text.startswith(("，", "、"), at + len(words))


def _conditions(
    para: Paragraph,
    offset: int,
    text: str,
    region: tuple[int, int],
    found: list[Figure],
    key: str,
    linker: Linker,
    row: list[Group],
    later: bool,
    before: str = "",
) -> tuple[list[Clause], tuple[tuple[Clause, ...], ...]]:
    """Conditions of a row, and those of its single steps when as many thresholds are printed as steps.

    ``before`` is what the last threshold was about.
    """
    start, end = region
    made: list[Clause] = []
    where: list[tuple[int, int]] = []
    chains: list[list[int]] = []
    last = start
    for figure in found:
        if figure.use == "condition" and start <= figure.start < end:
            clause = numeric(
                para, offset, text, figure, f"{key}.n{len(made) + 1}", linker, last, made[-1].label if made else before
            )
            joined = re.fullmatch(r"(?:[（(]含[)）])?(?:及?以上)?[、和及或]", text[last : figure.start]) is not None
            timing = clause is None and figure.quantity is not None and figure.quantity.kind == "time"
            last = last if timing else figure.end  # 上一年度 belongs to the words of what follows
            if clause is None:
                continue
            if joined and chains:
                chains[-1].append(len(made))
            else:
                chains.append([len(made)])
            made.append(clause)
            begin = figure.start - min(len(clause.label), 12)
            where.append((max(text.rfind("，", 0, figure.start) + 1, begin), figure.end))
    steps: tuple[tuple[Clause, ...], ...] = ()
    ladders = [c for c in chains if len(c) == len(row)] if len(row) > 1 else []
    if ladders:
        steps = tuple(
            tuple(made[c[i]].model_copy(update={"label": made[c[0]].label}) for c in ladders) for i in range(len(row))
        )
        used = {i for c in ladders for i in c}
        made = [c for i, c in enumerate(made) if i not in used]
    made += categorical(para, offset, text, region, f"{key}.w", linker, tuple(where), later)
    return made, steps


def _offer(
    para: Paragraph,
    offset: int,
    text: str,
    row: list[Group],
    clauses: list[Clause],
    steps: tuple[tuple[Clause, ...], ...],
    section: str,
    key: str,
    linker: Linker,
) -> OfferItem:
    start, end = para.trimmed(offset, offset + len(text))
    first, last = para.span(start, end)
    span, quote = Span(start=first, end=last), para.source[first:last]
    benefit = benefit_of(text, row, quote, span, linker)
    doubts = []
    if not clauses and not steps:
        doubts.append("no condition read")
    if benefit.judgement:
        doubts.append("case by case")
    if isinstance(benefit.rate, tuple):
        doubts.append("rate printed as a range")
    if len(row) > 1:
        doubts.append("ladder: check which step is whose")
    either = bool(re.search(r"，?或", text[: row[0].start]))  # two ladders joined by 或 share the steps
    nodes = alternatives(clauses)
    if steps:
        nodes.append(Any_(any=tuple(Any_(any=s) if either and len(s) > 1 else All(all=s) for s in steps)))
    offer = Offer(
        id=key,
        title=section.rsplit("/", 1)[-1] or quote[:20],
        section=section,
        rule=All(all=tuple(nodes)) if nodes else None,
        benefit=benefit,
        quote=quote,
        span=span,
    )
    return OfferItem(
        quote=quote, start=first, end=last, doubts=tuple(doubts), offer=offer, conditions=tuple(clauses), steps=steps
    )


def _free(para: Paragraph, start: int, text: str, context: _Context) -> list[OfferItem]:
    """An offer without figures: free use, relief or support whose size is settled elsewhere."""
    verb = _PRIORITY.search(text) or _GIVES.search(text)
    at = text.rfind("，", 0, verb.end()) if verb and verb[0].endswith("优先") else verb.start() if verb else 0
    key = f"o{context.count + 1}"
    a, b = para.trimmed(start, start + len(text))
    if b - a < 6:
        return []
    clauses, _ = _conditions(para, start, text, (0, at), figures(text), key, context.linker, [], False)
    first, last = para.span(a, b)
    span, quote = Span(start=first, end=last), para.source[first:last]
    service = re.search("免费", text) and not re.search("租", text)
    kind = BenefitKind.SERVICE if service else benefit_kind(text[at:], "", text)
    offer = Offer(
        id=key,
        title=context.section.rsplit("/", 1)[-1] or quote[:20],
        section=context.section,
        rule=All(all=tuple(clauses)) if clauses else None,
        benefit=Benefit(kind=kind, judgement="一事一议" in text, quote=quote, span=span),
        quote=quote,
        span=span,
    )
    return [
        OfferItem(quote=quote, start=first, end=last, doubts=("no figure",), offer=offer, conditions=tuple(clauses))
    ]


def _budget(para: Paragraph, offset: int, text: str, figure: Figure) -> Budget:
    left = max(text.rfind(c, 0, figure.start) for c in "，；。：") + 1
    right = min((p for p in (text.find(c, figure.end) for c in "，；。") if p >= 0), default=len(text))
    start, end = para.trimmed(offset + left, offset + right)
    first, last = para.span(start, end)
    assert figure.fen is not None
    kind = "fund" if "基金" in text[left:right] else "budget"
    return Budget(
        quote=para.source[first:last],
        start=first,
        end=last,
        amount_fen=figure.fen,
        kind="fund" if kind == "fund" else "budget",
    )
