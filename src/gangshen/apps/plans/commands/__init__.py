"""``gangshen plans``: how plans, tasks and targets stand, and what is done about tasks."""

from . import _moves  # noqa: F401 - its commands
from ._status import app, list_, status, tasks

__all__ = ["app", "list_", "status", "tasks"]
