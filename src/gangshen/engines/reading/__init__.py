"""Reading: plans and policies of the Chinese genre, to structured items that quote their source.

``extract`` turns a file into a :class:`SourceText`; ``read`` cleans its paragraphs (each character mapped back), finds
the outline, and runs every extractor on every document: header, tasks with units, targets, phases, promised lists,
offers with conditions and benefits, validity and other terms. What has figures and was not read is listed as unread.
"""

from ._errors import (
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    HostileDocument,
    MislabelledDocument,
    OversizedDocument,
    ScannedDocument,
    UnreadableDocument,
    UnsupportedDocument,
)
from ._extract import LIMIT_BYTES, LIMIT_CHARACTERS, extract
from ._many import ReadFile, read_many
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
    "LIMIT_BYTES",
    "LIMIT_CHARACTERS",
    "Block",
    "Budget",
    "Deferral",
    "DocumentError",
    "EmptyDocument",
    "EncryptedDocument",
    "Fact",
    "Header",
    "Heading",
    "HostileDocument",
    "Item",
    "MislabelledDocument",
    "OfferItem",
    "OversizedDocument",
    "Phase",
    "PromisedList",
    "ReadFile",
    "Reading",
    "ScannedDocument",
    "SourceText",
    "Stacking",
    "Target",
    "Task",
    "Unit",
    "Unread",
    "UnreadableDocument",
    "UnsupportedDocument",
    "Validity",
    "extract",
    "read",
    "read_many",
    "to_scored",
]
