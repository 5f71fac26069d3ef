"""The data dictionary: what does this word mean?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import ACCESS_LABELS, PERIOD_LABELS, TYPE_LABELS, WORDS, WORLD_LABELS
from gangshen.apps.registers.models import VocabularyPart
from gangshen.engines.formats import Text, dump_yaml
from gangshen.engines.vocabulary import Access, Attribute, VocabularyFile
from gangshen.web.downloads import attachment
from gangshen.web.listing.pages import listing_page

__all__ = ["as_yaml", "edit", "word", "words"]


@login_required
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """``/vocabulary/``."""
    return listing_page(request, WORDS, template="registers/words.html")


@login_required
@require_GET
def as_yaml(request: HttpRequest) -> HttpResponse:
    """The attributes in use as one file of the zone folder's form."""
    require(request.user, "view", VocabularyPart)
    part = VocabularyFile(attributes=tuple(services.vocabulary()))
    archive.record_event(request.user, "export", "vocabulary", {"channel": "yaml"})  # type: ignore[arg-type]
    return attachment(dump_yaml(part, VocabularyFile), "vocabulary.yaml", "application/yaml; charset=utf-8")


def _attribute(request: HttpRequest, name: str) -> Attribute:
    require(request.user, "view", VocabularyPart)
    found = services.vocabulary()
    if name not in found:
        raise Http404(_("There is no word %(name)s.") % {"name": name})
    return found.get(name)


def _uses(name: str) -> list[services.Use]:
    found: list[services.Use] = []
    for told in services.USED_BY:
        uses: Iterable[services.Use] = told().get(name, ())
        found += uses
    return found


def _impact(attribute: Attribute) -> dict[str, int]:
    """How many enterprises state it, and how many of the values are out of date."""
    frame = services.snapshot().frame
    if attribute.entity != "enterprise" or attribute.id not in frame.columns:
        return {"known": 0, "stale": 0, "all": frame.height}
    stale = f"{attribute.id}__stale"
    return {
        "known": int(frame.get_column(attribute.id).is_not_null().sum()),
        "stale": int(frame.get_column(stale).sum()) if stale in frame.columns else 0,
        "all": frame.height,
    }


@login_required
@require_GET
def word(request: HttpRequest, name: str) -> HttpResponse:
    """One word: in the panel, or as a page."""
    attribute = _attribute(request, name)
    context = {
        "attribute": attribute,
        "access_label": ACCESS_LABELS[services.vocabulary().access(name).value],
        "world": WORLD_LABELS[attribute.world.value],
        "type": TYPE_LABELS[attribute.type.value],
        "period": PERIOD_LABELS[attribute.period.value],
        "inputs": [services.vocabulary().get(one) for one in services.vocabulary().inputs(name)],
        "uses": _uses(name),
        "impact": _impact(attribute),
        "may_edit": allowed(request.user, "change", VocabularyPart),
        "nav_key": "registers.words",
    }
    if getattr(request, "htmx", False):
        return render(request, "registers/word_part.html", context)
    context["panel_template"] = "registers/word_part.html"
    return listing_page(request, WORDS, template="registers/words.html", context=context)


class WordForm(forms.Form):
    """What a zone may change of a word; its type and unit are what its records were written in."""

    zh = forms.CharField(label=gettext_lazy("Chinese label"), max_length=60)
    en = forms.CharField(label=gettext_lazy("English label"), max_length=80, required=False)
    source = forms.CharField(label=gettext_lazy("Usual source"), max_length=80, required=False)
    synonyms = forms.CharField(
        label=gettext_lazy("Synonyms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("one a line; headers and policy texts are linked through them"),
    )
    stale_after_days = forms.IntegerField(label=gettext_lazy("Good for (days)"), min_value=1, required=False)
    tolerance = forms.FloatField(label=gettext_lazy("Tolerance (share)"), min_value=0, max_value=1, required=False)
    access = forms.ChoiceField(label=gettext_lazy("Access"), choices=list(ACCESS_LABELS.items()))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Change a word, with what rests on it in sight."""
    user: Any = request.user
    attribute = _attribute(request, name)
    require(user, "change", VocabularyPart)
    form = WordForm(
        request.POST or None,
        initial={
            "zh": attribute.label.zh,
            "en": attribute.label.en or "",
            "source": attribute.source or "",
            "synonyms": "\n".join(attribute.synonyms),
            "stale_after_days": attribute.stale_after_days,
            "tolerance": attribute.tolerance,
            "access": attribute.access.value,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changed = attribute.model_copy(
            update={
                "label": Text(zh=given["zh"], en=given["en"] or None),
                "source": given["source"] or None,
                "synonyms": tuple(
                    dict.fromkeys(line.strip() for line in given["synonyms"].splitlines() if line.strip())
                ),
                "stale_after_days": given["stale_after_days"],
                "tolerance": given["tolerance"],
                "access": Access(given["access"]),
            }
        )
        services.define(changed, actor=user, now=identity.now())
        messages.success(request, _("The word is changed; snapshots made from now on use it."))
        return redirect("registers:word", name)
    context = {
        "attribute": attribute,
        "form": form,
        "uses": _uses(name),
        "impact": _impact(attribute),
        "nav_key": "registers.words",
    }
    return render(request, "registers/edit.html", context)
