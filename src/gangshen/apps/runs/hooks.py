"""What runs register: their list, menu entry, API, resolver; and the archive's seal, for the archive lies below the clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.web.components import Evidence
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS

from .api import router
from .listings import RUNS
from .models import Run
from .services import KINDS, SCHEDULES, Progress, RunKind, ScheduleDefaults, label_of


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


def resolve(ref: Ref, user: Any) -> Evidence | None:
    """``run:NUMBER``: what was run, when, on which snapshot, with which end."""
    run = Run.objects.for_user(user).filter(pk=ref.id).first() if ref.id.isdigit() else None
    if run is None:
        return None
    values = [(_("State"), run.get_state_display()), *((name, str(value)) for name, value in run.result.items())]
    if run.snapshot:
        values.append((_("Snapshot"), run.snapshot[:12]))
    return Evidence(
        label_of(run.kind),
        url=reverse("runs:run", args=[run.pk]),
        source=_("Run %(number)s") % {"number": run.pk},
        date=timezone.localdate(run.finished_at or run.created_at),
        values=tuple(values[:12]),
    )


RESOLVERS.register("run", resolve)
LISTINGS.register("runs", RUNS)
API_ROUTERS.register("runs", router)
NAVIGATION.register(
    "manage.runs",
    NavigationEntry(
        gettext_lazy("Runs"),
        "runs:runs",
        parent="manage",
        allowed=lambda user: allowed(user, "view", Run),
    ),
    order=60,
)
