"""Whatever is sent to the API, it answers: never with a server error, and a stranger gets nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings

from gangshen.apps.identity import services

pytestmark = [pytest.mark.full, pytest.mark.django_db]
REFUSED = {401, 403, 404, 405, 415, 422}


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """The test's transaction stays open over many requests, as under Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    found = [result.ok() for result in schema.get_all_operations()]
    assert found, "the API states no operation"
    return found


def try_each(operation: Any, headers: dict[str, str], examples: int, judge: Any) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        answer = case.call(headers=headers)
        assert judge(answer.status_code), f"{operation.label}: {answer.status_code} {answer.text[:400]}"

    call()


def test_no_call_breaks_the_server() -> None:
    now = timezone.now()
    user = services.create_user("fuzzer", "four words no one says", by=None, now=now, roles=["operator"])
    bearer = {"Authorization": f"Bearer {services.issue_token(user, 'fuzz', now=now)}"}
    seen: set[int] = set()
    for operation in operations():
        try_each(operation, bearer, 20, lambda status: seen.add(status) or status < 500)
    assert 200 in seen, "no call was let in: nothing was tried"


def test_a_stranger_gets_nothing() -> None:
    for operation in operations():
        try_each(operation, {}, 2, lambda status: status in REFUSED)
