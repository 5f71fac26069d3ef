"""Personal data in a file: known by the vocabulary, by the header, or by what the cells hold; dropped, masked or kept."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gangshen.apps.registers.services._vocabulary import vocabulary
from gangshen.engines.formats import Table
from gangshen.engines.vocabulary import Access, Attribute

from ._people import PEOPLE, is_role

if TYPE_CHECKING:
    from ._mapping import Column

__all__ = ["MODES", "guard", "mask", "mask_value"]

MODES = ("drop", "mask", "keep")
_HEADER = re.compile(
    r"联系人|联系电话|联系方式|手机|电话|邮箱|电子邮件|身份证|证件号|法定代表人|法人代表|负责人|经办人|姓名|家庭住址|出生|性别|民族"
    r"|mobile|phone|e-?mail|contact",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IDENTITY = re.compile(r"[1-9]\d{5}((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}[\dXx]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PIECES = re.compile(r"\d[\d -]{5,}\d|[\u4e00-\u9fff]+")
_LOOKED, _SHARE = 200, 0.5


def guard(column: Column, attribute: Attribute | None, table: Table, mode: str) -> Column:
    """The column with what becomes of it when it holds personal data: its sample is never shown in clear."""
    of_person = column.target in PEOPLE or (
        attribute is not None and vocabulary().access(attribute.id) is Access.PERSONAL
    )
    if of_person:
        return replace(column, personal=mode, sample=_masked_sample(column.sample))
    if attribute is None and not column.target and (_HEADER.search(column.header) or _looks_personal(column, table)):
        return replace(column, personal="drop", sample=_masked_sample(column.sample))
    return column


def _looks_personal(column: Column, table: Table) -> bool:
    cells = [cell for row in table.rows[:_LOOKED] if (cell := row.cells[column.header])]
    hits = sum(1 for cell in cells if _is_personal(unicodedata.normalize("NFKC", cell).replace(" ", "")))
    return hits > 0 and hits >= len(cells) * _SHARE


def _is_personal(text: str) -> bool:
    if found := _IDENTITY.fullmatch(text):
        try:
            dt.datetime.strptime(found[1], "%Y%m%d")  # noqa: DTZ007
        except ValueError:
            return False
        return True
    return bool(_MOBILE.fullmatch(text) or _MAIL.fullmatch(text))


def _masked_sample(sample: str) -> str:
    return "、".join(mask(part) for part in sample.split("、"))


def mask(text: str) -> str:
    """``13812345678`` → ``138****5678``; ``王小明`` → ``王**``; nothing that could be called or written to stays."""
    text = text.strip()
    if "@" in text:
        return f"{text[:1]}***@{text.partition('@')[2]}"
    digits = sum(letter.isdigit() for letter in text)
    if digits >= 7 and _HAN.search(text):  # 张三 13800000000: each by itself
        return _PIECES.sub(lambda found: mask(found[0]), text)
    if digits >= 7:
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 9 else "*" * len(text)
    return text[:1] + "*" * max(1, min(len(text) - 1, 5)) if text else ""


def mask_value(value: Any) -> Any:
    """The value of a personal attribute as it may be kept when masked: each entry of a list in all its words."""
    if isinstance(value, list):
        return [
            {
                key: mask(item) if isinstance(item, str) and key != "level" and not is_role(item) else item
                for key, item in entry.items()
            }
            for entry in value
        ]
    return mask(value) if isinstance(value, str) else value
