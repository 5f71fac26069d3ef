"""Background work: start it, carry it out, watch it, stop it, and mend what a dead process left."""

from ._execute import Cancelled, Progress, execute
from ._kinds import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from ._recover import recover
from ._start import cancel, inputs_hash, label_of, latest, start
from ._tick import Tick, acquire, ensure_schedules, next_time, release, tick

__all__ = [
    "KINDS",
    "SCHEDULES",
    "Cancelled",
    "Progress",
    "RunKind",
    "ScheduleDefaults",
    "Tick",
    "acquire",
    "cancel",
    "ensure_schedules",
    "execute",
    "inputs_hash",
    "label_of",
    "latest",
    "next_time",
    "recover",
    "release",
    "start",
    "tick",
]
