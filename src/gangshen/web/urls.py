"""Addresses of the shell itself."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from . import pages
from .api import api
from .listing import pages as listing

urlpatterns = [
    path(
        "login/",
        auth.LoginView.as_view(
            template_name="login.html",
            redirect_authenticated_user=True,
            extra_context={"session_ended": _("Your session ended. Log in to go on where you were.")},
        ),
        name="login",
    ),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path(
        "password/", auth.PasswordChangeView.as_view(template_name="password.html", success_url="/"), name="password_change"
    ),
    path("language/", set_language, name="language"),
    path("theme/", pages.theme, name="theme"),
    path("health/", pages.health, name="health"),
    path("evidence/", pages.evidence, name="evidence"),
    path("components/", pages.components, name="components"),
    path("lists/<slug:key>/", listing.page, name="list"),
    path("lists/<slug:key>.xlsx", listing.excel, name="list_excel"),
    path("lists/<slug:key>.csv", listing.csv, name="list_csv"),
    path("api/", api.urls),
]
