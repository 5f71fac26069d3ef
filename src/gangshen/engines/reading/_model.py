"""What a reading is made of: every item quotes the document and says where."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from gangshen.engines.benefits import Offer
from gangshen.engines.rules import Clause

__all__ = [
    "Block",
    "Budget",
    "Deferral",
    "Fact",
    "Header",
    "Heading",
    "Item",
    "OfferItem",
    "Part",
    "Phase",
    "PromisedList",
    "Reading",
    "SourceText",
    "Stacking",
    "Status",
    "Target",
    "Task",
    "Unit",
    "Unread",
    "Validity",
]

Part = Literal["front", "background", "scope", "goal", "principle", "task", "safeguard", "supplement"]
Status = Literal["issued", "draft_for_comment", "trial"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Block(_Frozen):
    """A stretch of the text read and its place in the file: ``number`` counts from 1, ``page`` for paged files."""

    start: int
    end: int
    kind: Literal["paragraph", "row"] = "paragraph"
    number: int
    page: int | None = None


class SourceText(_Frozen):
    """The text read from a file. All offsets of a reading are code points of ``text``."""

    name: str
    format: Literal["docx", "pdf", "ofd", "html", "txt", "md"]
    text: str
    blocks: tuple[Block, ...] = ()
    pages: int | None = None
    notes: tuple[str, ...] = ()  # what was left out: running heads, pictures
    recognised: bool = False  # from pictures: any character may be wrong

    def place(self, offset: int) -> Block | None:
        """The block that ``offset`` lies in."""
        for block in self.blocks:
            if block.start <= offset < max(block.end, block.start + 1):
                return block
        return None


class Item(_Frozen):
    """``text[start:end] == quote``. ``doubts`` are reasons for a person to look at this item first."""

    quote: str
    start: int
    end: int
    doubts: tuple[str, ...] = ()


class Fact(Item):
    """One field of the document's head."""

    value: str


class Header(_Frozen):
    title: Fact | None = None
    number: Fact | None = None
    issuers: tuple[Fact, ...] = ()
    date: Fact | None = None
    status: Status = "issued"
    start_year: int | None = None
    end_year: int | None = None

    @property
    def issued_on(self) -> dt.date | None:
        """The date of signing, when the text prints a whole one."""
        return dt.date.fromisoformat(self.date.value) if self.date else None


class Heading(Item):
    level: int
    number: str  # as printed, without brackets and points
    title: str
    part: Part
    path: tuple[str, ...] = ()  # headings above, as printed


class Unit(Item):
    """A responsible unit (责任单位). ``role`` is ``responsible`` where the text sets no order among units."""

    name: str
    role: Literal["lead", "cooperating", "responsible"] = "responsible"
    inherited: bool = False  # named once for all tasks, or for the section


class Task(Item):
    """The finest numbered item of the task and safeguard parts. No unit at all is printed more often than not."""

    number: str
    title: str
    part: Literal["task", "safeguard"] = "task"
    section: str = ""
    units: tuple[Unit, ...] = ()
    due: dt.date | None = None  # the latest day by which its text says something is to be done
    due_quote: str = ""
    body_start: int
    body_end: int


class Target(Item):
    """A quantified intended result; ``value`` is one number or [low, high] in ``unit`` as printed."""

    subject: str
    value: int | float | tuple[int | float, int | float]
    unit: str
    comparator: Literal["ge", "gt", "le", "lt", "eq", "approx", "range"]
    deadline_year: int | None = None
    deadline: dt.date | None = None
    deadline_from: Literal["sentence", "lead-in", "phase"] | None = None
    denominator: str | None = None  # of a relative target: 占全市 → 全市
    growth: Literal["annual", "change"] | None = None
    section: str = ""
    task: str | None = None  # number of the task it stands in


class Phase(Item):
    name: str
    start_year: int
    end_year: int


class PromisedList(Item):
    """A list, catalogue or guide that the document says will be made."""

    name: str
    verb: str
    task: str | None = None


class OfferItem(Item):
    """An offer with what a reader doubts about it."""

    offer: Offer
    conditions: tuple[Clause, ...] = ()
    steps: tuple[tuple[Clause, ...], ...] = ()  # of a ladder: the thresholds of each step, beside the conditions


class Validity(Item):
    """From when and until when: a day, or ``months`` counted from the issue or publication."""

    effective_from: dt.date | None = None
    valid_to: dt.date | None = None
    months: int | None = None
    from_issue: bool = False  # 自印发（发布）之日起


class Stacking(Item):
    """从高不重复 and its kin: of overlapping benefits only the highest is paid."""


class Budget(Item):
    """A pool or fund, never a benefit of one firm."""

    amount_fen: int
    kind: Literal["budget", "fund"]


class Deferral(Item):
    """Conditions or amounts that another text will settle."""


class Unread(Item):
    """A sentence with figures that nothing read."""


class Reading(_Frozen):
    """All that was read from one document."""

    kind: Literal["plan", "policy", "minutes", "directive", "none"]
    header: Header
    headings: tuple[Heading, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    phases: tuple[Phase, ...] = ()
    lists: tuple[PromisedList, ...] = ()
    offers: tuple[OfferItem, ...] = ()
    general_conditions: tuple[Clause, ...] = ()
    validity: Validity | None = None
    stacking: tuple[Stacking, ...] = ()
    budgets: tuple[Budget, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    unread: tuple[Unread, ...] = ()

    def condition_spans(self) -> list[tuple[int, int]]:
        """Where conditions stand: the general ones, and those of offers, which may be printed apart from them."""
        own = [c for offer in self.offers for c in (*offer.conditions, *(c for step in offer.steps for c in step))]
        return [(c.span.start, c.span.end) for c in (*self.general_conditions, *own) if c.span]

    def items(self) -> list[Item]:
        """Everything that a person may accept or correct, doubtful items first, then in the order of the text."""
        found: list[Item] = [*self.tasks, *self.targets, *self.phases, *self.lists, *self.offers]
        found += [*self.stacking, *self.budgets, *self.deferrals, *([self.validity] if self.validity else [])]
        return sorted(found, key=lambda item: (not item.doubts, item.start, item.end))
