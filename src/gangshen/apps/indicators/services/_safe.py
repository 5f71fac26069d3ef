"""Who sees what of a statistic: whole figures and firms, or only what is safe to publish."""

from __future__ import annotations

from typing import Any

from gangshen.apps.identity.access import allowed, readable, scope
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Record
from gangshen.engines.statistics import AXES, Statistic, attributes_of
from gangshen.engines.vocabulary import Access

__all__ = ["SMALL_CELL", "axes_for", "reads", "sees_all", "sees_values", "statistics_role"]

SMALL_CELL = "indicators.SmallCell"
"""The right to small cells, stated in roles.csv; it is no model."""


def statistics_role(user: Any) -> bool:
    """May ``user`` read what is for statistics only?"""
    return Access.STATISTICS in readable(user)


def reads(user: Any, attributes: list[str]) -> bool:
    """May ``user`` read these attributes of every firm?"""
    may = registers.readable_attributes(user)
    return scope(user, "view", Record) == "all" and all(name in may for name in attributes)


def sees_all(user: Any, one: Statistic, by: tuple[str, ...] = ()) -> bool:
    """Whether small cells are open to ``user``: by a right of their own, or because each value behind them is."""
    attributes = attributes_of(one, by)
    closed = any(registers.vocabulary().access(name) is Access.STATISTICS for name in attributes)
    if closed and not statistics_role(user):
        return False
    return reads(user, attributes) or (scope(user, "view", Record) == "all" and allowed(user, "view", SMALL_CELL))


def sees_values(user: Any, one: Statistic) -> bool:
    """May ``user`` read each firm's own value?"""
    return reads(user, [name for name in (one.attribute, one.per) if name])


def axes_for(user: Any, one: Statistic) -> list[str]:
    """The axes by which ``user`` may split the statistic as he likes."""
    return [name for name in AXES if sees_all(user, one, (name,))]
