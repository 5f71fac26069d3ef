"""What a stranger or a hurried user sends: addresses to be sent on to, foreign hosts, pages of a million rows, old sessions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
PASSWORD, NEXT = "seven odd lanterns 4", "eight odd lanterns 5"
AWAY = [
    "//elsewhere.example/",
    "https://elsewhere.example/",
    "/\\elsewhere.example",
    "javascript:alert(1)",
    "\thttps://e.example",
]


@pytest.fixture
def office(settings: Any) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return identity.create_user("office-a", PASSWORD, by=None, now=NOW, roles=["operator"])


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("away", AWAY)
def test_nobody_is_sent_elsewhere(office: User, away: str) -> None:
    back = Client().post("/login/", {"username": "office-a", "password": PASSWORD, "next": away})
    assert (back.status_code, back["Location"]) == (302, "/")
    for path, said in (("/theme/", {"theme": "dark"}), ("/language/", {"language": "en"})):
        assert entered(office).post(path, said | {"next": away})["Location"] == "/"


def test_a_foreign_host_is_refused(office: User) -> None:
    assert entered(office).get("/", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("asked", ["page=-1", "page=99999999999", "size=100000", "size=x", "sort=nope", "nope=1"])
def test_a_list_asked_wrongly_answers_and_says_so(office: User, asked: str) -> None:
    client = entered(office)
    assert client.get(f"/lists/enterprises/?{asked}").status_code == 200
    assert client.get(f"/lists/enterprises.csv?{asked}").status_code == 200
    answer = client.get(f"/api/lists/enterprises?{asked}")
    assert answer.status_code == 422 and asked.split("=")[0] in answer.content.decode()


def test_a_sign_that_no_database_takes_is_a_bad_request(office: User) -> None:
    for path in ("/lists/enterprises/?q=%00", "/enterprises/a%00b/", "/api/lists/enterprises?q=%00"):
        assert entered(office).get(path).status_code == 400, path


def test_a_new_password_ends_the_other_sessions_and_keeps_ones_own(office: User) -> None:
    here, elsewhere = entered(office), entered(office)
    changed = {"old_password": PASSWORD, "new_password1": NEXT, "new_password2": NEXT}
    assert here.post("/account/password/", changed).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/")["Location"].startswith("/login/")


def test_who_is_disabled_is_out_at_once(office: User) -> None:
    client = entered(office)
    key = identity.issue_token(office, "k", now=identity.now())
    bearer = Client(headers={"authorization": f"Bearer {key}"})
    assert client.get("/account/").status_code == bearer.get("/api/lists").status_code == 200
    identity.disable_user(office, by=None)
    assert client.get("/account/").status_code == 302
    assert bearer.get("/api/lists").status_code == 401


def test_every_page_says_that_it_is_not_framed_sniffed_or_kept(office: User) -> None:
    answer = entered(office).get("/account/")
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", ["../../x.txt", 'a"b.html', "甲\n乙.txt", "<script>.html", "x" * 400 + ".txt"])
def test_a_file_with_an_odd_name_is_kept_and_comes_back_as_a_download(office: User, name: str) -> None:
    kept = archive.store(b"<script>alert(1)</script>", name, now=NOW, actor=office)
    answer = entered(office).get(f"/archive/files/{kept.sha256}/")
    assert answer.status_code == 200
    head = answer["Content-Disposition"]
    assert head.startswith("attachment; filename") and ".." not in head and "/" not in head.removeprefix("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
