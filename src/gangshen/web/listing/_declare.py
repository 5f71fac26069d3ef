"""What a list is: declared once, shown as page, API, Excel, CSV and on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gangshen.web.hookpoints import HookPoint

__all__ = ["LISTINGS", "MAY", "READ", "SAVED", "Action", "Column", "Filter", "Listing", "Saved", "SavedViews", "View"]

ColumnKind = Literal[
    "text", "label", "money", "number", "percent", "date", "moment", "bool", "status", "link", "ref", "marks", "dots"
]
FilterKind = Literal["choice", "range", "date", "bool", "text"]
Actor = Any  # a user
Row = Any  # a model instance, or the dict of a frame's row
RESERVED = {"q", "sort", "page", "size", "unknown", "view"}


def everyone(actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``value`` is an attribute path (``organisation__name``) or a function of the row.

    What the value must be, by kind: money: fen or (low, high); percent: 4.6 for 4.6 %; status: (state, words); link:
    (url, words); ref: (reference, words) or several; marks: kinds of mark; dots: states; label: Text. None is unknown.
    """

    id: str
    label: Any
    kind: ColumnKind = "text"
    value: str | Callable[[Row], Any] | None = None  # default: the attribute named like the column
    sort: str | bool | None = None  # field to sort by; default: the path of ``value``; False: can't be sorted
    unit: Any = ""
    interval: bool = False  # money known as lowest and highest: two columns in exports
    second: str | Callable[[Row], Any] | None = None  # a second, grey line in the cell
    main: bool = False  # names the row: carries its link and marks, stands first on a phone
    phone: bool = True  # shown in the stacked rows of a phone?
    page: bool = True  # shown on the page (else only in API and exports)?
    excel: bool = True
    allowed: Callable[[Actor], bool] = everyone

    def sort_field(self) -> str | None:
        """The field this column sorts by, or None."""
        if self.sort is False:
            return None
        if isinstance(self.sort, str):
            return self.sort
        if self.value is None:
            return self.id
        return self.value if isinstance(self.value, str) else None


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of the sentence. Parameters: ``id`` (choice, several; bool yes/no; text), ``id.min`` and ``id.max``.

    ``scale`` turns what is typed into what is stored: 1_000_000 for 万元 over fen.
    """

    id: str
    label: Any
    kind: FilterKind = "choice"
    field: str = ""  # default: the id
    choices: Sequence[tuple[str, Any]] | Callable[[Actor], Sequence[tuple[str, Any]]] | None = None
    scale: int = 1
    unit: Any = ""
    named: Callable[[str], Any] = str  # what a choice read from the rows is called
    apply: Callable[[Any, Any], Any] | None = None  # (source, value) -> source, where a lookup is not enough
    allowed: Callable[[Actor], bool] = everyone

    @property
    def path(self) -> str:
        return self.field or self.id


@dataclass(frozen=True, slots=True)
class View:
    """A view kept by the list itself: a label and the parameters it stands for."""

    id: str
    label: Any
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with the chosen rows: their ids are posted as ``row`` to the URL of this name."""

    label: Any
    url: str
    primary: bool = False
    key: str = ""
    allowed: Callable[[Actor], bool] = everyone


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. ``source(actor)`` gives the rows that this actor may see: a QuerySet or a polars frame."""

    key: str
    title: Any
    columns: Sequence[Column]
    source: Callable[[Actor], Any]
    noun: Any = ""  # what the rows are: 家企业, 项任务; stands in the sentence and the count
    filters: Sequence[Filter] = ()
    views: Sequence[View] = ()
    actions: Iterable[Action] = ()
    search_fields: Sequence[str] = ()
    default_sort: str = ""  # "-due" or "due"
    page_size: int = 50
    row_id: str = "pk"  # attribute or frame column that names a row
    row_url: Callable[[Row], str] | None = None
    panel: bool = False  # does row_url open in the panel?
    marks: Callable[[Row], Sequence[str]] = lambda row: ()  # synthetic, draft, … of a row, in every channel
    group: Callable[[Row], tuple[str, Any, Any] | None] | None = None  # (state, words, note): a head before its rows
    answer: Callable[[Any], Any] | None = None  # Result -> the sentence over the list
    empty: tuple[Any, Any, str, Any] | None = None  # title, text, url, action
    scope: Any = ""  # what is counted and what not: the grey line, and the head of exports
    nav_key: str = ""
    allowed: Callable[[Actor], bool] = everyone
    exportable: Callable[[Actor], bool] = everyone

    def __post_init__(self) -> None:
        names = [column.id for column in self.columns]
        filters = [one.id for one in self.filters]
        if len(set(names)) != len(names) or len(set(filters)) != len(filters):
            raise ValueError(f"listing {self.key!r}: two columns or two filters share an id")
        if taken := RESERVED & set(filters):
            raise ValueError(f"listing {self.key!r}: {sorted(taken)} can't name a filter, the list itself uses it")

    def columns_for(self, actor: Actor) -> list[Column]:
        """The columns open to ``actor``."""
        return [column for column in self.columns if column.allowed(actor)]

    def filters_for(self, actor: Actor) -> list[Filter]:
        """The filters open to ``actor``; one that shares its id with a hidden column is hidden too."""
        hidden = {column.id for column in self.columns if not column.allowed(actor)}
        return [one for one in self.filters if one.allowed(actor) and one.id not in hidden]


LISTINGS: HookPoint[Listing] = HookPoint("listing")
# a right on the model of a list's rows, over what the list itself allows: (actor, "view" or "export", model) -> bool
MAY: HookPoint[Callable[[Actor, str, Any], bool]] = HookPoint("right to a list")
# who read which list, by which channel, how many rows: (listing, actor, channel, count) -> None
READ: HookPoint[Callable[[Listing, Actor, str, int], None]] = HookPoint("reading of a list")


@dataclass(frozen=True, slots=True)
class Saved:
    """A view that somebody keeps: a name and the query it stands for."""

    id: int
    name: str
    query: str
    shared: bool
    mine: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class SavedViews:
    """Who keeps views: those of a list that an actor sees, and the names of the URLs that keep and drop one."""

    of: Callable[[Actor, str], Sequence[Saved]]
    keep: str
    drop: str
    may_share: Callable[[Actor], bool]


SAVED: HookPoint[SavedViews] = HookPoint("keeper of saved views")  # identity registers one, "views"
