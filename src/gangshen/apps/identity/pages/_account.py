"""One's own account: who I am here, my password, my keys for the API."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.identity import services
from gangshen.apps.identity.forms import KeyForm
from gangshen.apps.identity.models import Token, User

__all__ = ["account", "issue_key", "password", "revoke_key"]


def _shown(request: HttpRequest, **more: Any) -> dict[str, Any]:
    user = request.user
    assert isinstance(user, User)
    keys = Token.objects.filter(user=user)
    return {"grants": user.role_grants.all(), "keys": keys, "form": KeyForm(), "now": services.now()} | more


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """``/account/``."""
    return render(request, "identity/account.html", _shown(request))


@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions of the user end."""
    user = request.user
    assert isinstance(user, User)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(user, form.cleaned_data["new_password1"], by=user)
        services.tell("password", user)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed; other sessions were ended."))
        return redirect("identity:account")
    return render(request, "identity/password.html", {"form": form})


@require_POST
def issue_key(request: HttpRequest) -> HttpResponse:
    """Make a key; it is on this page once and nowhere else."""
    user = request.user
    assert isinstance(user, User)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return render(request, "identity/account.html", _shown(request, form=form), status=422)
    made = services.issue_token(user, form.cleaned_data["name"], now=services.now(), days=form.cleaned_data["days"])
    response = render(request, "identity/account.html", _shown(request, made=made))
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a key: one's own, or anybody's by who may delete keys."""
    user = request.user
    assert isinstance(user, User)
    token = get_object_or_404(Token, pk=pk)
    owner = token.user
    services.revoke_token(token, by=user)
    messages.success(request, _("The key “%(name)s” no longer works.") % {"name": token.name})
    return redirect("identity:account") if owner.pk == user.pk else redirect("identity:user", owner.username)
