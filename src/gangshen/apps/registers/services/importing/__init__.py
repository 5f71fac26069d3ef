"""Import of tables of any layout: map, look at what it would do, do it, undo it."""

from ._check import CHECK, FEW_ROWS, check, headers_of, is_large, look, seen
from ._examine import GRADES, LIMIT, Examination, examine, open_table
from ._holdings import holding
from ._import import ENTITIES, entity_named, examined, execute, import_file, import_kept, order
from ._log import log_of, under_way
from ._mapping import RESERVED, Column, Origin, parse_given, parse_units, propose
from ._memory import remember
from ._parsed import Parsed, Refusal
from ._parts import PARTS
from ._people import PEOPLE
from ._personal import MODES
from ._quarantine import quarantine
from ._receipt import check_receipt, receipt, receipt_word, summary
from ._rows import parse_rows

__all__ = [
    "CHECK",
    "ENTITIES",
    "FEW_ROWS",
    "GRADES",
    "LIMIT",
    "MODES",
    "PARTS",
    "PEOPLE",
    "RESERVED",
    "Column",
    "Examination",
    "Origin",
    "Parsed",
    "Refusal",
    "check",
    "check_receipt",
    "entity_named",
    "examine",
    "examined",
    "execute",
    "headers_of",
    "holding",
    "import_file",
    "import_kept",
    "is_large",
    "log_of",
    "look",
    "open_table",
    "order",
    "parse_given",
    "parse_rows",
    "parse_units",
    "propose",
    "quarantine",
    "receipt",
    "receipt_word",
    "remember",
    "seen",
    "summary",
    "under_way",
]
