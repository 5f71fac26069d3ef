"""A name as it is compared: one width, no blanks, its legal form and its dependent part told apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from ._words import MARKET_MARK, SIMPLIFIED

__all__ = ["Form", "Name", "normalise", "plain", "without_marks"]


class Form(StrEnum):
    """The legal form as far as names tell it."""

    NONE = ""
    COMPANY = "公司"
    LIMITED = "有限公司"
    LIABILITY = "有限责任公司"
    SHARES = "股份公司"
    PARTNERS = "合伙企业"


@dataclass(frozen=True, slots=True)
class Name:
    """``plain`` is the folded name, ``head`` what precedes the legal form, ``tail`` what follows it (a branch)."""

    plain: str
    head: str
    tail: str
    form: Form

    @property
    def stem(self) -> str:
        """The name without its legal form."""
        return self.head + self.tail


class _Folding(dict[int, str]):
    """Each character to its half-width simplified small form; blanks and punctuation to nothing."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        kept = "".join(SIMPLIFIED.get(one, one) for one in folded if one.isalnum() or one in "*&+")
        self[code] = kept
        return kept


_FOLDING = _Folding()
_FORMERLY = re.compile(r"(?<=.)[(（]\s*(?:原名?|曾用名|更名前)[^()（）]{4,}(?:公司|集团|厂)\s*[)）]\s*$")
_FORM = re.compile(r"[有限责任股份]*公司|(?:合伙企业)?(?:有限合伙|普通合伙|特殊普通合伙)|合伙企业|[有限责任股份]{2,}$")


def plain(text: str) -> str:
    """The name in half width, small letters and simplified characters, without blanks and punctuation.

    >>> plain("安徽 宁申船務（集团）有限公司")
    '安徽宁申船务集团有限公司'
    """
    return text.translate(_FOLDING)


def normalise(text: str) -> Name:
    """Take a name apart. Raises nothing; an empty text gives an empty name.

    >>> normalise("合肥飞狐网络有限公司第一分公司")
    Name(plain='合肥飞狐网络有限公司第一分公司', head='合肥飞狐网络', tail='第一分', form=<Form.LIMITED: '有限公司'>)
    """
    folded = plain(_FORMERLY.sub("", text))
    found = _FORM.search(folded, 2)
    if found is None:
        return Name(folded, folded, "", Form.NONE)
    words = found[0]
    start = found.start() + (folded[found.start() - 1] in "控持" and words.startswith("股"))
    words = folded[start : found.end()]
    head, tail = folded[:start], folded[found.end() :].removesuffix("公司")
    if words.endswith("合伙企业") or "合伙" in words:
        form = Form.PARTNERS
    elif "股" in words or "份" in words:
        form = Form.SHARES
    elif "责" in words or "任" in words:
        form = Form.LIABILITY
    elif "有" in words or "限" in words:
        form = Form.LIMITED
    else:
        form = Form.COMPANY
        if head[-1:] in "分支子" and not tail:  # 第三分公司 of a body that is no company
            return Name(folded, folded, "", Form.NONE)
    return Name(folded, head, tail, form)


def without_marks(folded: str) -> str:
    """A short name without what an exchange adds to it.

    >>> without_marks("*st中绒")
    '中绒'
    """
    bare = MARKET_MARK.sub("", folded)
    bare = MARKET_MARK.sub("", bare)
    return bare.replace("*", "") if len(bare) >= 2 else folded.replace("*", "")
