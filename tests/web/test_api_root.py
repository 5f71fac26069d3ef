"""The API's root: who asks, pages of results, and errors that all look the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from ninja import Router, Schema
from ninja.pagination import paginate

from gangshen.web.api import TOKEN_AUTH, Paged, build
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import API_ROUTERS
from gangshen.web.middleware import ShellMiddleware

pytestmark = pytest.mark.django_db

router = Router()


class Thing(Schema):
    n: int


@router.get("/things", response=list[Thing])
@paginate(Paged)
def things(request: HttpRequest) -> list[dict[str, int]]:
    return [{"n": at} for at in range(7)]


@router.post("/things")
def add(request: HttpRequest, thing: Thing) -> dict[str, Any]:
    return {"n": thing.n, "by": request.user.get_username()}


@router.get("/fail/{how}")
def fail(request: HttpRequest, how: str) -> None:
    raise {"refused": Refused("余额不足。", "先追加指标。"), "denied": PermissionDenied(), "missing": Http404()}[how]


class Addresses:
    """A URL configuration of the API alone."""

    urlpatterns: list[Any] = []


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(API_ROUTERS, "_entries", {"sample": (0, router)})
    monkeypatch.setattr(router, "api", None, raising=False)
    monkeypatch.setattr(Addresses, "urlpatterns", [path("api/", build("sample-api").urls)])
    with override_settings(ROOT_URLCONF=Addresses):
        yield


@pytest.fixture
def someone() -> Any:
    return get_user_model().objects.create_user("someone")


def test_the_root_serves_registered_routers(
    api: None, client: Client, someone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/api/sample/things").status_code == 401
    client.force_login(someone)

    page = client.get("/api/sample/things?page=2&size=3").json()
    assert page == {"items": [{"n": 3}, {"n": 4}, {"n": 5}], "total": 7, "page": 2, "pages": 3, "size": 3}
    assert client.get("/api/sample/things?page=99&size=3").json()["items"] == [{"n": 6}]

    for how, status in (("refused", 409), ("denied", 403), ("missing", 404)):
        answer = client.get(f"/api/sample/fail/{how}")
        assert answer.status_code == status
        assert set(answer.json()) == {"message", "remedy"}
    assert client.get("/api/sample/fail/refused").json()["remedy"] == "先追加指标。"

    wrong = client.post("/api/sample/things", {"n": "x"}, content_type="application/json")
    assert wrong.status_code == 422
    assert wrong.json()["fields"][0]["field"] == "body.thing.n"

    # a session needs the CSRF token, a bearer token stands for itself
    monkeypatch.setattr(TOKEN_AUTH, "_entries", {"token": (0, lambda text: someone if text == "right" else None)})
    strict = Client(enforce_csrf_checks=True)
    body = json.dumps({"n": 1})
    strict.force_login(someone)
    assert strict.post("/api/sample/things", body, content_type="application/json").status_code == 403
    bearer = Client(enforce_csrf_checks=True)
    right = bearer.post(
        "/api/sample/things", body, content_type="application/json", headers={"authorization": "Bearer right"}
    )
    assert right.json() == {"n": 1, "by": "someone"}
    wrong_token = bearer.get("/api/sample/things", headers={"authorization": "Bearer wrong"})
    assert wrong_token.status_code == 401


def refused(request: HttpRequest) -> HttpResponse:
    raise AssertionError("never called: the middleware is asked directly")


def test_a_refusal_is_a_page_or_a_toast(someone: Any) -> None:
    shell = ShellMiddleware(refused)
    request: Any = RequestFactory().get("/x/")
    request.user, request.htmx = someone, False
    page = shell.process_exception(request, Refused("余额不足。", "先追加指标。"))
    assert page is not None
    assert (page.status_code, "余额不足。 先追加指标。" in page.content.decode()) == (409, True)
    request.htmx = True
    toast = shell.process_exception(request, Refused("余额不足。"))
    assert toast is not None
    assert json.loads(toast["HX-Trigger"])["toast"] == {"state": "bad", "text": "余额不足。"}
    assert toast["HX-Trigger"].isascii()
    assert shell.process_exception(request, ValueError("a fault of ours")) is None


def test_too_many_failed_log_ins_lock_the_name_and_say_so(client: Client, settings: Any) -> None:
    get_user_model().objects.create_user("someone-else", password="long and odd 17")
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/login/", {"username": "someone-else", "password": "wrong"})
    assert last.status_code == 429
    assert "此账号已锁定" in last.content.decode()
    assert client.post("/login/", {"username": "someone-else", "password": "long and odd 17"}).status_code == 429
