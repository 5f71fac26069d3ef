"""Rules as JSON for other software, with the schema that says what may stand in it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pydantic import TypeAdapter

from ._model import Node

__all__ = ["from_json", "rule_schema", "to_json"]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_RULE: TypeAdapter[Node] = TypeAdapter(Node)


def to_json(rule: Node) -> dict[str, Any]:
    """The rule as plain JSON values (dates as ISO text), defaults left out."""
    written: dict[str, Any] = _RULE.dump_python(rule, mode="json", exclude_defaults=True)
    return written


def from_json(written: Any) -> Node:
    """The rule; ``from_json(to_json(rule))`` equals it. A threshold written as an ISO date is that date.

    Raises pydantic's ValidationError for what is no rule.
    """
    return _RULE.validate_python(_dated(written))


def _dated(written: Any, *, value: bool = False) -> Any:
    if isinstance(written, dict):
        return {key: _dated(part, value=key == "value") for key, part in written.items()}
    if isinstance(written, list | tuple):
        return tuple(_dated(part, value=value) for part in written)
    if value and isinstance(written, str) and _DATE.fullmatch(written):
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            return written
    return written


def rule_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a rule."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Gangshen rule"} | _RULE.json_schema()
