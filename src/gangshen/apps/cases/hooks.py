"""What cases themselves register: the kinds that belong to no office, attachments as own files."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gangshen.apps.archive.access import OWN_FILES
from gangshen.engines.formats import Text

from .models import Case, CaseEvent
from .services import CASE_TYPES, CaseType


def _attachments(user: Any) -> Q:
    cases = Case.objects.for_user(user)
    files = CaseEvent.objects.filter(case__in=cases, file__isnull=False).values("file")
    return Q(pk__in=files)


OWN_FILES.register("cases", _attachments)

CASE_TYPES.register(
    "instruction",
    CaseType(
        "instruction",
        Text(zh="领导交办", en="Leader's instruction"),
        workdays=5,
        receipt="text",
        closes=("operator", "leader"),
    ),
)
CASE_TYPES.register(
    "wrong_fact",
    CaseType(
        "wrong_fact",
        Text(zh="这条不对", en="Wrong fact"),
        workdays=5,
        receipt="text",
        closes=("data_officer", "operator"),
    ),
)
CASE_TYPES.register(
    "question",
    CaseType("question", Text(zh="补问数据", en="Missing value"), workdays=3, receipt="text"),
)
