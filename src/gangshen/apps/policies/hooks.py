"""What policies register below."""

from __future__ import annotations

import datetime as dt

from gangshen.apps.documents.services import ADOPTERS, Adopter
from gangshen.apps.policies import background, services
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.formats import Text

ADOPTERS.register("policies", Adopter(Text(zh="政策", en="Policy"), frozenset({"offer", "condition"}), services.adopt))
KINDS.register(services.KIND, RunKind(Text(zh="政策匹配", en="Match policies"), background.match, resumable=True))
KINDS.register(
    "policies.nightly",
    RunKind(Text(zh="每日政策匹配", en="Match policies nightly"), background.match_today, resumable=True),
)
SCHEDULES.register(
    "policies-nightly",
    ScheduleDefaults("policies.nightly", Text(zh="每日政策匹配", en="Match policies nightly"), daily_at=dt.time(5, 0)),
)
