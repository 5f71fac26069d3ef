"""A target: will we make it?"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import today
from gangshen.apps.plans.models import Target
from gangshen.apps.plans.pages._register import by_register
from gangshen.apps.plans.pages._words import TargetCard, card
from gangshen.web.charts import Chart, line_chart

__all__ = ["target"]


@login_required
def target(request: HttpRequest, key: str) -> HttpResponse:
    """Value, pace needed, what would change it; the figures with vintage and source."""
    query = Target.objects.for_user(request.user).select_related("plan__document", "series").prefetch_related("units")
    one = get_object_or_404(query, key=key)
    day = today()
    shown = card(one, day)
    rows = list(one.series.observations.select_related("source").order_by("-at", "-pk")) if one.series else []
    return render(
        request,
        "plans/target.html",
        {
            "card": shown,
            "target": one,
            "pace": shown.standing.pace,
            "rows": rows,
            "chart": _chart(shown),
            "few": next((p for p in shown.standing.pace.reasons if p.code == "few_observations"), None)
            if shown.standing.pace
            else None,
            "register": by_register(request.user, one, shown.standing.measured),
            "may_change": Target.objects.for_user(request.user, "change").filter(pk=one.pk).exists(),
            "may_instruct": allowed(request.user, "add", "cases.Case"),
            "organisations": Organisation.objects.exclude(kind="enterprise").order_by("key"),
            "today": day,
            "nav_key": "plans",
        },
    )


def _chart(shown: TargetCard) -> Chart | None:
    curve = shown.standing.curve
    if len(curve) < 2:
        return None
    return line_chart(
        "target",
        shown.target.subject,
        [f"{row.at:%Y-%m}" for row in curve],
        [row.value for row in curve],
        name=_("Actual"),
        unit=shown.target.unit,
        limit=float(shown.target.low),
    )
