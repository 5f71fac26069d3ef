"""Logging in and out, one's account, and the users page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity import services
from gangshen.apps.identity.models import Role, Token, User, Zone

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
PASSWORD = "correct-horse-7"


def someone(name: str, *roles: str) -> User:
    return services.create_user(name, PASSWORD, by=None, now=NOW, roles=roles, language="en", display_name=name.title())


def stranger() -> Client:
    """A browser that chose English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def entered(user: User) -> Client:
    client = stranger()
    client.force_login(user)
    return client


def html(response) -> str:
    return response.content.decode()


def events() -> list[str]:
    return list(LogEntry.objects.filter(action=3).order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize(
    "path", ["/account/", "/users/", "/audit/", "/lists/users/", "/evidence/?ref=file:1", "/admin/"]
)
def test_a_visitor_is_asked_to_log_in(path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


def test_logging_in_goes_on_where_one_was_and_is_on_record() -> None:
    someone("lin", "operator")
    client = Client()
    response = client.post("/login/", {"username": "lin", "password": PASSWORD, "next": "/account/"})
    assert response["Location"] == "/account/"
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/account/").status_code == 302
    assert events() == ["login", "logout"]
    assert LogEntry.objects.filter(event="login").get().remote_addr == "127.0.0.1"


def test_a_next_outside_is_not_followed() -> None:
    someone("lin")
    response = Client().post("/login/", {"username": "lin", "password": PASSWORD, "next": "https://example.org/"})
    assert response["Location"] == "/"


def test_a_session_that_ran_out_says_so() -> None:
    client = entered(someone("lin"))
    client.session.flush()
    response = client.get("/account/")
    assert "ended=1" in response["Location"]
    assert "Your session ended after 30 minutes" in html(stranger().get(response["Location"]))


def test_too_many_failures_lock_the_name_and_tell_until_when_and_whom_to_call(settings) -> None:
    someone("lin", "operator")
    someone("boss", "security_admin")
    client = stranger()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post("/login/", {"username": "lin", "password": "no"}).status_code == 200
    response = client.post("/login/", {"username": "lin", "password": "no"})
    assert response.status_code == 429
    assert "try again after" in html(response) and "Boss" in html(response)
    assert client.post("/login/", {"username": "lin", "password": PASSWORD}).status_code == 429
    assert events().count("login_failed") == settings.AXES_FAILURE_LIMIT - 1
    assert "locked" in events()
    admin = entered(User.objects.get(username="boss"))
    admin.post("/users/lin/state/", {"act": "unlock"})
    assert client.post("/login/", {"username": "lin", "password": PASSWORD}).status_code == 302


def test_the_demo_shows_its_log_ins_and_a_live_zone_none() -> None:
    zone = Zone.objects.create(key="z", name="区", demo_today=NOW.date())
    services.create_user("demo", "open-sesame", by=None, now=NOW, demo=True, roles=["operator"])
    assert "open-sesame" in html(Client().get("/login/"))
    zone.demo_today = None
    zone.save()
    assert "open-sesame" not in html(Client().get("/login/"))


def test_the_switch_of_language_stays_with_the_user() -> None:
    user = someone("lin")
    client = entered(user)
    assert "My account" in html(client.get("/account/"))
    client.post("/language/", {"language": "zh-hans", "next": "/account/"})
    user.refresh_from_db()
    assert user.language == "zh-hans"
    assert "我的账户" in html(entered(user).get("/account/"))


def test_one_changes_ones_own_password() -> None:
    client = entered(user := someone("lin"))
    given = {"old_password": PASSWORD, "new_password1": "other-horse-8", "new_password2": "other-horse-8"}
    assert client.post("/account/password/", {**given, "old_password": "no"}).status_code == 200
    assert client.post("/account/password/", given).status_code == 302
    assert client.get("/account/").status_code == 200
    assert User.objects.get(pk=user.pk).check_password("other-horse-8")


def test_a_key_is_shown_once_and_opens_the_api_as_its_owner() -> None:
    client = entered(someone("sec", "security_admin"))
    page = html(client.post("/account/keys/", {"name": "report", "days": "90"}))
    key = page.split('id="made" readonly value="')[1].split('"')[0]
    assert key not in html(client.get("/account/"))
    bearer = {"authorization": f"Bearer {key}"}
    rows = Client().get("/api/lists/users", headers=bearer)
    assert rows.status_code == 200 and rows.json()["total"] == 1
    assert Client().get("/api/lists/audit", headers=bearer).status_code == 403
    assert Client().get("/api/lists/users", headers={"authorization": "Bearer no"}).status_code == 401
    assert Client().get("/api/lists/users").status_code == 401
    token = Token.objects.get()
    assert entered(someone("other", "operator")).post(f"/account/keys/{token.pk}/revoke/").status_code == 403
    client.post(f"/account/keys/{token.pk}/revoke/")
    assert Client().get("/api/lists/users", headers=bearer).status_code == 401


def test_the_security_administrator_makes_grants_revokes_and_disables() -> None:
    admin = entered(someone("sec", "security_admin"))
    new = {"username": "lin", "display_name": "Lin", "password": PASSWORD, "role": "leader", "language": "en"}
    assert admin.post("/users/new/", {**new, "password": "abc"}).status_code == 422
    assert admin.post("/users/new/", new)["Location"] == "/users/lin/"
    admin.post("/users/lin/grant/", {"role": "drafter", "reason": "new desk"})
    page = html(admin.get("/users/lin/"))
    assert "new desk" in page and str(Role.DRAFTER.label) in page
    assert admin.post("/users/lin/grant/", {"role": "operator", "reason": ""}).status_code == 422
    assert admin.post("/users/lin/revoke/drafter/", {"reason": ""}).status_code == 409
    admin.post("/users/lin/revoke/drafter/", {"reason": "moved"})
    user = User.objects.get(username="lin")
    assert set(user.role_grants.values_list("role", flat=True)) == {"leader"}
    admin.post("/users/lin/state/", {"act": "disable"})
    assert Client().post("/login/", {"username": "lin", "password": PASSWORD}).status_code == 200
    admin.post("/users/lin/state/", {"act": "enable"})
    admin.post("/users/lin/password/", {"password": "third-horse-9"})
    assert Client().post("/login/", {"username": "lin", "password": "third-horse-9"}).status_code == 302
    assert "Lin" in html(admin.get("/users/"))


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"security_admin"}))
def test_nobody_else_changes_users(role: str) -> None:
    client, _other = entered(someone("u", role)), someone("lin")
    posts = {
        "/users/new/": {"username": "x", "display_name": "X", "password": PASSWORD, "language": "en"},
        "/users/lin/grant/": {"role": "operator", "reason": "x"},
        "/users/lin/state/": {"act": "disable"},
        "/users/lin/password/": {"password": "third-horse-9"},
    }
    for path, data in posts.items():
        assert client.post(path, data).status_code in (403, 404), path
    lin = User.objects.get(username="lin")
    assert lin.is_active and lin.check_password(PASSWORD) and not lin.role_grants.exists()
    assert client.get("/users/").status_code == (200 if role == "audit_admin" else 403)


def test_the_administration_opens_to_the_system_administrator_only() -> None:
    someone("op", "operator")
    op = User.objects.get(username="op")
    op.is_staff = op.is_superuser = True
    op.save()
    assert entered(op).get("/admin/", follow=True).status_code == 403
    page = html(entered(someone("sys", "system_admin")).get("/admin/"))
    assert "Sources" in page and "/add/" not in page
