"""Units that running text gives a task to, without a bracket or a label: 由区经委牵头，区科委配合."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ._units_named import Named, duty_units, is_office
from ._view import Paragraph, sentences

__all__ = ["said_units"]

_DUTY = r"(?:共同|联合)?牵头|(?:会同|商)[\u4e00-\u9fff、（）]{3,60}?(?:牵头|负责|组织实施)"
_GIVEN = re.compile(rf"(?:^|(?<=[。；，]))(?P<by>由)?(?P<names>[\u4e00-\u9fff、（）]{{3,60}}?)(?={_DUTY})")


def said_units(para: Paragraph) -> list[Named]:
    """Units of the sentences that give the task to offices; 由龙头企业牵头 and 由专家负责 name none.

    Every unit of a sentence must be an office of a government or its body, for prose names many things that end like one;
    and somebody must lead, for 甲局负责这个，乙局负责那个 tells shares, not who has the task.
    """
    return [unit for start, end in sentences(para.text, "。；") for unit in _sentence(para, start, end)]


def _sentence(para: Paragraph, start: int, end: int) -> Iterator[Named]:
    for hit in _GIVEN.finditer(para.text, start, end):
        units, _after = duty_units(para, hit.start("names"), end, hit.end("names"))
        if units and all(is_office(unit.name) for unit in units):
            yield from units
            return
