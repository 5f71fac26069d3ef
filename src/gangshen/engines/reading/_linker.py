"""From the words of a document to the attributes and titles of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gangshen.engines.quantities import Quantity, QuantityError, convert
from gangshen.engines.vocabulary import Access, Attribute, AttributeType, Vocabulary

__all__ = ["Linker"]

_QUOTES = re.compile(r"[“”\"‘’（）()\s]")
_PARTIAL = re.compile(r"单(?:品种|个|项|台|笔|款|品|体|一产品)")  # a figure of one product, not of the firm
_FILLERS = re.compile(r"的|企业")  # 研发人员占企业职工总数的比例
_GROWTH = re.compile(r"同比|增长|增量|新增|增加|增幅|净增")  # a change is not the level
_DERIVED = re.compile(r"人均|户均|年均|平均|加计扣除|首年|首个年度|累计|合计|自[^，]{2,8}起")  # not the figure itself
_ASIDE = re.compile(r"（(?:不含|不包括|除)[^）]*）")
_QUALIFIERS = re.compile(r"^(?:其|企业|实际|上一?年度|年度|当年|新增|发生的?|支付的?)+")
_STEM = re.compile(r"(?:日期|时间|年限)$")


@dataclass(frozen=True, slots=True)
class Linker:
    """Finds what words speak of: ``names`` of attributes and ``options`` (as printed, canonical), longest first."""

    names: tuple[tuple[str, Attribute], ...]
    options: tuple[tuple[str, str, Attribute], ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary | Sequence[Attribute]) -> Linker:
        """Statistics-only attributes are left out: they may never be a ground for one firm."""
        attributes = [a for a in vocabulary if a.access is not Access.STATISTICS]
        options = [
            (option.zh, option.zh, a)
            for a in attributes
            if a.type in (AttributeType.LIST, AttributeType.ENUM)
            for option in a.options
        ]
        if isinstance(vocabulary, Vocabulary) and "certificates" in vocabulary:
            held = vocabulary.get("certificates")
            for title in vocabulary.certificates.values():
                options += [(words, title.type.zh, held) for words in (title.type.zh, *title.synonyms)]
        names = [(name, a) for a in attributes for name in _names(a) if len(name) >= 2]
        plain = {(_QUOTES.sub("", printed), canonical, a.id): a for printed, canonical, a in options}
        kept = [(printed, canonical, a) for (printed, canonical, _), a in plain.items() if len(printed) >= 3]
        return cls(
            tuple(sorted(names, key=lambda n: (-len(n[0]), n[1].id))),
            tuple(sorted(kept, key=lambda o: (-len(o[0]), o[2].id, o[1]))),
        )

    def number(self, words: str, quantity: Quantity) -> Attribute | None:
        """The attribute whose name stands last in ``words`` and whose unit can carry ``quantity``."""
        derived = _DERIVED.search(words)
        if _PARTIAL.search(words) or (derived and not any(derived[0] in name for name, _ in self.names)):
            return None
        bare = _FILLERS.sub("", words)
        found = self._last(bare, [(_FILLERS.sub("", n), a) for n, a in self.names if _carries(a, quantity)])
        grown = found is not None and _GROWTH.search(words) and not any("增" in n for n in _names(found))
        return None if grown else found

    def money(self, words: str) -> Attribute | None:
        """The money attribute that ``words`` name (按设备投资额的10%: 设备投资额)."""
        bare = _QUALIFIERS.sub("", _QUOTES.sub("", re.sub(r"（[^）]*）", "", words)))
        names = [(n, a) for n, a in self.names if a.type is AttributeType.MONEY and bare in (n, n + "额", n + "总额")]
        return self._last(bare, names)

    @staticmethod
    def _last(words: str, names: Iterable[tuple[str, Attribute]]) -> Attribute | None:
        best: tuple[int, int, Attribute] | None = None
        for name, attribute in names:
            at = words.rfind(name)
            if at >= 0 and (best is None or (at + len(name), len(name)) > best[:2]):
                best = (at + len(name), len(name), attribute)
        return best[2] if best else None

    def kinds(self, words: str) -> list[tuple[Attribute, str]]:
        """Options of lists, and yes/no attributes, that ``words`` name; a longer name hides those inside it."""
        out: list[tuple[Attribute, str]] = []
        rest = _QUOTES.sub("", _ASIDE.sub("", words))
        for printed, option, attribute in self.options:
            if printed in rest:
                if (attribute, option) not in out:
                    out.append((attribute, option))
                rest = rest.replace(printed, "\0" * len(printed))
        for name, attribute in self.names:
            if attribute.type is AttributeType.BOOL and name in rest:
                out.append((attribute, ""))
                rest = rest.replace(name, "\0" * len(name))
        return out

    def title(self, words: str) -> str | None:
        """The certificate that ``words`` name and nothing else."""
        found = [option for attribute, option in self.kinds(words) if attribute.id == "certificates"]
        return found[0] if len(found) == 1 else None


def _names(attribute: Attribute) -> Iterable[str]:
    yield from (attribute.label.zh, *attribute.synonyms)
    if attribute.type is AttributeType.DATE:  # 成立不满五年 asks for 成立日期
        yield from (_STEM.sub("", name) for name in (attribute.label.zh, *attribute.synonyms))


def _carries(attribute: Attribute, quantity: Quantity) -> bool:
    kind = attribute.type
    if quantity.kind == "money":
        return kind is AttributeType.MONEY
    if quantity.kind == "percent":
        return kind is AttributeType.PERCENT
    if quantity.kind == "time":
        spans = ("年", "个月", "月", "天", "岁")
        return kind is AttributeType.DATE or (
            kind in (AttributeType.NUMBER, AttributeType.COUNT) and attribute.unit in spans
        )
    if kind not in (AttributeType.COUNT, AttributeType.NUMBER):
        return False
    if not attribute.unit or attribute.unit == quantity.unit:
        return True
    try:
        convert(1, quantity.unit, attribute.unit)
    except QuantityError:
        return kind is AttributeType.COUNT and quantity.kind == "count" and attribute.unit in ("个", "项", "件")
    return True
