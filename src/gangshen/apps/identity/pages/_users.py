"""The users page: the security administrator makes users, grants and revokes with a reason, and shuts out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.identity import services
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.forms import GrantForm, NewUserForm, ReasonForm
from gangshen.apps.identity.listings import USERS
from gangshen.apps.identity.models import Role, RoleGrant, Token, User
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page

__all__ = ["grant", "new", "revoke", "set_password", "state", "user", "users"]


@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """``/users/``: everyone who can log in."""
    return listing_page(
        request, USERS, template="identity/users.html", context={"may_add": allowed(request.user, "add", User)}
    )


def _one(request: HttpRequest, username: str) -> User:
    return get_object_or_404(User.objects.for_user(request.user), username=username)


def _by(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@sensitive_post_parameters("password")
def new(request: HttpRequest) -> HttpResponse:
    """Make a user with a first password and, mostly, a role."""
    by = _by(request)
    require(by, "add", User)
    form = NewUserForm(request.POST or None, initial={"language": "zh-hans"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.create_user(
                given["username"],
                given["password"],
                by=by,
                now=services.now(),
                display_name=given["display_name"],
                email=given["email"],
                organisation=given["organisation"],
                language=given["language"],
                roles=[given["role"]] if given["role"] else [],
            )
        except Refused as refused:
            form.add_error("password", refused.message)
        else:
            messages.success(request, _("%(user)s can log in.") % {"user": made})
            return redirect("identity:user", made.username)
    return render(request, "identity/new_user.html", {"form": form}, status=422 if form.errors else 200)


def user(request: HttpRequest, username: str) -> HttpResponse:
    """One user: rights with who granted them and why, keys, state."""
    one = _one(request, username)
    return _page(request, one)


def _page(request: HttpRequest, one: User, **more: object) -> HttpResponse:
    may = {action: allowed(request.user, action, RoleGrant) for action in ("add", "delete")}
    shown = {
        "one": one,
        "grants": one.role_grants.select_related("granted_by"),
        "keys": Token.objects.for_user(request.user).filter(user=one),
        "grant_form": GrantForm(user=one),
        "may_grant": may["add"] and one.pk != request.user.pk,
        "may_revoke": may["delete"] and one.pk != request.user.pk,
        "may_change": allowed(request.user, "change", User) and one.pk != request.user.pk,
        "nav_key": "users",
    }
    return render(request, "identity/user.html", shown | more, status=422 if more else 200)


@require_POST
def grant(request: HttpRequest, username: str) -> HttpResponse:
    """Grant a role with a reason."""
    one = _one(request, username)
    form = GrantForm(request.POST, user=one)
    if not form.is_valid():
        return _page(request, one, grant_form=form)
    role, reason = form.cleaned_data["role"], form.cleaned_data["reason"]
    services.grant_role(one, role, by=_by(request), now=services.now(), reason=reason)
    messages.success(request, _("%(user)s is %(role)s from now on.") % {"user": one, "role": Role(role).label})
    return redirect("identity:user", username)


@require_POST
def revoke(request: HttpRequest, username: str, role: str) -> HttpResponse:
    """Take a role away, with a reason."""
    one = _one(request, username)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("A right is taken away with a reason."), _("Write the reason beside the role and send again."))
    services.revoke_role(one, role, by=_by(request), now=services.now(), reason=form.cleaned_data["reason"])
    messages.success(request, _("%(user)s lost the role.") % {"user": one})
    return redirect("identity:user", username)


@require_POST
def state(request: HttpRequest, username: str) -> HttpResponse:
    """Disable, enable or unlock a user."""
    one, by = _one(request, username), _by(request)
    act = request.POST.get("act")
    if act == "disable":
        services.disable_user(one, by=by)
        messages.success(request, _("%(user)s is shut out.") % {"user": one})
    elif act == "enable":
        services.enable_user(one, by=by)
        messages.success(request, _("%(user)s can log in again.") % {"user": one})
    elif act == "unlock":
        require(by, "change", one)
        services.unlock(username)
        services.tell("unlock", by, username=username)
        messages.success(request, _("The lock on %(user)s is lifted.") % {"user": one})
    else:
        raise Refused(_("This can't be done."), _("Reload the page and use its buttons."))
    return redirect("identity:user", username)


@sensitive_post_parameters("password")
@require_POST
def set_password(request: HttpRequest, username: str) -> HttpResponse:
    """Give a user a new first password."""
    one, by = _one(request, username), _by(request)
    services.change_password(one, request.POST.get("password", ""), by=by)
    services.tell("password", by, username=username)
    messages.success(request, _("%(user)s has a new password.") % {"user": one})
    return redirect("identity:user", username)
