"""Import of tables of any layout: map, look at what it would do, do it, undo it."""

from ._examine import GRADES, LIMIT, Examination, examine, open_table
from ._import import ENTITIES, entity_named, execute, import_file
from ._log import log_of, under_way
from ._mapping import RESERVED, Column, Origin, parse_given, parse_units, propose, remember
from ._personal import MODES
from ._quarantine import quarantine
from ._receipt import check_receipt, receipt, receipt_word, summary
from ._rows import Parsed, Refusal, parse_rows

__all__ = [
    "ENTITIES",
    "GRADES",
    "LIMIT",
    "MODES",
    "RESERVED",
    "Column",
    "Examination",
    "Origin",
    "Parsed",
    "Refusal",
    "check_receipt",
    "entity_named",
    "examine",
    "execute",
    "import_file",
    "log_of",
    "open_table",
    "parse_given",
    "parse_rows",
    "parse_units",
    "propose",
    "quarantine",
    "receipt",
    "receipt_word",
    "remember",
    "summary",
    "under_way",
]
