"""Contacts as people type them: 张三 13800000000, 财务 李四（13900000000）, or with telephone and mail in columns of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["PEOPLE", "WHO", "is_role", "people", "person_part_of"]

WHO = "contacts"
PEOPLE = {
    f"{WHO}.phone": (
        *("联系电话", "联系人电话", "联系人手机", "联系人手机号", "电话", "手机", "手机号", "手机号码", "电话号码"),
        *("移动电话", "固定电话", "办公电话", "联系方式", "联系人联系方式", "phone", "mobile", "telephone"),
    ),
    f"{WHO}.email": ("邮箱", "电子邮箱", "联系邮箱", "邮箱地址", "电子邮件", "联系人邮箱", "email", "e-mail"),
    f"{WHO}.role": ("职务", "联系人职务", "岗位", "职位"),
}
"""Target of a column → how lists head it; taken only where another column names the person."""
_ROLE = "联系人"
_ROLES = re.compile(
    r"\S*(?:联系人|联络员|经理|总监|主任|董事长?|董秘|总裁|厂长|所长|院长|书记|主管|部长|专员|助理|秘书|会计|出纳|财务|人事|行政|法务|销售|技术|负责人|CEO|CFO|CTO|HR)\d*",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\dA-Za-z])(?:\+?86[- ]?)?(?:1[3-9]\d(?:[- ]?\d{4}){2}|(?:0\d{2,3}[- ]?)?[2-9]\d{6,7}(?:[-转]\d{1,5})?)(?!\d)"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_BETWEEN = re.compile(r"[;；/、,，\n\r]+")
_WORDS = re.compile(r"[\s:：()（）\[\]【】|]+")
_CALLED = re.compile(r"(?:联系)?(?:电话|手机号?|邮箱)$")


def person_part_of(header: str) -> str:
    """The target that a plain header means; empty for none."""
    return next((target for target, names in PEOPLE.items() if header in names), "")


def is_role(words: str) -> bool:
    """Does this name an office, not a person?"""
    return bool(_ROLES.fullmatch(words))


def people(text: str, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The contacts of a row: those of its cell, and what the columns beside it (target → cell) say of them in the same order.

    >>> people("张三 13800000000", {})
    [{'type': '联系人', 'name': '张三', 'phone': '13800000000'}]
    """
    told = list(_each(text))
    for target, cell in said.items():
        part, plain = target.rpartition(".")[2], unicodedata.normalize("NFKC", cell).strip()
        found = _PHONE.findall(plain) if part == "phone" else []
        several = (
            found if len(found) > 1 and len(found) == len(told) else [one.strip() for one in _BETWEEN.split(plain)]
        )
        several = several if len(several) == len(told) else [plain]
        for at, one in enumerate(several):
            if at == len(told):
                told.append({})
            key = "type" if part == "role" else part
            told[at][key] = " ".join(dict.fromkeys(filter(None, (told[at].get(key), one))))
    return _numbered(told)


def _each(text: str) -> Iterator[dict[str, str]]:
    """Persons with what stands beside them; a number alone is of the person before it."""
    held: dict[str, str] = {}
    for piece in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        one = _one(piece)
        if held and "name" in held and "name" in one:
            yield held
            held = {}
        for key, value in one.items():
            held[key] = f"{held[key]} {value}" if key in held else value
    if held:
        yield held


def _one(piece: str) -> dict[str, str]:
    found = {"phone": " ".join(_PHONE.findall(piece)), "email": " ".join(_MAIL.findall(piece))}
    rest = _WORDS.split(_MAIL.sub(" ", _PHONE.sub(" ", piece)))
    words = [word for word in (_CALLED.sub("", one) for one in rest) if word]
    roles = [word for word in words if is_role(word)]
    names = [word for word in words if word not in roles]
    told = {"type": " ".join(roles), "name": " ".join(names), **found}
    return {key: value for key, value in told.items() if value}


def _numbered(told: list[dict[str, str]]) -> list[dict[str, Any]]:
    """One entry a role: the second of a role is its second."""
    times: dict[str, int] = {}
    entries = []
    for one in told:
        role = one.pop("type", "") or _ROLE
        times[role] = times.get(role, 0) + 1
        entries.append({"type": role if times[role] == 1 else f"{role}{times[role]}", **one})
    return entries
