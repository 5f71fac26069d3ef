"""Import of tables of any layout: map, look at what it would do, do it, undo it."""

from ._examine import Examination, examine, open_table
from ._import import ENTITIES, entity_named, execute, import_file, quarantine
from ._mapping import RESERVED, Column, Origin, parse_given, propose, remember
from ._rows import Parsed, Refusal, parse_rows

__all__ = [
    "ENTITIES",
    "RESERVED",
    "Column",
    "Examination",
    "Origin",
    "Parsed",
    "Refusal",
    "entity_named",
    "examine",
    "execute",
    "import_file",
    "open_table",
    "parse_given",
    "parse_rows",
    "propose",
    "quarantine",
    "remember",
]
