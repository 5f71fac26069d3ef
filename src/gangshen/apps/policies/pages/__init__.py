"""Pages of policies: the library, a policy, the matches, one decision."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from gangshen.apps.policies.listings import MATCHES
from gangshen.apps.policies.services import last_two
from gangshen.web.components import chip
from gangshen.web.listing.pages import listing_page

from . import _decision, _library, _policy

__all__ = ["urlpatterns"]


@login_required
def matches(request: HttpRequest) -> HttpResponse:
    """``/policies/matches/``."""
    run = last_two()[0]
    context = {"run": run, "run_chip": chip(f"run:{run.pk}", f"#{run.pk}") if run else ""}
    return listing_page(request, MATCHES, template="policies/matches.html", context=context)


urlpatterns = [
    path("", _library.library, name="library"),
    path("matches/", matches, name="matches"),
    path("match/", _decision.start, name="match"),
    path("<slug:key>/", _policy.policy, name="policy"),
    path("<slug:key>/policy.yaml", _policy.as_yaml, name="yaml"),
    path("<slug:key>/for/<str:enterprise>/", _decision.decision, name="decision"),
    path("<slug:key>/for/<str:enterprise>/ask/", _decision.ask, name="ask"),
]
