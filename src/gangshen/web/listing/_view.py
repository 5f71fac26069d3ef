"""A result made ready for the template: words of the sentence, heads with their sort links, rendered cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gangshen.web.formatting import label, number

from . import _cells
from ._declare import SAVED, Column, Filter, Row, Saved, SavedViews
from ._query import Condition
from ._result import Result, filter_choices

SHORT = 8  # signs of a cell that stays on one line

__all__ = ["ListView", "view_of"]


@dataclass(frozen=True, slots=True)
class Word:
    """One condition of the sentence and the control it opens."""

    filter: Filter
    condition: Condition | None
    choices: tuple[tuple[str, str, bool], ...] = ()  # value, label, chosen
    low: str = ""
    high: str = ""
    without: str = ""  # address without this condition
    first_idle: bool = False  # the first that could still be added

    @property
    def said(self) -> str:
        name = label(self.filter.label)
        return f"{name} {self.condition.words}" if self.condition else name


@dataclass(frozen=True, slots=True)
class Head:
    words: str
    right: bool
    url: str = ""
    order: str = ""  # ascending, descending


@dataclass(frozen=True, slots=True)
class Cell:
    html: SafeString
    classes: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    id: Any
    cells: list[Cell]
    group: tuple[str, Any, Any] | None
    on: bool


@dataclass(slots=True)
class ListView:
    """What ``listing/part.html`` draws."""

    result: Result
    path: str
    params: QueryDict
    base: str = ""  # address of exports, without suffix
    words: list[Word] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)

    @property
    def listing(self) -> Any:
        return self.result.listing

    @property
    def actions(self) -> list[Any]:
        return [one for one in self.listing.actions if one.allowed(self.result.actor)]

    @property
    def exportable(self) -> bool:
        return self.result.exportable

    @property
    def span(self) -> int:
        return len(self.heads) + bool(self.actions)

    @property
    def idle(self) -> bool:
        """Is nothing asked for at all?"""
        return not (self.result.query.conditions or self.result.query.text)

    @property
    def answer(self) -> Any:
        """The sentence over the list."""
        if self.listing.answer:
            return self.listing.answer(self.result)
        return _("%(n)s %(noun)s") % {"n": number(self.result.total), "noun": label(self.listing.noun) or _("rows")}

    def url(self, **changes: Any) -> str:
        """This address with some parameters changed; None removes one."""
        return _changed(self.path, self.params, changes)

    def export(self, suffix: str) -> str:
        return _changed(f"{self.base}.{suffix}", self.params, {"page": None, "size": None})

    @property
    def excel_url(self) -> str:
        return self.export("xlsx")

    @property
    def csv_url(self) -> str:
        return self.export("csv")

    @property
    def all_url(self) -> str:
        """With the rows whose value is unknown."""
        return self.url(unknown=1, page=None)

    @property
    def known_url(self) -> str:
        return self.url(unknown=None, page=None)

    @property
    def previous_url(self) -> str:
        return self.url(page=self.result.query.page - 1) if self.result.query.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(page=self.result.query.page + 1) if self.result.query.page < self.result.pages else ""

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """Address, label and whether it is open, of each view: those of the list itself, then those people keep."""
        asked = self.params.get("view", "")
        found = []
        for one in self.listing.views:
            params = QueryDict(mutable=True)
            for name, value in one.params.items():
                params.setlist(name, [str(each) for each in (value if isinstance(value, (list, tuple)) else [value])])
            params["view"] = one.id
            found.append((f"{self.path}?{params.urlencode()}", label(one.label), asked == one.id))
        for saved in self.saved:
            url = _changed(self.path, QueryDict(saved.query), {"view": f"saved-{saved.id}"})
            found.append((url, saved.name, self.open_saved is saved))
        if found:
            found.insert(0, (self.path, _("All"), not asked and self.idle))
        return found

    @property
    def open_saved(self) -> Saved | None:
        """The kept view that is open."""
        asked = self.params.get("view", "")
        return next((one for one in self.saved if asked == f"saved-{one.id}"), None)

    @property
    def keeper(self) -> SavedViews | None:
        """Where this view could be kept, for somebody who is logged in and asks for something."""
        known = getattr(self.result.actor, "pk", None) is not None and "views" in SAVED
        asks = not self.idle or self.params.get("sort")
        return SAVED.get("views") if known and asks and not self.open_saved else None

    @property
    def drop_url(self) -> str:
        """Where the open view of one's own is dropped."""
        one = self.open_saved
        return reverse(SAVED.get("views").drop, args=[one.id]) if one and one.mine else ""

    @property
    def may_share(self) -> bool:
        return SAVED.get("views").may_share(self.result.actor)

    @property
    def asked(self) -> str:
        """The query of this view, as it is kept."""
        return _changed("", self.params, {"page": None, "row": None, "size": None, "view": None}).removeprefix("?")

    def lines(self) -> Iterator[Line]:
        """The rows of this page, each with the head of its group where a new one starts."""
        listing, columns = self.listing, _shown(self.result)
        main = next((column for column in columns if column.main), columns[0])
        chosen, last = self.params.get("row"), None
        for row in self.result.rows:
            group = listing.group(row) if listing.group else None
            row_id = _cells.reach(row, listing.row_id)
            cells = [_cell(self.result, column, row, column is main) for column in columns]
            yield Line(row_id, cells, group if group != last else None, str(row_id) == chosen)
            last = group


