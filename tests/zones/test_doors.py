"""Every address of the demo zone, tried by hand of each role: guessed ids, foreign posts, gets that would change something.

The addresses are read from the code, so a new one is tried the day it is mounted; what its ids may be stands in ``IDS``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Reading
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Record
from gangshen.apps.registers.services._sources import UPLOAD, source_named
from gangshen.cli import folders
from gangshen.web.listing import LISTINGS

pytestmark = [pytest.mark.full, pytest.mark.django_db(transaction=True)]
ZONE = Path(__file__).parents[2] / "zones" / "maqiao"
FIRMS = ("firm", "provider")  # log-ins of enterprises
BLIND = ("sysadmin",)  # who runs the machine: no business of theirs
PARAMETER = re.compile(r"<(?:(?:int|str|slug|path):)?(\w+)>")
WRITTEN_BY_LOOKING = {
    "archive.LogEntry",
    "archive.Seal",
    "sessions.Session",
    "identity.Token",
}  # the trail, the session


def ids(label: str, field: str = "pk", most: int = 2, **chosen: Any) -> Callable[[str], list[Any]]:
    """Keys of rows of a model, those of the other firm first where the model knows firms."""

    def found(other: str) -> list[Any]:
        rows = apps.get_model(label)._default_manager.filter(**chosen)
        names = {one.name for one in rows.model._meta.get_fields()}
        for name in ("subject", "firm"):
            if name in names and rows.model._meta.get_field(name).get_internal_type() == "CharField":
                rows = rows.filter(**{name: other}) or rows
        return list(rows.order_by("pk").values_list(field, flat=True)[:most])

    return found


def other_firm(other: str) -> list[Any]:
    return [other]


def said(*values: Any) -> Callable[[str], list[Any]]:
    return lambda other: list(values)


def anything(other: str) -> list[Any]:
    """For an address whose ids nobody stated yet: the first row, and the other firm."""
    return [1, other]


IDS: dict[str, dict[str, Callable[[str], list[Any]]]] = {  # the longest beginning that fits counts
    "lists/": {"key": lambda other: [key for key, _listing in LISTINGS.items()]},
    "users/": {"username": said("operator"), "role": said("operator")},
    "account/keys/": {"pk": ids("identity.Token")},
    "audit/": {"pk": ids("archive.LogEntry")},
    "archive/files/": {"sha256": ids("archive.File", "sha256", 6)},
    "runs/": {"pk": ids("runs.Run"), "number": ids("runs.Run")},
    "cases/": {
        "pk": ids("cases.Case", most=6),
        "number": ids("cases.Case", most=6),
        "event": ids("cases.CaseEvent"),
        "verb": said("report", "close", "hand_over"),
    },
    "enterprises/quality/sources/": {"key": ids("archive.Source", "key")},
    "enterprises/same/": {"number": ids("registers.Likeness")},
    "enterprises/imports/": {"file": ids("archive.File"), "run": ids("runs.Run"), "number": ids("registers.Batch")},
    "enterprises/merges/": {"batch": ids("registers.Batch")},
    "enterprises/likenesses/": {"number": ids("registers.Likeness")},
    "enterprises/": {"key": other_firm, "attribute": said("employees", "revenue")},
    "vocabulary/": {"name": said("employees", "certificates")},
    "documents/": {
        "key": ids("documents.Document", "key"),
        "pk": ids("documents.Item"),
        "item": ids("documents.Item"),
    },
    "indicators/": {"key": ids("indicators.Series", "key"), "at": said("2026-06-30")},
    "money/entries/": {"pk": ids("money.Entry")},
    "money/": {"key": ids("money.Programme", "key"), "programme": ids("money.Programme", "key"), "year": said(2026)},
    "policies/confirm/make/": {"key": ids("policies.Policy", "key")},
    "policies/confirm/firms/": {"pk": ids("policies.ConfirmLine")},
    "policies/confirm/": {"pk": ids("policies.ConfirmList")},
    "policies/": {
        "key": ids("policies.Policy", "key"),
        "name": ids("policies.PolicyVersion", "version"),
        "variant": said(1),
        "enterprise": other_firm,
    },
    "plans/tasks/": {"key": ids("plans.Task", "key")},
    "plans/targets/": {"key": ids("plans.Target", "key")},
    "plans/": {"key": ids("plans.Plan", "key")},
    "visits/": {"pk": ids("visits.Visit"), "key": other_firm},
    "chain/gaps/": {"key": ids("chain.Node", "key")},
    "chain/leads/": {"number": said(1)},
    "chain/nodes/": {"key": ids("chain.Node", "key")},
    "chain/": {"key": ids("chain.Chain", "key"), "firm": other_firm},
}


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            if not route.startswith("admin/"):
                yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern) and "(" not in route:
            yield route


def addresses(other: str, *, ided: bool) -> list[str]:
    """Every address; with ``ided`` only those that name a row, with the ids of others' rows put in."""
    found: dict[str, None] = {}
    for route in routes():
        names = PARAMETER.findall(route)
        if not names:
            if not ided:
                found[f"/{route}"] = None
            continue
        heads = [head for head in IDS if route.removeprefix("api/").startswith(head)]
        known = IDS[max(heads, key=len)] if heads else {}
        for values in product(*(known.get(name, anything)(other) for name in names)):
            rest = iter(values)
            found[f"/{PARAMETER.sub(lambda _one: str(next(rest)), route)}"] = None  # noqa: B023
    return list(found)


