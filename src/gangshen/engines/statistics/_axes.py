"""What a count can be split by: each axis puts a firm into a class, into several (segments), or into none (unknown)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from gangshen.engines.formats import Text
from gangshen.engines.vocabulary import Vocabulary, divisions_of, town_column

__all__ = ["AXES", "UNKNOWN_CLASS", "Axis", "axes_of", "class_label", "classes"]

UNKNOWN_CLASS = ""
"""The class of firms of which the register does not know the class; it has its own row and is never a zero."""


@dataclass(frozen=True, slots=True)
class Axis:
    """``overlapping``: a firm may stand in several classes, which then do not add up to the total."""

    key: str
    label: Text
    attribute: str
    overlapping: bool = False


AXES: dict[str, Axis] = {
    one.key: one
    for one in (
        Axis("town", Text(zh="街镇", en="town"), "registered_division"),
        Axis("park", Text(zh="园区", en="park"), "park"),
        Axis("segment", Text(zh="产业链环节", en="chain segment"), "chain_nodes", overlapping=True),
        Axis("size", Text(zh="规模（大中小微）", en="size"), "size_class"),
        Axis("founded", Text(zh="成立年份", en="year founded"), "registered_on"),
        Axis("section", Text(zh="行业门类", en="industry section"), "industry_registered"),
        Axis("division", Text(zh="行业大类", en="industry division"), "industry_registered"),
        Axis("group", Text(zh="行业中类", en="industry group"), "industry_registered"),
        Axis("above_scale", Text(zh="规上", en="above scale"), "above_scale"),
        Axis("ownership", Text(zh="登记注册统计类别", en="ownership"), "ownership"),
    )
}
_SECTIONS = {  # GB/T 4754-2017
    "A": Text(zh="农、林、牧、渔业", en="Agriculture, forestry, fishery"),
    "B": Text(zh="采矿业", en="Mining"),
    "C": Text(zh="制造业", en="Manufacturing"),
    "D": Text(zh="电力、热力、燃气及水生产和供应业", en="Electricity, heat, gas, water"),
    "E": Text(zh="建筑业", en="Construction"),
    "F": Text(zh="批发和零售业", en="Wholesale and retail"),
    "G": Text(zh="交通运输、仓储和邮政业", en="Transport, storage, post"),
    "H": Text(zh="住宿和餐饮业", en="Hotels and catering"),
    "I": Text(zh="信息传输、软件和信息技术服务业", en="Information and software"),
    "J": Text(zh="金融业", en="Finance"),
    "K": Text(zh="房地产业", en="Property"),
    "L": Text(zh="租赁和商务服务业", en="Leasing and business services"),
    "M": Text(zh="科学研究和技术服务业", en="Research and technical services"),
    "N": Text(zh="水利、环境和公共设施管理业", en="Water, environment, public facilities"),
    "O": Text(zh="居民服务、修理和其他服务业", en="Household services and repair"),
    "P": Text(zh="教育", en="Education"),
    "Q": Text(zh="卫生和社会工作", en="Health and social work"),
    "R": Text(zh="文化、体育和娱乐业", en="Culture, sport, entertainment"),
    "S": Text(zh="公共管理、社会保障和社会组织", en="Public administration"),
    "T": Text(zh="国际组织", en="International organisations"),
}
_SECTION_OF = {division: section for section in _SECTIONS for division in divisions_of(section)}


def axes_of(said: str) -> tuple[str, ...]:
    """``town,size`` → ("town", "size")."""
    return tuple(part.strip() for part in said.replace("，", ",").replace("×", ",").split(",") if part.strip())


def classes(axis: str, frame: pl.DataFrame, keep: list[bool]) -> pl.Series:
    """The classes of each row of a snapshot as a list; what is not known, or out of date, is in the unknown class."""
    known = AXES[axis].attribute
    if known not in frame.columns or frame[known].dtype == pl.Null:
        return pl.Series(axis, [[UNKNOWN_CLASS]] * len(keep))
    column = pl.col(known)
    code = column.cast(pl.String).str.replace(r"^[A-T]", "") if axis in ("section", "division", "group") else column
    if axis == "segment":
        types = column.list.eval(pl.element().struct.field("type")).list.drop_nulls().list.unique().list.sort()
        made = pl.when(types.list.len() > 0).then(types).otherwise(None)
        return frame.select(made.fill_null([UNKNOWN_CLASS]).alias(axis)).to_series()
    given = {
        "town": town_column(column),
        "founded": column.dt.year().cast(pl.String) if axis == "founded" else column,
        "section": code.str.slice(0, 2).replace_strict(_SECTION_OF, default=None, return_dtype=pl.String)
        if axis == "section"
        else column,
        "division": pl.when(code.str.len_chars() >= 2).then(code.str.slice(0, 2)) if axis == "division" else column,
        "group": pl.when(code.str.len_chars() >= 3).then(code.str.slice(0, 3)) if axis == "group" else column,
        "above_scale": pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no"))
        if axis == "above_scale"
        else column,
    }.get(axis, column)
    stale = f"{known}__stale"
    if stale in frame.columns:
        given = pl.when(pl.col(stale).fill_null(value=False)).then(None).otherwise(given)
    return frame.select(pl.concat_list(given.cast(pl.String).fill_null(UNKNOWN_CLASS)).alias(axis)).to_series()


def class_label(axis: str, value: str, words: Vocabulary, names: Mapping[str, str] | None = None) -> Text:
    """A class as people read it; ``names`` are English names of places and segments beside those of ``words``."""
    if value == UNKNOWN_CLASS:
        return Text(zh="未知", en="Unknown")
    if axis == "section":
        return _SECTIONS[value]
    if axis == "above_scale":
        return Text(zh="规上", en="Above scale") if value == "yes" else Text(zh="非规上", en="Below scale")
    options = words.get(AXES[axis].attribute).options if AXES[axis].attribute in words else ()
    return next(
        (one for one in options if one.zh == value), Text(zh=value, en=(names or words.names).get(value, value))
    )
