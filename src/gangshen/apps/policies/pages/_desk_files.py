"""What leaves the what-if desk: a variant kept, the memo as Word, the firms as Excel. No figure is typed by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import now, today
from gangshen.apps.money.models import Programme
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy, PolicyVersion, Variant
from gangshen.web import excel
from gangshen.web import word as word_files
from gangshen.web.downloads import attachment

from ._desk import desk_of

__all__ = ["compare", "drop", "keep", "memo", "workbook", "write"]


@login_required
@require_POST
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what is tried under a name; the query string of the page comes along in ``desk``."""
    user: Any = request.user
    desk = desk_of(user, key, QueryDict(request.POST.get("desk", "")), today())
    lines = [one.line for one in services.moves(desk.base, desk.tried)]
    made = services.keep_variant(
        desk.policy,
        desk.version.version,
        desk.tried,
        lines,
        name=request.POST.get("name", ""),
        actor=user,
        now=now(),
    )
    messages.success(request, _("Kept as variant %(name)s.") % {"name": made.name})
    return redirect(f"{reverse('policies:what-if', args=[key])}?{desk.address}")


@login_required
@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    """Write what is tried into the draft; who comes second finds the text kept as a variant."""
    user: Any = request.user
    desk = desk_of(user, key, QueryDict(request.POST.get("desk", "")), today())
    written = services.write(desk.version, desk.tried, base=request.POST.get("base", ""), actor=user, now=now())
    address = f"{reverse('policies:what-if', args=[key])}?version={desk.version.version}"
    if written.conflict:
        name = written.conflict.name
        messages.warning(
            request, _("Somebody saved the draft before you; yours is kept as variant %(n)s.") % {"n": name}
        )
        return redirect(f"{address}&variant={written.conflict.pk}")
    messages.success(request, _("Written into %(name)s.") % {"name": desk.version.version})
    return redirect(address)


@login_required
@require_POST
def drop(request: HttpRequest, key: str, variant: int) -> HttpResponse:
    """Take a variant away."""
    one = get_object_or_404(Variant.objects.for_user(request.user, "delete"), pk=variant, policy__key=key)
    services.drop_variant(one, actor=request.user)
    messages.success(request, _("Variant %(name)s was removed.") % {"name": one.name})
    version = request.POST.get("version", "")
    return redirect(f"{reverse('policies:what-if', args=[key])}?version={version}")


def _study(request: HttpRequest, key: str) -> services.Study:
    user: Any = request.user
    require(user, "export", Policy)
    desk = desk_of(user, key, request.GET, today())
    kept = list(Variant.objects.for_user(user).filter(policy=desk.policy).order_by("pk"))
    return services.study(
        desk.policy,
        desk.version,
        desk.base,
        desk.tried,
        kept,
        desk.day,
        may_see_money=allowed(user, "view", Programme),
    )


@login_required
@require_GET
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """``/policies/<key>/compare/?a=&b=``: two editions side by side, what differs first."""
    user: Any = request.user
    policy = get_object_or_404(Policy.objects.for_user(user), key=key)
    seen = {one.version: one for one in PolicyVersion.objects.for_user(user).filter(policy=policy)}
    names = [request.GET.get(side, "") for side in ("a", "b")]
    if not all(name in seen for name in names):
        raise Http404(_("There is no such thing, or it is not open to your role."))
    before, after = (services.engine_version(seen[name]) for name in names)
    sides = [
        {
            "version": seen[name],
            "conditions": services.rule_lines(rule.eligibility),
            "gives": services.benefit_lines(rule.benefit),
        }
        for name, rule in zip(names, (before, after), strict=True)
    ]
    context = {
        "policy": policy,
        "moves": services.moves(before, after),
        "sides": sides,
        "names": names,
        "seen": seen,
        "nav_key": "policies.library",
    }
    return render(request, "policies/compare.html", context)


@login_required
@require_GET
def memo(request: HttpRequest, key: str) -> HttpResponse:
    """The memo for the meeting: what moves, whom it reaches, cost against money, unknowns, flags, variants."""
    study = _study(request, key)
    archive.record_event(request.user, "export", study.policy, {"what": "what-if memo"})  # type: ignore[arg-type]
    return attachment(services.what_if_memo(study), f"{key}-what-if.docx", word_files.MEDIA_TYPE)


@login_required
@require_GET
def workbook(request: HttpRequest, key: str) -> HttpResponse:
    """Every firm that enters, leaves or is unknown, the numbers moved, the variants."""
    study = _study(request, key)
    archive.record_event(request.user, "export", study.policy, {"what": "what-if workbook"})  # type: ignore[arg-type]
    return attachment(services.what_if_workbook(study), f"{key}-what-if.xlsx", excel.MEDIA_TYPE)