def held() -> dict[str, str]:
    """A digest of each table, but for what looking itself writes."""
    digests = {}
    for model in apps.get_models():
        label = model._meta.label
        if label not in WRITTEN_BY_LOOKING and not label.startswith(("axes.", "django_tasks_db.")):
            fields = [one.attname for one in model._meta.concrete_fields if one.name not in ("last_login",)]
            rows = list(model._base_manager.order_by("pk").values_list(*fields))
            digests[label] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"
    return digests


def entered(name: str, **kwargs: Any) -> Client:
    client = Client(raise_request_exception=False, **kwargs)
    client.force_login(User.objects.get(username=name))
    return client


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


@pytest.fixture
def other(settings: Any) -> str:
    """The zone in a database; gives the key of a firm that no log-in belongs to and that offices have work with."""
    folders.fill(ZONE)
    busy = apps.get_model("visits.Visit").objects.values_list("firm__key", flat=True)
    return str(Organisation.objects.filter(key__in=busy, users=None).order_by("key").values_list("key", flat=True)[0])


def strangers_names(name: str) -> list[str]:
    firms = Organisation.objects.filter(kind="enterprise")
    if name in BLIND:
        return list(firms.values_list("name", flat=True))
    own = Organisation.objects.get(users__username=name)
    told = str(list(Record.objects.filter(subject=own.key).values_list("values", flat=True)))  # its own suppliers
    return [one for one in firms.values_list("name", flat=True) if one not in own.name and one not in told]


def printed() -> str:
    """What the documents of the zone say; they are public papers, and some name firms."""
    return "".join(archive.read(one.text_file).decode() for one in Reading.objects.select_related("text_file"))


def test_no_door_shows_another_firm_and_none_breaks(other: str) -> None:
    everyone = [user.username for user in User.objects.order_by("pk")]
    assert {*FIRMS, *BLIND} <= set(everyone)
    free = body(Client().get("/public/")) + body(Client().get("/wall/")) + printed()
    for name in everyone:
        client = entered(name)
        hidden = [one for one in strangers_names(name) if one not in free] if name in (*FIRMS, *BLIND) else []
        for address in addresses(other, ided=False):
            if address.startswith(("/logout", "/public", "/wall")):
                continue
            answer = client.get(address)
            assert answer.status_code < 500, (name, address, answer.status_code)
            shown = body(answer)
            seen = [one for one in hidden if one in shown]
            assert not seen, (name, address, answer.status_code, seen[:3])


def test_a_guessed_key_and_a_key_that_is_not_answer_alike(other: str) -> None:
    """Whoever may not see a row does not learn that it is there."""
    client = entered("firm")
    for there, gone in (
        (f"/enterprises/{other}/", "/enterprises/919999990000000000/"),
        (f"/api/enterprises/{other}", "/api/enterprises/919999990000000000"),
        (f"/api/policies/match/{other}", "/api/policies/match/919999990000000000"),
    ):
        assert client.get(there).status_code == client.get(gone).status_code, there


def test_looking_changes_nothing(other: str) -> None:
    for name in ("operator", "data"):
        client = entered(name)
        source_named(UPLOAD)  # a source of the registers' own is made when first needed
        before = held()
        for address in addresses(other, ided=False):
            client.get(address)
        after = held()
        assert {label for label in after if after[label] != before[label]} == set(), name


def test_posts_of_a_stranger_change_nothing(other: str) -> None:
    before = held()
    for name in (None, "provider", "auditor", "leader"):
        client = entered(name) if name else Client(raise_request_exception=False)
        for address in addresses(other, ided=True):
            if name == "leader" and ("/instruct/" in address or "/cases/" in address):
                continue  # what a leader may do
            for kind in ("application/x-www-form-urlencoded", "application/json"):
                sent = "words=x&receipt=x&text=x&note=x" if kind.endswith("urlencoded") else "{}"
                answer = client.post(address, sent, content_type=kind)
                assert answer.status_code < 500, (name, address, answer.status_code)
        after = held()
        assert {label for label in after if after[label] != before[label]} == set(), name


def test_no_post_goes_without_its_token(other: str) -> None:
    client = entered("operator", enforce_csrf_checks=True)
    before = held()
    for address in addresses(other, ided=False):
        answer = client.post(address, {})
        # 401: an endpoint that takes the key of a program, and no session without the token
        assert answer.status_code in (401, 403, 404, 405), (address, answer.status_code)
    assert held() == before
