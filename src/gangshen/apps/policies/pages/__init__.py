"""Pages of policies: the library, a policy, the matches, one decision."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from gangshen.apps.policies.listings import MATCHES
from gangshen.apps.policies.services import last_two
from gangshen.web.components import chip
from gangshen.web.listing.pages import listing_page

from . import _confirm, _decision, _desk, _desk_files, _edit, _firm_files, _granted, _library, _policy

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
    path("new/", _edit.new, name="new"),
    path("match/", _decision.start, name="match"),
    path("what-if/", _desk.pick, name="what-if-pick"),
    path("granted/", _granted.index, name="granted"),
    path("granted/<int:pk>/undo/", _granted.undo, name="granted-undo"),
    path("confirm/", _confirm.index, name="confirm"),
    path("confirm/make/<slug:key>/", _confirm.make, name="confirm-make"),
    path("confirm/chosen/", _confirm.confirm_chosen, name="confirm-chosen"),
    path("confirm/<int:pk>/", _confirm.confirm, name="confirm-list"),
    path("confirm/<int:pk>/send/", _confirm.send, name="confirm-send"),
    path("confirm/<int:pk>/list.xlsx", _confirm.sheet, name="confirm-sheet"),
    path("confirm/<int:pk>/list.docx", _confirm.paper, name="confirm-paper"),
    path("confirm/firms/<int:pk>/", _confirm.line, name="confirm-line"),
    path("confirm/firms/<int:pk>/answer/", _confirm.answer, name="confirm-answer"),
    path("firms/<str:enterprise>/policies.docx", _firm_files.paper, name="firm-paper"),
    path("firms/<str:enterprise>/policies.xlsx", _firm_files.workbook, name="firm-workbook"),
    path("<slug:key>/", _policy.policy, name="policy"),
    path("<slug:key>/what-if/", _desk.what_if, name="what-if"),
    path("<slug:key>/draft/", _edit.draft, name="draft"),
    path("<slug:key>/editions/<str:name>/", _edit.edit, name="edition"),
    path("<slug:key>/editions/<str:name>/says/", _edit.says, name="edition-says"),
    path("<slug:key>/editions/<str:name>/move/", _edit.move, name="edition-move"),
    path("<slug:key>/editions/<str:name>/edition.xlsx", _edit.sheet, name="edition-sheet"),
    path("<slug:key>/compare/", _desk_files.compare, name="compare"),
    path("<slug:key>/what-if/keep/", _desk_files.keep, name="keep-variant"),
    path("<slug:key>/what-if/write/", _desk_files.write, name="write-draft"),
    path("<slug:key>/what-if/drop/<int:variant>/", _desk_files.drop, name="drop-variant"),
    path("<slug:key>/what-if/memo.docx", _desk_files.memo, name="what-if-memo"),
    path("<slug:key>/what-if/what-if.xlsx", _desk_files.workbook, name="what-if-workbook"),
    path("<slug:key>/policy.yaml", _policy.as_yaml, name="yaml"),
    path("<slug:key>/for/<str:enterprise>/", _decision.decision, name="decision"),
    path("<slug:key>/for/<str:enterprise>/ask/", _decision.ask, name="ask"),
]
