"""What is asked of a list: parameters read into conditions, each fault named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from gangshen.web.errors import Refused
from gangshen.web.formatting import label, number

from ._declare import RESERVED, Actor, Filter, Listing

__all__ = ["Condition", "ListingError", "Query", "read"]

LARGEST_PAGE = 500


class ListingError(Refused):
    """A parameter of a list that can't be read."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter with its value: strings for a choice, (min, max) for a range or date, True or False, or a text."""

    filter: Filter
    value: Any
    choices: Sequence[tuple[str, Any]] = ()

    @property
    def words(self) -> str:
        """The condition as it reads in the sentence."""
        kind, value = self.filter.kind, self.value
        unit = label(self.filter.unit)
        if kind == "choice":
            names = {key: label(name) for key, name in self.choices}
            return _(" or ").join(names.get(one) or label(self.filter.named(one)) for one in value)
        if kind == "bool":
            return _("yes") if value else _("no")
        if kind == "text":
            return f"“{value}”"
        low, high = (_shown(bound, self.filter.scale) for bound in value)
        if low and high:
            return f"{low}–{high}{unit}"
        text = _("at least %(bound)s") % {"bound": low} if low else _("at most %(bound)s") % {"bound": high}
        return f"{text}{unit}"


@dataclass(slots=True)
class Query:
    """Everything that was asked, and what of it could not be read."""

    text: str = ""
    conditions: list[Condition] = field(default_factory=list)
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = 50
    unknown: bool = False  # are rows whose value is not known kept?
    faults: list[str] = field(default_factory=list)


def read(listing: Listing, actor: Actor, params: Mapping[str, Any] | QueryDict, *, strict: bool = False) -> Query:
    """Read ``params`` for ``listing``. With ``strict`` a fault raises :class:`ListingError`, else it is left out and noted."""
    given = _lists(params)
    query = Query(size=listing.page_size)
    query.text = "".join(given.pop("q", [])[-1:]).strip()
    query.unknown = given.pop("unknown", ["0"])[-1] in ("1", "true", "yes")
    given.pop("view", None)
    query.page = _whole(query, "page", given.pop("page", ["1"])[-1], 1, 10**6)
    query.size = _whole(query, "size", given.pop("size", [str(listing.page_size)])[-1], listing.page_size, LARGEST_PAGE)
    _order(query, listing, actor, given.pop("sort", [listing.default_sort])[-1])
    filters = {one.id: one for one in listing.filters_for(actor)}
    for one in filters.values():
        values = given.pop(one.id, [])
        bounds = [given.pop(f"{one.id}.{end}", [""])[-1].strip() for end in ("min", "max")]
        condition = _condition(query, one, [value for value in values if value != ""], bounds, actor)
        if condition is not None:
            query.conditions.append(condition)
    for name in given:
        known = sorted(filters) + sorted(RESERVED)
        query.faults.append(
            _("%(list)s: no parameter “%(name)s”; there are %(known)s.")
            % {"list": listing.key, "name": name, "known": ", ".join(known)}
        )
    if strict and query.faults:
        raise ListingError(" ".join(query.faults))
    return query


def _lists(params: Mapping[str, Any] | QueryDict) -> dict[str, list[str]]:
    if isinstance(params, QueryDict):
        return {name: list(values) for name, values in params.lists()}
    many = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in params.items()}
    return {name: [str(value) for value in values] for name, values in many.items()}


def _whole(query: Query, name: str, text: str, default: int, most: int) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= most:
        return int(text)
    words = {"name": name, "text": text, "most": most}
    query.faults.append(_("%(name)s: %(text)s is not a whole number from 1 to %(most)s.") % words)
    return default


def _order(query: Query, listing: Listing, actor: Actor, asked: str) -> None:
    name = asked.removeprefix("-")
    sortable = {column.id for column in listing.columns_for(actor) if column.sort_field()}
    if name and name not in sortable:
        query.faults.append(
            _("sort: no column “%(name)s” to sort by; there are %(known)s.")
            % {"name": name, "known": ", ".join(sorted(sortable))}
        )
        asked = listing.default_sort
        name = asked.removeprefix("-")
    query.sort, query.descending = name, asked.startswith("-")


def _condition(query: Query, one: Filter, values: list[str], bounds: list[str], actor: Actor) -> Condition | None:
    if one.kind in ("range", "date"):
        if not any(bounds):
            return None
        parse = _date if one.kind == "date" else _number
        try:
            low, high = (parse(text, one.scale) if text else None for text in bounds)
        except ValueError as error:
            query.faults.append(f"{label(one.label)}: {error}")
            return None
        return Condition(one, (low, high))
    if not values:
        return None
    if one.kind == "text":
        return Condition(one, values[-1].strip()) if values[-1].strip() else None
    if one.kind == "bool":
        if values[-1] in ("yes", "no", "true", "false", "1", "0"):
            return Condition(one, values[-1] in ("yes", "true", "1"))
        query.faults.append(_("%(name)s: %(text)s is neither yes nor no.") % {"name": one.id, "text": values[-1]})
        return None
    choices = choices_of(one, actor)
    known = {key for key, _label in choices}
    wrong = [value for value in values if known and value not in known]
    if wrong:
        query.faults.append(
            _("%(name)s: there is no “%(text)s”; choose among %(known)s.")
            % {"name": one.id, "text": "”, “".join(wrong), "known": ", ".join(sorted(known)[:20])}
        )
    kept = tuple(value for value in values if value not in wrong)
    return Condition(one, kept, choices) if kept else None


def choices_of(one: Filter, actor: Actor) -> Sequence[tuple[str, Any]]:
    """The choices of a filter for ``actor``; empty when they are left to the source."""
    if callable(one.choices):
        return one.choices(actor)
    return one.choices or ()


def _number(text: str, scale: int) -> Any:
    try:
        value = Decimal(text.replace(",", "").replace("，", "")) * scale
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text}) from None
    if not value.is_finite():
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text})
    return int(value) if value == value.to_integral_value() else float(value)


def _date(text: str, _scale: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s” is not a date; write it as 2026-11-20.") % {"text": text}) from None


def _shown(bound: Any, scale: int) -> str:
    if bound is None:
        return ""
    return bound.isoformat() if isinstance(bound, date) else number(Decimal(str(bound)) / scale)


def words_of(conditions: Iterable[Condition]) -> str:
    """All conditions in one line, for the head of an export."""
    return _("; ").join(f"{label(one.filter.label)} {one.words}" for one in conditions)
