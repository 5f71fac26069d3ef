"""Formats: one loader for the zone's files, with file, line and field in every error."""

from ._amount import Fen, written_fen
from ._extent import exceeds
from ._layout import JOINT, find_table
from ._problem import Fault, FormatError, Problem
from ._table import Layout, Row, Table, inert, read_table, write_csv
from ._text import Text
from ._yaml import dump_yaml, json_schema, load_yaml, yaml_lines

__all__ = [
    "JOINT",
    "Fault",
    "Fen",
    "FormatError",
    "Layout",
    "Problem",
    "Row",
    "Table",
    "Text",
    "dump_yaml",
    "exceeds",
    "find_table",
    "inert",
    "json_schema",
    "load_yaml",
    "read_table",
    "write_csv",
    "written_fen",
    "yaml_lines",
]