def view_of(result: Result, params: QueryDict, path: str, base: str = "") -> ListView:
    """Make ``result`` ready to be drawn at ``path``; exports live at ``base`` (default: the list's own address)."""
    made = ListView(result, path, params, base or reverse("web:list", args=[result.listing.key]).rstrip("/"))
    conditions = {one.filter.id: one for one in result.query.conditions}
    choices = filter_choices(result)
    for one in result.listing.filters_for(result.actor):
        made.words.append(_word(made, one, conditions.get(one.id), choices.get(one.id, [])))
    made.words.sort(key=lambda word: word.condition is None)
    idle = next((word for word in made.words if word.condition is None), None)
    made.words = [replace(word, first_idle=True) if word is idle else word for word in made.words]
    if "views" in SAVED and getattr(result.actor, "pk", None) is not None:
        made.saved = list(SAVED.get("views").of(result.actor, result.listing.key))
    made.heads = [_head(made, column) for column in _shown(result)]
    return made


def _shown(result: Result) -> list[Column]:
    return [column for column in result.columns if column.page]


def _word(made: ListView, one: Filter, condition: Condition | None, choices: list[tuple[str, Any]]) -> Word:
    chosen = condition.value if condition and one.kind == "choice" else ()
    if condition and one.kind == "choice" and not condition.choices:
        condition = Condition(one, condition.value, choices)
    options = tuple((value, label(name), value in chosen) for value, name in choices)
    low, high = (made.params.get(f"{one.id}.{end}", "") for end in ("min", "max"))
    without = made.url(**{one.id: None, f"{one.id}.min": None, f"{one.id}.max": None, "page": None, "view": None})
    return Word(one, condition, options, low, high, without)


def _head(made: ListView, column: Column) -> Head:
    right = column.kind in _cells.RIGHT
    if not column.sort_field():
        return Head(_cells.head(column), right)
    query = made.result.query
    open_now = query.sort == column.id
    down_first = right or column.kind in ("date", "moment")
    down = not query.descending if open_now else down_first
    order = ("descending" if query.descending else "ascending") if open_now else ""
    return Head(_cells.head(column), right, made.url(sort=f"-{column.id}" if down else column.id, page=None), order)


def _cell(result: Result, column: Column, row: Row, main: bool) -> Cell:
    html = _cells.main_html(result.listing, column, row) if main else _cells.html(column, row)
    classes = ["num"] if column.kind in _cells.RIGHT else []
    classes += ["main"] if main else ["nw"] if column.kind in ("status", "date", "moment", "dots") else []
    if not main and column.kind in ("text", "label", "link") and len(_cells.words(column, row)) <= SHORT:
        classes.append("nw")  # Han breaks anywhere: a word of two signs would stand on two lines
    classes += [] if column.phone else ["opt"]
    return Cell(html, " ".join(classes), "" if main else label(column.label))


def _changed(path: str, params: QueryDict, changes: dict[str, Any]) -> str:
    made = params.copy()
    for name in [name for name, values in made.lists() if not any(values)]:
        del made[name]  # a form sends its empty fields too
    for name, value in changes.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = str(value)
    return f"{path}?{made.urlencode()}" if made else path
