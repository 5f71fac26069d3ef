"""What can be run, and when by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gangshen.engines.formats import Text
from gangshen.web.hookpoints import HookPoint

if TYPE_CHECKING:
    from gangshen.apps.runs.models import Run

    from ._execute import Progress

__all__ = ["KINDS", "SCHEDULES", "RunKind", "ScheduleDefaults"]


@dataclass(frozen=True, slots=True)
class RunKind:
    """A kind of background work.

    ``execute(run, progress)`` does it and returns its result, a JSON object of counts and keys; what is large it stores
    as a file and gives to ``progress.keep``. It calls ``progress.step`` often, and raises ``Refused`` for what the user
    can mend. ``resumable``: may be started again from the beginning after its process died, with no harm done. ``url``
    gives the page of the result, when there is one. ``about`` ("app.Model") is what the result tells of: page and file
    of the result open only to who may see that model, whoever may see the run.
    """

    label: Text
    execute: Callable[[Run, Progress], dict[str, Any] | None]
    resumable: bool = False
    url: Callable[[Run], str] | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleDefaults:
    """A schedule as the project ships it: every day at a local time, or every so many minutes.

    ``at_first``: due as soon as a database has it, so that a new zone need not wait a night for its first result.
    """

    kind: str
    label: Text
    params: Mapping[str, Any] = field(default_factory=dict)
    daily_at: dt.time | None = None
    every_minutes: int | None = None
    at_first: bool = False

    def __post_init__(self) -> None:
        if (self.daily_at is None) == (self.every_minutes is None):
            raise ValueError(f"schedule of {self.kind}: give either daily_at or every_minutes")


KINDS: HookPoint[RunKind] = HookPoint("run kind")
SCHEDULES: HookPoint[ScheduleDefaults] = HookPoint("schedule")
