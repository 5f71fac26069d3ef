"""The money of an amount, where a column beside it says which: 币种."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gangshen.engines.formats import Row, Text
from gangshen.engines.vocabulary import Attribute, AttributeType, is_blank

from ._mapping import Column

__all__ = ["Currencies"]

_YUAN = re.compile(r"(?:人民币|RMB|CNY|¥|156|元|\(|\)|\s)+", re.IGNORECASE)
_NAMED = re.compile(r"人民币|RMB|CNY|¥", re.IGNORECASE)
_WORD = re.compile(r"币种|币别|货币(?:种类)?|[(（)）]")


class Currencies:
    """Which column says the money of which amounts: the one that its header names, else the nearest, to the left first."""

    def __init__(self, columns: Sequence[Column], cells: Sequence[tuple[Column, Attribute]]) -> None:
        order = {column.header: at for at, column in enumerate(columns)}
        amounts = [column.header for column, attribute in cells if attribute.type is AttributeType.MONEY]
        self.said_by: dict[str, list[str]] = {}
        for column in columns:
            if column.target == "currency" and amounts:
                at, stem = order[column.header], _WORD.sub("", column.header)
                named = [header for header in amounts if stem and stem in header]
                nearest = min(amounts, key=lambda header: (abs(order[header] - at), order[header] > at))
                for header in named or [nearest]:
                    self.said_by.setdefault(header, []).append(column.header)

    def fault(self, header: str, text: str, row: Row) -> Text | None:
        """Why the amount ``text`` under ``header`` is not in yuan; None when it is, or nothing else is said."""
        if is_blank(text) or _NAMED.search(unicodedata.normalize("NFKC", text)):
            return None
        for beside in self.said_by.get(header, ()):
            said = unicodedata.normalize("NFKC", row.cells[beside] or "")
            if not is_blank(said) and not _YUAN.fullmatch(said):
                zh = f"{beside}写的是“{said}”，“{text}”不是人民币（按有据可查的汇率折成人民币，币种写人民币）"
                en = f"{beside} says {said!r}, so {text!r} is not yuan (convert it at a rate that is on record, and say 人民币)"
                return Text(zh=zh, en=en)
        return None
