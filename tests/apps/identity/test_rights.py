"""Roles, tokens, users: three administrators are three people."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity import services
from gangshen.apps.identity.access import allowed, roles_of
from gangshen.apps.identity.models import ADMINISTRATORS, Role, RoleGrant, Token, User, Zone
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)


def someone(name: str, *roles: str) -> User:
    return services.create_user(name, "correct-horse-7", by=None, now=NOW, roles=roles)


@pytest.mark.parametrize(("first", "second"), list(permutations(ADMINISTRATORS, 2)))
def test_two_administrators_are_never_one_person(first: str, second: str) -> None:
    user = someone("u", first)
    with pytest.raises(Refused):
        services.grant_role(user, second, by=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=second, granted_at=NOW)
    assert roles_of(user) == {first}


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"audit_admin"}))
def test_who_audits_does_nothing_else(role: str) -> None:
    user = someone("u", "audit_admin")
    with pytest.raises(Refused):
        services.grant_role(user, role, by=None, now=NOW)
    with pytest.raises(Refused):
        services.grant_role(someone("v", role), "audit_admin", by=None, now=NOW)


@pytest.mark.parametrize("role", Role.values)
def test_only_the_security_administrator_grants(role: str) -> None:
    by, user = someone("by", role), someone("u")
    if role == "security_admin":
        services.grant_role(user, "operator", by=by, now=NOW, reason="new desk")
        assert roles_of(user) == {"operator"}
        assert services.revoke_role(user, "operator", by=by, now=NOW, reason="moved")
        assert roles_of(user) == frozenset()
    else:
        with pytest.raises(PermissionDenied):
            services.grant_role(user, "operator", by=by, now=NOW)


def test_nobody_serves_himself() -> None:
    admin = someone("s", "security_admin")
    with pytest.raises(Refused):
        services.grant_role(admin, "operator", by=admin, now=NOW)
    with pytest.raises(Refused):
        services.disable_user(admin, by=admin)


def test_the_last_security_administrator_stays() -> None:
    admin = someone("s", "security_admin")
    with pytest.raises(Refused):
        services.revoke_role(admin, "security_admin", by=None, now=NOW)
    with pytest.raises(Refused):
        services.disable_user(admin, by=None)
    someone("t", "security_admin")
    assert services.revoke_role(admin, "security_admin", by=None, now=NOW)


def test_a_grant_and_its_revocation_stand_in_the_trail_with_reasons() -> None:
    admin, user = someone("s", "security_admin"), someone("u")
    services.grant_role(user, "operator", by=admin, now=NOW, reason="new desk")
    services.revoke_role(user, "operator", by=admin, now=NOW, reason="moved")
    created, deleted = LogEntry.objects.filter(object_repr__startswith="u:").order_by("pk")
    assert created.changes["reason"] == ["None", "new desk"]
    assert (deleted.event, deleted.additional_data) == ("delete", {"reason": "moved"})


def test_a_disabled_user_has_no_role_and_no_key() -> None:
    user = someone("u", "operator")
    key = services.issue_token(user, "report", now=NOW)
    services.disable_user(user, by=None)
    assert services.user_for_token(key, NOW) is None
    assert roles_of(User.objects.get(pk=user.pk)) == frozenset()


def test_a_key_is_its_owner_until_it_expires_or_is_revoked() -> None:
    user = someone("u", "operator")
    key = services.issue_token(user, "report", now=NOW, days=30)
    assert services.user_for_token(key, NOW) == user
    assert services.user_for_token(key + "x", NOW) is None
    assert services.user_for_token(key, NOW + dt.timedelta(days=30)) is None
    token = Token.objects.get()
    assert key not in (token.digest, token.name)
    with pytest.raises(PermissionDenied):
        services.revoke_token(token, by=someone("v", "operator"))
    services.revoke_token(token, by=user)
    assert services.user_for_token(key, NOW) is None


def test_the_password_never_reaches_the_trail() -> None:
    user = someone("u")
    services.change_password(user, "another-horse-8", by=None)
    entry = LogEntry.objects.filter(event="update", object_repr="u").get()
    assert entry.changes["password"] == ["********", "********"]
    assert "argon2" not in str(list(LogEntry.objects.values_list("changes", flat=True)))


def test_a_weak_password_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="too short"):
        services.create_user("u", "abc", by=None, now=NOW)
    assert not User.objects.exists()


def test_demo_log_ins_are_shown_in_a_demo_zone_only() -> None:
    with pytest.raises(Refused):
        services.create_user("u", "demo", by=None, now=NOW, demo=True)
    zone = Zone.objects.create(key="z", name="区", demo_today=NOW.date())
    services.create_user("u", "demo", by=None, now=NOW, demo=True, roles=["operator"])
    assert services.demo_users() == [("u", "demo", str(Role.OPERATOR.label))]
    zone.demo_today = None
    zone.save()
    assert services.demo_users() == []


def test_default_is_deny() -> None:
    user = someone("u")
    assert not allowed(user, "view", "identity.Organisation")
    assert not allowed(someone("v", "operator"), "view", "nowhere.Nothing")
    user.is_superuser = True
    user.save()
    assert not allowed(User.objects.get(pk=user.pk), "view", "identity.Organisation")


def test_the_day_of_a_demo_zone_is_fixed() -> None:
    Zone.objects.create(key="z", name="区", demo_today=dt.date(2026, 4, 15))
    assert services.today() == dt.date(2026, 4, 15)
    assert services.now().date() == dt.date(2026, 4, 15)
    assert services.now().tzinfo is not None


def test_a_database_holds_one_zone() -> None:
    with pytest.raises(Refused):
        services.zone()
    services.set_zone(key="z", name="区")
    services.set_zone(key="z", name="新区")
    assert services.zone().name == "新区"
    with pytest.raises(Refused):
        services.set_zone(key="y", name="别区")
