"""Saved views: a list as somebody asked for it, kept, shared with colleagues, dropped; rights stay the reader's."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gangshen.apps.identity import services
from gangshen.apps.identity.models import Organisation, Role, RoleGrant, SavedView, User
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def person(role: str, name: str) -> User:
    firm = Organisation.objects.get_or_create(key="reef", defaults={"kind": "enterprise", "name": "礁石厂"})[0]
    user = User.objects.create(username=name, organisation=firm if role == "enterprise" else None)
    RoleGrant.objects.create(user=user, role=Role(role), granted_at=NOW)
    return user


@pytest.mark.django_db
def test_a_view_is_kept_opened_replaced_and_dropped(client: Client) -> None:
    client.force_login(person("operator", "one"))
    page = client.get("/enterprises/?status=存续&sort=-revenue&page=3").content.decode()
    assert 'name="query" value="status=%E5%AD%98%E7%BB%AD&amp;sort=-revenue"' in page, (
        "a page number is no part of a view"
    )
    given = {"listing": "enterprises", "path": "/enterprises/", "query": "status=存续&page=3", "name": " 存续  企业 "}
    answer = client.post("/account/views/", given)
    kept = SavedView.objects.get()
    assert (kept.name, kept.query, kept.shared) == ("存续 企业", "status=%E5%AD%98%E7%BB%AD", False)
    assert answer["Location"] == f"/enterprises/?{kept.query}&view=saved-{kept.pk}"
    opened = client.get(answer["Location"]).content.decode()
    assert 'aria-current="true">存续 企业</a>' in opened
    assert f"/account/views/{kept.pk}/drop/" in opened
    client.post("/account/views/", given | {"query": "status=注销"})
    assert SavedView.objects.get().query == "status=%E6%B3%A8%E9%94%80"
    client.post(f"/account/views/{SavedView.objects.get().pk}/drop/", {"path": "https://elsewhere.example/"})
    assert not SavedView.objects.exists()


@pytest.mark.django_db
def test_colleagues_see_what_is_shared_and_nobody_drops_anothers(client: Client) -> None:
    one, other, firm = person("operator", "one"), person("leader", "other"), person("enterprise", "firm")
    kept = services.keep_view(one, "enterprises", "规上", "q=a", shared=True, now=NOW)
    services.keep_view(one, "enterprises", "自己的", "q=b", shared=False, now=NOW)
    assert [view.name for view in services.saved_views(other, "enterprises")] == ["规上"]
    assert services.saved_views(firm, "enterprises") == []
    assert services.saved_views(other, "imports") == []
    client.force_login(other)
    page = client.get(f"/enterprises/?q=a&view=saved-{kept.pk}").content.decode()
    assert "规上" in page
    assert "/drop/" not in page
    client.post(f"/account/views/{kept.pk}/drop/")
    assert SavedView.objects.filter(pk=kept.pk).exists()


@pytest.mark.django_db
def test_what_is_no_view_is_refused() -> None:
    user, firm = person("operator", "one"), person("enterprise", "firm")
    for listing, name, query in (("no-list", "a", ""), ("enterprises", "  ", ""), ("enterprises", "a" * 41, "")):
        with pytest.raises(Refused):
            services.keep_view(user, listing, name, query, shared=False, now=NOW)
    with pytest.raises(Refused):
        services.keep_view(user, "enterprises", "a", "q=" + "x" * 3000, shared=False, now=NOW)
    with pytest.raises(Refused):
        services.keep_view(firm, "enterprises", "a", "", shared=False, now=NOW)
    with pytest.raises(Refused):
        services.keep_view(firm, "cases", "a", "", shared=True, now=NOW)
    assert not SavedView.objects.exists()
