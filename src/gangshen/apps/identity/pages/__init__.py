"""Log-in, one's own account, and the users page of the security administrator."""

from __future__ import annotations

from django.urls import path

from ._account import account, issue_key, password, revoke_key
from ._login import LogIn, LogOut, locked
from ._middleware import SignedIn, UserLanguage
from ._users import grant, new, revoke, set_password, state, user, users
from ._views import drop_view, keep_view

__all__ = ["SignedIn", "UserLanguage", "locked", "urlpatterns"]

urlpatterns = [
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", LogOut.as_view(), name="logout"),
    path("account/", account, name="account"),
    path("account/password/", password, name="password_change"),
    path("account/keys/", issue_key, name="issue_key"),
    path("account/keys/<int:pk>/revoke/", revoke_key, name="revoke_key"),
    path("account/views/", keep_view, name="keep_view"),
    path("account/views/<int:pk>/drop/", drop_view, name="drop_view"),
    path("users/", users, name="users"),
    path("users/new/", new, name="new_user"),
    path("users/<str:username>/", user, name="user"),
    path("users/<str:username>/grant/", grant, name="grant"),
    path("users/<str:username>/revoke/<str:role>/", revoke, name="revoke"),
    path("users/<str:username>/state/", state, name="user_state"),
    path("users/<str:username>/password/", set_password, name="set_password"),
]
