"""The data dictionary in use: the built-in one with the zone's own files merged over it."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from gangshen.engines.formats import FormatError, Problem, Text, load_yaml

from ._expression import Expression, ExpressionError
from ._model import (
    Access,
    Attribute,
    AttributeType,
    CertificateType,
    EntityKind,
    ScaleEdition,
    SizeEdition,
    VocabularyFile,
)
from ._sizes import scale_floor, size_class, size_class_column
from ._values import CellError, list_row, parse_value, write_value

__all__ = ["UnknownAttribute", "Vocabulary"]

_NOISE = re.compile(r"[\s“”\"'‘’《》·、，,:：]|[(（\[【][^()（）\[\]【】]*[)）\]】]")
_QUALIFIERS = re.compile(
    r"^(?:企业|公司|单位|申报|申请|上一?年度?|上一?会计年度|本年度?|当年度?|年度|近一年|最近一年|年末|期末|的|其|累计|实际|实现|拥有|是否属于|是否为?)+"
)
_TYPES: dict[AttributeType, type | tuple[type, ...]] = {
    AttributeType.BOOL: bool,
    AttributeType.COUNT: int,
    AttributeType.MONEY: int,
    AttributeType.NUMBER: (int, float),
    AttributeType.PERCENT: (int, float),
    AttributeType.DATE: dt.date,
}


class UnknownAttribute(KeyError):
    """No attribute has this id; the message names the nearest ones."""

    def __init__(self, id: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(id, list(known), 3)
        self.id = id
        self.message = Text(
            zh=f"词汇中没有“{id}”" + (f"（是否为 {'、'.join(near)}？）" if near else "（改正或加入词汇）"),
            en=f"no attribute {id!r}" + (f" (did you mean {', '.join(near)}?)" if near else " (correct it or add it)"),
        )
        super().__init__(self.message.en)

    def __str__(self) -> str:
        return self.message.in_language("en")


def _plain(words: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", words)).lower()


class Vocabulary:
    """Attributes, certificate types, entity kinds and dated tables, by id. Immutable; :meth:`merge` gives a new one."""

    def __init__(self, files: Sequence[VocabularyFile]) -> None:
        """Later files win by id. Raises :class:`FormatError` when a derived attribute cannot be worked out."""
        self.kinds: dict[str, EntityKind] = {kind.id: kind for file in files for kind in file.kinds}
        self.attributes: dict[str, Attribute] = {item.id: item for file in files for item in file.attributes}
        self.certificates: dict[str, CertificateType] = {c.type.zh: c for file in files for c in file.certificates}
        self.sizes: tuple[SizeEdition, ...] = tuple(edition for file in files for edition in file.sizes)
        self.scales: tuple[ScaleEdition, ...] = tuple(edition for file in files for edition in file.scales)
        self.names: dict[str, str] = {name.zh: name.en for file in files for name in file.names}
        self._files = tuple(files)
        self._expressions: dict[str, Expression] = {}
        problems = self._read_expressions()
        if problems:
            raise FormatError(problems)
        self._words = self._index()
        self._titles = {
            _plain(words): title.type.zh
            for title in self.certificates.values()
            for words in (*title.synonyms, title.type.en or title.type.zh, title.type.zh)
        }

    @classmethod
    @functools.cache
    def load_builtin(cls) -> Vocabulary:
        """The dictionary that comes with the software."""
        folder = files("gangshen.engines.vocabulary") / "data"
        parts = sorted((part for part in folder.iterdir() if part.name.endswith(".yaml")), key=lambda part: part.name)
        return cls([load_yaml(part.read_bytes(), VocabularyFile, name=part.name) for part in parts])

    def merge(self, *more: VocabularyFile | Path) -> Vocabulary:
        """This vocabulary with a zone's files over it (a later entry of the same id replaces the earlier)."""
        loaded = [load_yaml(part, VocabularyFile) if isinstance(part, Path) else part for part in more]
        return Vocabulary([*self._files, *loaded])

    def _read_expressions(self) -> list[Problem]:
        problems = []
        for item in self.attributes.values():
            if item.expression is None:
                continue
            try:
                self._expressions[item.id] = read = Expression.parse(item.expression)
                for name in read.inputs:
                    if self.get(name).expression is not None:
                        raise ExpressionError(f"{name} is itself derived (write it out)")
            except (ExpressionError, UnknownAttribute) as error:
                words = getattr(error, "message", None) or Text(zh=f"表达式有误：{error}", en=str(error))
                problems.append(Problem("vocabulary", None, f"{item.id}.expression", words))
        return problems

    def _index(self) -> dict[str, str | None]:
        """Plain words → id; None where two attributes claim them and neither is walled off."""
        index: dict[str, str | None] = {}
        for item in self.attributes.values():
            own = {_plain(words) for words in (item.id, item.label.zh, item.label.en or item.id)}
            for words in own | {_plain(words) for words in item.synonyms}:
                held = index.get(words, item.id)
                if held is not None and held != item.id:
                    walled = [i for i in (held, item.id) if self.access(i) is not Access.STATISTICS]
                    index[words] = walled[0] if len(walled) == 1 else None
                else:
                    index[words] = held
        return index

    def __contains__(self, id: object) -> bool:
        return id in self.attributes

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes.values())

    def __len__(self) -> int:
        return len(self.attributes)

    def get(self, id: str) -> Attribute:
        """The attribute; raises :class:`UnknownAttribute`."""
        try:
            return self.attributes[id]
        except KeyError:
            raise UnknownAttribute(id, self.attributes) from None

    def link(self, words: str) -> Attribute | None:
        """The attribute that a text, header or form calls so, by id, label or synonym; None rather than a guess."""
        plain = _plain(words)
        id = self._words.get(plain) or self._words.get(_QUALIFIERS.sub("", plain))
        return self.attributes[id] if id else None

    def certificate(self, words: str) -> CertificateType | None:
        """The certificate type called so (高企 → 高新技术企业)."""
        name = self._titles.get(_plain(words))
        return self.certificates[name] if name else None

    def access(self, id: str) -> Access:
        """Who may see it: the strictest of its own class and, when derived, its inputs'."""
        item = self.get(id)
        read = self._expressions.get(id)
        return max([item.access, *(self.access(name) for name in (read.inputs if read else ()))], key=_strictness)

    def expression(self, id: str) -> Expression | None:
        return self._expressions.get(id)

    def inputs(self, id: str) -> tuple[str, ...]:
        """The attributes a derived one is worked out from; none for others."""
        read = self._expressions.get(id)
        return read.inputs if read else ()

    def parse(self, attribute: Attribute | str, text: str | None, unit: str | None = None) -> Any:
        """The value a cell states; None when empty; raises :class:`CellError` with the remedy."""
        item = self.get(attribute) if isinstance(attribute, str) else attribute
        return parse_value(item, text, unit, self._canonical(item))

    def write(self, attribute: Attribute | str, value: Any) -> str:
        """The cell from which :meth:`parse` reads the value back."""
        return write_value(self.get(attribute) if isinstance(attribute, str) else attribute, value)

    def canon(self, attribute: Attribute | str, value: Any, unit: str | None = None) -> Any:
        """A value from a file or form, typed or as text, in the canonical form; raises :class:`CellError`."""
        item = self.get(attribute) if isinstance(attribute, str) else attribute
        if item.type is AttributeType.LIST and isinstance(value, list | tuple):
            return [list_row(item, row, self._canonical(item)) for row in value]
        if isinstance(value, bool) and item.type is not AttributeType.BOOL:
            raise CellError(f"{item.label.zh}不是是否值", f"{item.id} takes no true or false (write its value)")
        if isinstance(value, str | int | float | bool):
            return parse_value(
                item, "是" if value is True else "否" if value is False else str(value), unit, self._canonical(item)
            )
        fault = self.validate(item, value)
        if fault is not None:
            raise CellError(fault.zh, fault.in_language("en"))
        return value

    def validate(self, attribute: Attribute | str, value: Any) -> Text | None:
        """What is wrong with a canonical value, or None."""
        item = self.get(attribute) if isinstance(attribute, str) else attribute
        if value is None:
            return None
        if item.type is AttributeType.LIST:
            try:
                if not isinstance(value, list | tuple):
                    raise CellError("应为列表", "must be a list of rows")
                for row in value:
                    list_row(item, row, self._canonical(item))
            except CellError as error:
                return error.message
            return None
        expected = _TYPES.get(item.type, str)
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            en = f"{value!r} is no {item.type.value} (write {item.type.value})"
            return Text(zh=f"{value!r} 不是{item.label.zh}的值", en=en)
        if item.type is AttributeType.ENUM and item.options and value not in [option.zh for option in item.options]:
            listed = "、".join(option.zh for option in item.options)
            return Text(zh=f"“{value}”不在选项内（{listed}）", en=f"{value!r} is not among the options (use {listed})")
        return None

    def _canonical(self, item: Attribute) -> Any:
        if item.id != "certificates":
            return lambda words: words.strip()

        def title(words: str) -> str | None:
            found = self.certificate(words)
            return found.type.zh if found else None

        return title

    def derive(self, id: str, values: Mapping[str, Any], as_of: dt.date) -> Any:
        """A derived attribute of one subject from its inputs' values; None when it cannot be known."""
        read = self._expressions[id]
        if read.function == "size_class":
            return size_class(self.sizes, as_of, *(values.get(name) for name in read.inputs))
        worked = read.value(values)
        whole = self.get(id).type in (AttributeType.MONEY, AttributeType.COUNT)
        return round(worked) if worked is not None and whole else worked

    def derived_column(self, id: str, as_of: dt.date) -> pl.Expr:
        """The same for every row of a frame that has the inputs' columns."""
        read = self._expressions[id]
        if read.function == "size_class":
            return size_class_column(self.sizes, as_of, read.inputs)
        worked = read.column()
        whole = self.get(id).type in (AttributeType.MONEY, AttributeType.COUNT)
        return worked.round(0).cast(pl.Int64) if whole else worked

    def with_derived(self, frame: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
        """``frame`` with every derived column it has the inputs of; a value already there is kept."""
        for id, read in self._expressions.items():
            if set(read.inputs) <= set(frame.columns):
                worked = self.derived_column(id, as_of)
                kept = pl.coalesce(pl.col(id), worked) if id in frame.columns else worked
                frame = frame.with_columns(kept.alias(id))
        return frame

    def scale_floor(self, industry: str, as_of: dt.date) -> int | None:
        """The main revenue (fen) from which the statistics directory takes units of this GB/T 4754 code."""
        return scale_floor(self.scales, as_of, industry)


def _strictness(access: Access) -> int:
    return access.strictness
