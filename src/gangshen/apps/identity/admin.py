"""The stock administration, for the system administrator alone, and there as far as roles.csv goes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed, roles_of

__all__ = ["RoleAdmin", "ZoneAdminSite"]


class ZoneAdminSite(admin.AdminSite):
    """Opens to the system administrator; logs in where everyone logs in."""

    site_header = site_title = _("Gangshen")
    index_title = _("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return "system_admin" in roles_of(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.GET.get('next', '/admin/')})}")


class RoleAdmin(admin.ModelAdmin[Any]):
    """A model in the administration: each action only as roles.csv grants it, and nothing deleted here."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, "view", self.model)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request.user, "view", self.model)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, "add", self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request.user, "change", self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).for_user(request.user)
