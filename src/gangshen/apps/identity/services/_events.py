"""What identity tells upwards: log-ins, refusals, keys issued and used. The archive writes them down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gangshen.apps.identity.models import User
from gangshen.web.hookpoints import HookPoint

__all__ = ["OUTCOMES", "tell"]

Listener = Callable[[str, User | None, dict[str, Any]], None]
OUTCOMES: HookPoint[Listener] = HookPoint("outcome of identity")


def tell(event: str, user: User | None, **detail: Any) -> None:
    """Tell those above that ``event`` (login, logout, login_failed, locked, …) happened to ``user``."""
    for listener in OUTCOMES:
        listener(event, user, detail)
