"""Vocabulary: the zone's data dictionary that rules, headers, forms and API speak."""

from ._expression import Expression, ExpressionError
from ._industry import EDITIONS, OLDER, Industry, divisions_of, industries, industry_path, older, successors
from ._model import (
    Access,
    Attribute,
    AttributeType,
    CertificateType,
    EntityKind,
    Name,
    Period,
    ScaleEdition,
    ScaleRow,
    SizeEdition,
    SizeRow,
    VocabularyFile,
    World,
)
from ._places import town, town_column
from ._sizes import CLASSES, in_industries, size_class
from ._units import convert, foreign_currency, unit_factor
from ._values import ROW_KEYS, CellError, is_blank, says_none, uscc_is_valid, yes_or_no
from ._vocabulary import UnknownAttribute, Vocabulary

__all__ = [
    "CLASSES",
    "EDITIONS",
    "OLDER",
    "ROW_KEYS",
    "Access",
    "Attribute",
    "AttributeType",
    "CellError",
    "CertificateType",
    "EntityKind",
    "Expression",
    "ExpressionError",
    "Industry",
    "Name",
    "Period",
    "ScaleEdition",
    "ScaleRow",
    "SizeEdition",
    "SizeRow",
    "UnknownAttribute",
    "Vocabulary",
    "VocabularyFile",
    "World",
    "convert",
    "divisions_of",
    "foreign_currency",
    "in_industries",
    "industries",
    "industry_path",
    "is_blank",
    "older",
    "says_none",
    "size_class",
    "successors",
    "town",
    "town_column",
    "unit_factor",
    "uscc_is_valid",
    "yes_or_no",
]
