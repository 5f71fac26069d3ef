"""What the runs themselves register: the archive's hourly seal, for the archive lies below the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused

from .models import Run
from .services import KINDS, SCHEDULES, Progress, RunKind, ScheduleDefaults


def _seal(run: Run, progress: Progress) -> dict[str, Any]:
    done = archive.seal(timezone.now())  # the trail goes by the clock, not by a demo zone's day
    return {"seals": done.seals, "entries": done.entries, "digest": done.digest}


def _verify(run: Run, progress: Progress) -> dict[str, Any]:
    problems = archive.verify_seals() + archive.verify_files()
    if problems:
        raise Refused(" ".join(problems[:20]), _("Ask the audit administrator; restore the files from a backup."))
    return {"problems": 0}


KINDS.register("archive.seal", RunKind(Text(zh="封存留痕", en="Seal the audit trail"), _seal, resumable=True))
KINDS.register(
    "archive.verify", RunKind(Text(zh="核验留痕与文件", en="Verify trail and files"), _verify, resumable=True)
)
SCHEDULES.register(
    "archive-seal",
    ScheduleDefaults("archive.seal", Text(zh="每小时封存留痕", en="Seal the trail hourly"), every_minutes=60),
)
SCHEDULES.register(
    "archive-verify",
    ScheduleDefaults("archive.verify", Text(zh="每日核验", en="Verify daily"), daily_at=dt.time(2, 30)),
)
