"""Pages: the register, a firm's profile, imports, contradictions, the data dictionary."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from gangshen.apps.identity.access import allowed
from gangshen.apps.registers.listings import CONFLICT_LIST, ENTERPRISES
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services import SEEN_AS
from gangshen.web.listing.pages import listing_page

from . import _connectors, _counts, _imports, _likenesses, _profile, _quality, _vocabulary

__all__ = ["urlpatterns"]


@login_required
@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """``/enterprises/``."""
    seen_as = [one for one in SEEN_AS if one.allowed(request.user)]  # type: ignore[arg-type]
    context = {"may_import": allowed(request.user, "add", Batch), "seen_as": seen_as}
    return listing_page(request, ENTERPRISES, template="registers/enterprises.html", context=context)


@login_required
@require_GET
def conflicts(request: HttpRequest) -> HttpResponse:
    """``/enterprises/conflicts/``."""
    return listing_page(request, CONFLICT_LIST)


urlpatterns = [
    path("enterprises/", enterprises, name="enterprises"),
    path("enterprises/counts/", _counts.counts, name="counts"),
    path("enterprises/conflicts/", conflicts, name="conflicts"),
    path("enterprises/quality/", _quality.quality, name="quality"),
    path("enterprises/quality/measure/", _quality.measure, name="measure"),
    path("enterprises/quality/values/", _quality.doubts, name="doubts"),
    path("enterprises/quality/values/ask/", _quality.ask_doubts, name="ask_doubts"),
    path("enterprises/quality/values/to-fill-in.xlsx", _quality.filling, name="filling"),
    path("enterprises/quality/sources/<slug:key>/ask/", _quality.ask_source, name="ask_source"),
    path("enterprises/connectors/", _connectors.connectors, name="connectors"),
    path("enterprises/connectors/pull/", _connectors.pull_chosen, name="pull_chosen"),
    path("enterprises/connectors/<slug:key>/", _connectors.connector, name="connector"),
    path("enterprises/connectors/<slug:key>/pull/", _connectors.pull, name="pull"),
    path("enterprises/same/", _likenesses.likenesses, name="likenesses"),
    path("enterprises/same/search/", _likenesses.search_duplicates, name="search_duplicates"),
    path("enterprises/same/<int:number>/", _likenesses.likeness, name="likeness"),
    path("enterprises/same/<int:number>/decide/", _likenesses.decide, name="decide"),
    path("enterprises/merges/", _likenesses.merges, name="merges"),
    path("enterprises/imports/", _imports.imports, name="imports"),
    path("enterprises/imports/check/<int:file>/", _imports.check, name="check"),
    path("enterprises/imports/look/<int:file>/", _imports.look, name="look"),
    path("enterprises/imports/start/<int:file>/", _imports.start, name="start"),
    path("enterprises/imports/runs/<int:run>/", _imports.import_, name="import"),
    path("enterprises/imports/<int:number>/", _imports.batch, name="batch"),
    path("enterprises/imports/<int:number>/undo/", _imports.undo, name="undo"),
    path("enterprises/imports/<int:number>/redo/", _imports.redo, name="redo"),
    path("enterprises/imports/<int:number>/quarantine.xlsx", _imports.quarantine, name="quarantine"),
    path("enterprises/imports/<int:number>/receipt.json", _imports.receipt_json, name="receipt_json"),
    path("enterprises/imports/<int:number>/receipt.docx", _imports.receipt_word, name="receipt_word"),
    path("enterprises/<str:key>/", _profile.profile, name="profile"),
    path("enterprises/<str:key>/facts.xlsx", _profile.excel, name="facts"),
    path("enterprises/<str:key>/wrong/", _profile.wrong, name="wrong"),
    path("enterprises/<str:key>/history/<slug:attribute>/", _profile.history, name="history"),
    path("enterprises/<str:key>/settle/<slug:attribute>/", _profile.settle, name="settle"),
    path("vocabulary/", _vocabulary.words, name="words"),
    path("vocabulary/vocabulary.yaml", _vocabulary.as_yaml, name="words_yaml"),
    path("vocabulary/<slug:name>/", _vocabulary.word, name="word"),
    path("vocabulary/<slug:name>/edit/", _vocabulary.edit, name="edit_word"),
]
