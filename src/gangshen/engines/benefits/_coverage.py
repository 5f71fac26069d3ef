"""Whether a policy still says what its document says: quotes that stand, and conditions that no clause rests on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gangshen.engines.formats import Text
from gangshen.engines.rules import RuleProblem, Span, clauses

from ._policy import PolicyVersion

__all__ = ["Uncovered", "coverage", "quote_digest", "uncovered"]

_BREAK = re.compile(r"[^。；;！!？?\n]+")
_PART = re.compile(r"[^，,、：:]+")
# Words by which texts of the genre set a condition. What is given, and how it is applied for, is not one.
_BOUND = re.compile(
    r"(?:不少于|不低于|不高于|不超过|不大于|不小于|至少|超过|达到?|满|高于|低于|少于|大于)\s*[0-9０-９一二三四五六七八九十百千万亿]+"
    r"|[0-9０-９][^，。；]{0,8}(?:以上|以下|以内|及以上|及以下)"
    r"|[≥≤＞＜]"
)
_MUST = re.compile(
    r"未(?:被|曾|发生|列入|受到|享受)|不得(?!超过)|无(?:重大|严重|不良|违法)|应当?(?:符合|具备|具有|满足|为)|须(?:符合|具备|具有|满足|为)"
    r"|符合(?:以下|下列|条件|.{0,10}要求)|具备|具有独立|依法(?:登记|注册)|注册(?:地|登记|在|成立)|登记注册|注册并|新(?:设立|认定|入驻|注册|引进)"
    r"|(?:首次|获得|取得|列入|入选|纳入|通过|经).{0,24}(?:认定|评定|备案|登记|名单|目录|验收|立项|统计)|独立法人|成立.{0,8}年"
)
_GIVES = re.compile(
    r"(?:下列|以下|上述|相应|本)条件|符合条件的?|给予|奖励|补贴|补助|资助|贴息|奖补|最高|上限|按.{0,20}[%％]|优惠|减免"
)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Words of ``document`` that sound like a condition and that no clause, benefit or uplift rests on."""

    document: str
    start: int
    end: int
    words: str


def quote_digest(words: str) -> str:
    """What :class:`Span` keeps of words that a file does not carry."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def coverage(edition: PolicyVersion, texts: Mapping[str, str]) -> list[RuleProblem]:
    """Quotes that do not stand at their span in the document's text, and clauses without a quote (warnings)."""
    found: list[RuleProblem] = []
    for id, quote, span in _quoted(edition):
        found.extend(_stands(id, quote, span, edition.basis, texts))
    return found


def _quoted(edition: PolicyVersion) -> Iterator[tuple[str, str, Span | None]]:
    for clause in clauses(edition.eligibility):
        yield clause.id, clause.quote, clause.span
    yield "benefit", edition.benefit.quote, edition.benefit.span
    for i, uplift in enumerate(edition.benefit.uplifts):
        for clause in clauses(uplift.when):
            yield f"uplifts[{i}].{clause.id}", clause.quote, clause.span


def _stands(id: str, quote: str, span: Span | None, basis: str, texts: Mapping[str, str]) -> list[RuleProblem]:
    if span is None or not (quote or span.digest):
        words = Text(zh="没有出处（写明 quote 与 span）", en="rests on no words (give quote and span)")
        return [RuleProblem("", id, words, warning=True)]
    text = texts.get(span.document or basis)
    if text is None:
        words = Text(
            zh=f"没有文件 {span.document or basis}", en=f"document {span.document or basis} is not there (add it)"
        )
        return [RuleProblem("", id, words)]
    there = text[span.start : span.end]
    if (there == quote) if quote else (quote_digest(there) == span.digest):
        return []
    at = text.find(quote) if quote else -1
    if at < 0:
        words = Text(zh="原文中已无此句（核对原文）", en="these words no longer stand in the document (read it again)")
    else:
        words = Text(
            zh=f"此句现在 {at}-{at + len(quote)}",
            en=f"these words now stand at {at}-{at + len(quote)} (correct the span)",
        )
    return [RuleProblem("", id, words)]


def uncovered(
    editions: Iterable[PolicyVersion],
    texts: Mapping[str, str],
    *,
    within: Mapping[str, Iterable[tuple[int, int]]] | None = None,
) -> list[Uncovered]:
    """Words of the documents that sound like a condition and on which no clause of any of the editions rests.

    All editions that rest on a document are looked at together, since one text holds many policies. ``within`` limits a
    document to stretches of it (the articles that were encoded). A list to be read by a person: it errs on the long side.
    """
    rests: dict[str, list[tuple[int, int]]] = {}
    for edition in editions:
        for _, _, span in _quoted(edition):
            if span is not None:
                rests.setdefault(span.document or edition.basis, []).append((span.start, span.end))
    found: list[Uncovered] = []
    for document in sorted(rests.keys() & texts.keys()):
        limits = None if within is None or document not in within else list(within[document])
        for start, end in _conditions(texts[document]):
            inside = limits is None or any(low <= start and end <= high for low, high in limits)
            if inside and not any(low < end and start < high for low, high in rests[document]):
                found.append(Uncovered(document, start, end, texts[document][start:end]))
    return found


def _conditions(text: str) -> Iterator[tuple[int, int]]:
    for sentence in _BREAK.finditer(text):
        for part in _PART.finditer(sentence[0]):
            words = part[0]
            bound = _BOUND.search(words) and not _GIVES.search(words)
            if bound or (_MUST.search(words) and not _GIVES.search(words)):
                start = sentence.start() + part.start() + len(words) - len(words.lstrip())
                yield start, sentence.start() + part.start() + len(words.rstrip())
