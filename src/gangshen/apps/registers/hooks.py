"""What the registers offer to the strata below: their background work."""

from __future__ import annotations

import datetime as dt

from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.formats import Text

from .background import import_table, refresh

KINDS.register(
    "registers.import", RunKind(Text(zh="导入登记数据", en="Import of a register"), import_table, resumable=True)
)
KINDS.register(
    "registers.refresh", RunKind(Text(zh="更新企业快照", en="Refresh of the snapshot"), refresh, resumable=True)
)
SCHEDULES.register(
    "registers-refresh",
    ScheduleDefaults(
        "registers.refresh", Text(zh="每日更新企业快照", en="Refresh the snapshot daily"), daily_at=dt.time(5, 30)
    ),
)
