"""Formats: one loader for the zone's files, with file, line and field in every error."""

from ._text import Text

__all__ = ["Text"]
