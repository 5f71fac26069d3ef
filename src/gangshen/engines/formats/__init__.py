"""Formats: one loader for the zone's files, with file, line and field in every error."""

from ._amount import Fen, written_fen
from ._problem import Fault, FormatError, Problem
from ._table import Row, Table, read_table, write_csv
from ._text import Text
from ._yaml import dump_yaml, json_schema, load_yaml

__all__ = [
    "Fault",
    "Fen",
    "FormatError",
    "Problem",
    "Row",
    "Table",
    "Text",
    "dump_yaml",
    "json_schema",
    "load_yaml",
    "read_table",
    "write_csv",
    "written_fen",
]
