"""Reading: plans and policies of the Chinese genre, to structured items that quote their source."""

from ._model import (
    Block,
    Budget,
    Deferral,
    Fact,
    Header,
    Heading,
    Item,
    OfferItem,
    Phase,
    PromisedList,
    Reading,
    SourceText,
    Stacking,
    Target,
    Task,
    Unit,
    Unread,
    Validity,
)
from ._read import read
from ._scored import to_scored

__all__ = [
    "Block",
    "Budget",
    "Deferral",
    "Fact",
    "Header",
    "Heading",
    "Item",
    "OfferItem",
    "Phase",
    "PromisedList",
    "Reading",
    "SourceText",
    "Stacking",
    "Target",
    "Task",
    "Unit",
    "Unread",
    "Validity",
    "read",
    "to_scored",
]
