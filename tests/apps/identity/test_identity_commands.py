"""Users from the command line: how the first one comes into a live zone."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from gangshen.apps.identity.access import readable
from gangshen.apps.identity.commands import app
from gangshen.apps.identity.models import Role, User
from gangshen.engines.vocabulary import Access
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-7"


def run(*words: str, given: str = "") -> str:
    result = CliRunner().invoke(app, list(words), input=given, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_creates_lists_and_sets_a_password() -> None:
    run("create", "sec", "--role", "security_admin", "--name", "Sec", given=f"{PASSWORD}\n{PASSWORD}\n")
    user = User.objects.get(username="sec")
    assert user.check_password(PASSWORD)
    assert "security_admin" in run("users")
    run("password", "sec", given="other-horse-8\nother-horse-8\n")
    user.refresh_from_db()
    assert user.check_password("other-horse-8")
    run("unlock", "sec")


def test_refuses_in_words_and_keeps_nothing() -> None:
    with pytest.raises(Refused, match="no role boss"):
        run("create", "x", "--role", "boss", given=f"{PASSWORD}\n{PASSWORD}\n")
    with pytest.raises(Refused, match="too short"):
        run("create", "x", "--role", "operator", given="abc\nabc\n")
    with pytest.raises(Refused, match="no user x"):
        run("password", "x", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert not User.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_the_statistics_class_opens_to_statistics_clerks_alone(role: str) -> None:
    user = User.objects.create(username=role)
    user.role_grants.create(role=role, granted_at=user.date_joined)
    assert (Access.STATISTICS in readable(user)) == (role == "statistics_clerk")
    assert Access.STATISTICS not in readable(user, own=True) or role == "statistics_clerk"
    assert (Access.PERSONAL in readable(user)) == (role in ("account_manager", "data_officer"))
    assert Access.PUBLIC in readable(user)


def test_nobody_reads_more_than_the_public() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert readable(AnonymousUser()) == {Access.PUBLIC}
