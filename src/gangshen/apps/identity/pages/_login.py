"""Logging in and out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from gangshen.apps.identity import services
from gangshen.apps.identity.forms import LogInForm
from gangshen.apps.identity.models import User

__all__ = ["LogIn", "LogOut", "locked"]


class LogIn(LoginView):
    """``/login/``: the form; in a demo zone its log-ins, one press each."""

    template_name = "identity/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {
            "demo_users": services.demo_users(),
            "ended": "ended" in self.request.GET,
            "session_minutes": settings.CONFIG.session_minutes,
        }
        return super().get_context_data(**kwargs) | shown

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        services.tell("login", _user(form.get_user()))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if not getattr(self.request, "axes_locked_out", False):  # the page of a locked name tells that by itself
            services.tell("login_failed", None, username=str(form.data.get("username", ""))[:150])
        return super().form_invalid(form)


def _user(user: AbstractBaseUser) -> User | None:
    return user if isinstance(user, User) else None


@method_decorator(never_cache, name="dispatch")
class LogOut(LogoutView):
    """``POST /logout/``."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, User):
            services.tell("logout", request.user)
        return super().post(request, *args, **kwargs)


def locked(request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page of a locked name: until when, and whom to call. It says the same for a name that doesn't exist."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    last = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    minutes = settings.CONFIG.lockout_minutes
    until = (last.attempt_time if last else timezone.now()) + dt.timedelta(minutes=minutes)
    call = User.objects.filter(is_active=True, role_grants__role="security_admin").order_by("pk")
    services.tell("locked", None, username=str(name)[:150])
    shown = {
        "name": name,
        "until": until,
        "minutes": minutes,
        "call": call,
        "failures": settings.CONFIG.lockout_failures,
    }
    return render(request, "identity/locked.html", shown, status=429)
