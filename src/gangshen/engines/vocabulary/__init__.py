"""Vocabulary: the zone's data dictionary that rules, headers, forms and API speak."""

from ._model import Access, Attribute, AttributeType, EntityKind, Period, World

__all__ = ["Access", "Attribute", "AttributeType", "EntityKind", "Period", "World"]
