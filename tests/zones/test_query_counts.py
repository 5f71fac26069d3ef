"""The pages opened most ask the database a fixed number of times, however large the zone is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gangshen.apps.identity.models import User
from gangshen.cli import folders
from gangshen.web.listing import LISTINGS
from gangshen.web.listing._result import open_to

ZONE = Path(__file__).parents[2] / "zones" / "maqiao"
FIRM = "/enterprises/919999993B1W34X6XG/"
MOST = {  # what stood when it was last brought down; a page that asks more has to say why
    ("operator", "/"): 34,  # the ladder asks which snapshot holds, and for its titles
    ("leader", "/"): 33,
    ("unit", "/plans/mine/"): 20,
    ("operator", FIRM): 39,  # its grants, rung, snapshot, whom it and firms of the chain were merged with
    ("manager", FIRM): 39,
    ("operator", "/enterprises/?q=%E6%99%BA%E8%83%BD&sort=-revenue"): 20,  # two for the views that people keep
    ("data", "/enterprises/imports/"): 20,  # and what is under way or failed
    ("firm", "/my/"): 30,  # with what it is asked to confirm, was granted before, its rung, whom it was merged with
    ("operator", "/plans/targets/operating-plan-2026-g133/"): 32,
    ("operator", "/indicators/statistics/rd-spend/"): 20,
    ("leader", "/indicators/statistics/rd-spend/"): 16,
    ("operator", "/indicators/statistics/"): 13,
}


@pytest.mark.full
def test_what_the_first_pages_ask(transactional_db: None, django_assert_max_num_queries: Any) -> None:
    folders.fill(ZONE)
    for (name, path), most in MOST.items():
        client = Client()
        client.force_login(User.objects.get(username=name))
        assert client.get(path).status_code == 200  # what is kept between requests is there from the second on
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200, (name, path)


LISTED = 23  # queries of any list, as page; two is for the views that people keep, 11 of them are the frame: session, user, roles, menu counts, zone
COSTLY = {"doubts": 32, "ladder-firms": 44}  # lists that work out what they show from records, not from rows
SLACK = 2  # rows of a kind that the shorter page did not show may need their own names once
PAGES = {  # of the operator, beside the lists
    "/plans/": 20,
    "/plans/operating-plan-2026/": 25,
    "/policies/": 16,
    "/policies/matches/": 23,
    "/chain/gaps/": 22,  # who was merged with whom; which snapshot holds: what buyers said is looked up once for it
    "/chain/zone/": 17,
    "/documents/": 20,
    "/enterprises/imports/": 18,  # with what is under way or failed, and the views that people keep
    "/cases/": 24,
    "/search/?q=机器人": 12,
    "/public/": 28,  # with the kept results of statistics, and the chain's snapshot
    "/wall/": 23,  # the same
}


def asked(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)


@pytest.mark.full
def test_a_longer_list_asks_no_more(transactional_db: None) -> None:
    folders.fill(ZONE)
    tried = set()
    for name in ("operator", "auditor"):
        client = Client()
        client.force_login(User.objects.get(username=name))
        for key, listing in LISTINGS.items():
            if not open_to(listing, client.get("/").wsgi_request.user):
                continue
            tried.add(key)
            short, long = (asked(client, f"/lists/{key}/?size={size}") for size in (2, 100))
            assert long <= min(short + SLACK, COSTLY.get(key, LISTED)), (name, key, short, long)
    assert len(tried) >= len(LISTINGS) - 3, {key for key, _one in LISTINGS.items()} - tried


@pytest.mark.full
def test_what_the_heads_of_the_offices_ask(transactional_db: None) -> None:
    folders.fill(ZONE)
    client = Client()
    client.force_login(User.objects.get(username="operator"))
    found = {path: asked(client, path) for path in PAGES}
    assert {path: count for path, count in found.items() if count > PAGES[path]} == {}
