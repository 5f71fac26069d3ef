"""Role × model × action × channel: what comes out anywhere is what roles.csv states, counted by an oracle of its own.

Lists and endpoints are found through their hook points, so a new one is in the matrix the day it is registered.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from gangshen.apps.identity import access, services
from gangshen.apps.identity.access import ACTIONS, RestrictedQuerySet
from gangshen.apps.identity.models import Organisation, Role, User
from gangshen.console import index
from gangshen.engines.benefits import Policy as Law
from gangshen.engines.formats import dump_yaml, load_yaml
from gangshen.web.hookpoints import API_ROUTERS, SEARCH_SOURCES
from gangshen.web.listing import LISTINGS

pytestmark = pytest.mark.django_db
ZONE = Path(__file__).resolve().parents[3] / "zones" / "maqiao"
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
DAY = NOW.date()
HOMES = {"unit": "unit-a", "enterprise": "firm-a", "provider": "firm-a"}
WITHOUT_MODEL = {"policies.match", "indicators.smallcell"}  # a result file of a run; a right over cells, not rows


def stated() -> dict[tuple[str, str], dict[str, str]]:
    """(role, model) → action → scope, read from the file without the code under test."""
    file = Path(access.__file__).with_name("roles.csv")
    rows = csv.DictReader(line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        said = found.setdefault((row["role"], row["model"].lower()), {})
        said |= dict.fromkeys(row["actions"].split(), row["scope"])
    return found


STATED = stated()
RESTRICTED = sorted(
    (model for model in apps.get_models() if isinstance(model._default_manager.all(), RestrictedQuerySet)),
    key=lambda model: model._meta.label_lower,
)


def make(label: str, **values: Any) -> Any:
    return apps.get_model(label)._default_manager.create(**values)


def people() -> dict[str, User]:
    services.upsert_organisations(
        [{"key": key, "kind": kind, "name": key} for key, kind in
         (("unit-a", "agency"), ("unit-b", "agency"), ("firm-a", "enterprise"), ("firm-b", "enterprise"))]
    )  # fmt: skip
    return {
        role: services.create_user(
            role,
            None,
            by=None,
            now=NOW,
            roles=[role],
            organisation=services.organisation(HOMES[role]) if role in HOMES else None,
        )
        for role in Role.values
    }


@pytest.fixture
def world() -> dict[str, User]:
    """A user of each role, and rows of two units, two firms and everyone's own."""
    users = people()
    home = {one.key: one for one in Organisation.objects.all()}
    source = make("archive.Source", key="s", name="s")
    for number, key in enumerate(("firm-a", "firm-b")):
        made = make("archive.File", sha256=f"{number:064}", name=key, size=1, created_at=NOW)
        make("archive.Link", scheme="file", target=made.sha256, ref=f"file:{made.sha256}", owner=f"org:{key}")
    make("archive.Seal", hour=NOW, last_entry=1, entries=1, digest="d")
    make("runs.Schedule", key="k", kind="k")
    documents = [
        make("documents.Document", key=status, title=status, status=status, created_at=NOW)
        for status in ("in_force", "draft_for_comment", "repealed")
    ]
    file = apps.get_model("archive.File").objects.first()
    reading = make("documents.Reading", document=documents[0], file=file, text_file=file, text_hash="h", reader="r",
                   kind="k", data={}, created_at=NOW)  # fmt: skip
    make("documents.Item", reading=reading, kind="task", position=1, start=0, end=1, quote="q", data={})
    batch = make("registers.Batch", source=source, state="live", created_at=NOW)
    for key in ("firm-a", "firm-b"):
        make("registers.Record", subject=key, source=source, batch=batch, as_of=DAY, recorded_at=NOW, values={})
    make("registers.Merge", batch=batch, merged="gone", kept="firm-a")
    make("registers.Likeness", key="k", name="n", score=0.5, found_at=NOW)
    make("registers.Connector", key="c", source=source, content="source: s\nfolder: {path: p}\n", changed_at=NOW)
    make("registers.VocabularyPart", name="v", text="attributes: []\n", changed_at=NOW)
    for entity in ("zone", "unit-a", "unit-b"):
        series = make("indicators.Series", key=entity, entity=entity, name=entity, unit="1")
        make("indicators.Observation", series=series, at=DAY, value=1, recorded_at=NOW)
    counted = make("indicators.Statistic", key="s", name="s", definition="key: s\nname: {zh: s}\n", changed_at=NOW)
    make("indicators.Result", statistic=counted, as_of=DAY, value=1, n=1, open=0, shown=True, recorded_at=NOW)
    programme = make("money.Programme", key="p", name="p")
    account = make("money.Account", programme=programme, kind="available", year=2026)
    moved = make("money.Transaction", key="t", at=NOW, memo="m")
    make("money.Entry", transaction=moved, account=account, amount_fen=1, programme=programme)
    for status in ("draft", "in_force"):
        policy = make("policies.Policy", key=status, title=status)
        version = make(
            "policies.PolicyVersion", policy=policy, version="1", status=status, content="", digest="d", created_at=NOW
        )
        make("policies.Variant", policy=policy, base="1", name="B", content="", created_at=NOW)
        make("policies.VersionStep", version=version, kind="drafted", at=NOW, digest="d")
    granted = make("policies.GrantBatch", name="b", digest="d", at=NOW)
    for key in ("firm-a", "firm-b"):
        make("policies.Grant", batch=granted, firm=home[key], policy=policy, fen=1, granted_on=DAY, source="s")
    confirm = make("policies.ConfirmList", policy=policy, edition="1", as_of=DAY, digest="d", made_at=NOW, sent_at=NOW)
    for key in ("firm-a", "firm-b"):
        make("policies.ConfirmLine", roster=confirm, firm=home[key])
    for unit in ("unit-a", "unit-b"):
        plan = make("plans.Plan", key=unit, title=unit)
        task = make("plans.Task", plan=plan, key=f"{unit}-1", number="1", title=unit)
        make("plans.Assignment", task=task, unit=home[unit], printed=unit)
        make("plans.Report", task=task, text="t", actor=users["unit"], at=NOW)
        make("plans.Target", plan=plan, key=f"{unit}-t", subject="s", low=1, unit="1").units.add(home[unit])
    chain = make("chain.Chain", key="c", name="c")
    citation = make("chain.Citation", chain=chain, key="c", title="t")
    node = make("chain.Node", chain=chain, key="n", name="n", citation=citation)
    for key in ("firm-a", "firm-b"):
        make("chain.Placement", firm=key, node=node, basis="product", confidence=1)
    candidate = make("chain.Candidate", key="c", name="c", products="p", register="r", as_of=DAY)
    make("chain.Lead", candidate=candidate, node=node, unit=home["unit-a"], taken_at=NOW, changed_at=NOW)
    for user in users.values():
        make("runs.Run", kind="k", actor=user, created_at=NOW)
        make("identity.Token", user=user, name="n", digest=user.username, created_at=NOW)
        make("registers.WrongFact", ref="rec:1", note="n", actor=user, at=NOW)
        make("cases.Case", type="t", key=user.username, title="t", about="run:1", owner=user, opened_at=NOW)
    for unit in ("unit-a", "firm-a", "unit-b"):
        make("cases.Case", type="t", key=unit, title="t", about="run:1", unit=home[unit], opened_at=NOW)
    return users


Own = Callable[[User, Any], bool]
OWN: dict[str, Own] = {  # what "own" means, said a second time and in plain words
    "identity.organisation": lambda user, row: row == user.organisation,
    "archive.file": lambda user, row: row.name == user.organisation.key,
    "runs.run": lambda user, row: row.actor == user,
    "cases.case": lambda user, row: user in (row.owner, row.opened_by) or (row.unit and row.unit == user.organisation),
    "registers.record": lambda user, row: row.subject == user.organisation.key,
    "registers.wrongfact": lambda user, row: row.actor == user,
    "documents.document": lambda user, row: row.status in ("in_force", "draft_for_comment"),
    "indicators.series": lambda user, row: row.entity == user.organisation.key,
    "indicators.observation": lambda user, row: row.series.entity == user.organisation.key,
    "policies.policy": lambda user, row: any(one.status == "in_force" for one in row.versions.all()),
    "policies.policyversion": lambda user, row: row.status == "in_force",
    "policies.grant": lambda user, row: row.firm == user.organisation,
    "policies.confirmline": lambda user, row: row.firm == user.organisation,
    "chain.placement": lambda user, row: row.firm == user.organisation.key,
    "plans.plan": lambda user, row: row.key == user.organisation.key,
    "plans.task": lambda user, row: row.plan.key == user.organisation.key,
    "plans.report": lambda user, row: row.task.plan.key == user.organisation.key,
    "plans.target": lambda user, row: row.plan.key == user.organisation.key,
}


def expected(user: User, model: type[Model], action: str) -> set[Any]:
    label = model._meta.label_lower
    scope = STATED.get((user.username, label), {}).get(action)
    rows = list(model._base_manager.all())
    if scope == "all":
        return {row.pk for row in rows}
    return {row.pk for row in rows if OWN[label](user, row)} if scope == "own" else set()


def test_the_file_names_roles_models_and_actions_that_there_are() -> None:
    labels = {model._meta.label_lower for model in RESTRICTED} | WITHOUT_MODEL | {"ladder.standing"}
    for (role, model), actions in STATED.items():
        assert role in Role.values, role
        assert model in labels, model
        assert set(actions) <= set(ACTIONS) and set(actions.values()) <= {"all", "own"}, (role, model)


def test_every_restricted_model_is_stated_for_someone_and_seen_by_the_auditor_or_the_administrators() -> None:
    seen = {model for (_role, model), actions in STATED.items() if "view" in actions}
    assert {model._meta.label_lower for model in RESTRICTED} <= seen


def test_who_watches_changes_nothing() -> None:
    for (role, model), actions in STATED.items():
        if role == "audit_admin":
            assert set(actions) <= {"view", "export"}, model


def test_who_runs_or_grants_sees_no_office() -> None:
    """The system and the security administrator reach no data of enterprises, plans, policies or money."""
    offices = {"registers", "documents", "indicators", "money", "policies", "plans", "cases"}
    for role, model in STATED:
        if role in ("system_admin", "security_admin"):
            assert model.split(".")[0] not in offices, (role, model)


@pytest.mark.parametrize("role", Role.values)
def test_rows_are_those_stated(world: dict[str, User], role: str) -> None:
    user = world[role]
    for model in RESTRICTED:
        for action in ACTIONS:
            got = set(model._default_manager.for_user(user, action).values_list("pk", flat=True))  # type: ignore[attr-defined]
            assert got == expected(user, model, action), (role, model._meta.label, action)


def test_nobody_and_the_disabled_get_nothing(world: dict[str, User]) -> None:
    from django.contrib.auth.models import AnonymousUser

    bare = services.create_user("bare", None, by=None, now=NOW)
    bare.is_superuser = True
    gone = world["operator"]
    services.disable_user(gone, by=None)
    for user in (AnonymousUser(), bare, User.objects.get(pk=gone.pk)):
        for model in RESTRICTED:
            for action in ACTIONS:
                assert not model._default_manager.for_user(user, action).exists(), (user, model, action)  # type: ignore[attr-defined]


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", Role.values)
def test_lists_give_the_stated_rows_by_every_channel(world: dict[str, User], role: str) -> None:
    user, client = world[role], entered(world[role])
    bearer = Client(headers={"authorization": f"Bearer {services.issue_token(user, 't', now=services.now())}"})
    for key, listing in LISTINGS.items():
        source = listing.source(user)
        page, excel = client.get(f"/lists/{key}/"), client.get(f"/lists/{key}.xlsx")
        api, token = client.get(f"/api/lists/{key}"), bearer.get(f"/api/lists/{key}")
        if not isinstance(source, QuerySet):
            opened = 200 if listing.allowed(user) else 403
            assert (page.status_code, api.status_code, token.status_code) == (opened,) * 3, (role, key)
            continue
        label = source.model._meta.label_lower
        actions = STATED.get((role, label), {})
        opened = 200 if "view" in actions else 403
        assert (page.status_code, api.status_code, token.status_code) == (opened,) * 3, (role, key)
        assert excel.status_code == (200 if "export" in actions else 403), (role, key)
        if opened == 200:
            allowed = expected(user, source.model, "view")
            rows = set(listing.source(user).values_list("pk", flat=True))
            assert rows <= allowed, (role, key)
            if label != "archive.logentry":  # each request adds to the trail
                assert api.json()["total"] == token.json()["total"] == len(rows), (role, key)
        if excel.status_code == 200:
            assert lines(excel.content) <= len(allowed) + 40, (role, key)


SEARCHED = {  # kinds of the search box and the model whose rows they are
    "enterprise": "registers.record",
    "node": "chain.chain",
    "word": "registers.vocabularypart",
    "policy": "policies.policy",
    "document": "documents.document",
    "task": "plans.task",
    "target": "plans.target",
}


def write_rules() -> None:
    """Give the policies a text that can be read."""
    law = load_yaml(ZONE / "policies" / "equipment-renewal.yaml", Law)
    head = dump_yaml(law.model_dump(exclude={"versions"}, exclude_defaults=True), dict)
    apps.get_model("policies.Policy")._default_manager.update(content=head)
    apps.get_model("policies.PolicyVersion")._default_manager.update(content=dump_yaml(law.versions[0]))


@pytest.mark.parametrize("role", Role.values)
def test_search_finds_what_is_stated_and_nothing_that_does_not_open(
    world: dict[str, User], role: str, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    for label in ("documents.Item", "documents.Reading"):  # of no text that could be read
        apps.get_model(label)._default_manager.all().delete()
    write_rules()
    user, client = world[role], entered(world[role])
    offered = [entry for source in SEARCH_SOURCES for entry in source.entries() if entry.kind != "word"]
    offered += list(SEARCH_SOURCES.get("word").entries())[:3]
    assert {entry.kind for entry in offered} == set(SEARCHED), "a new kind is stated here"
    assert index.renew() >= len(offered)
    found = {
        entry.id
        for entry in offered
        for hit in index.search(user, entry.title, [entry.kind], limit=100) or ()
        if hit.id == entry.id
    }
    for entry in offered:
        scope = STATED.get((role, SEARCHED[entry.kind]), {}).get("view")
        opens = client.get(entry.url).status_code == 200
        assert (entry.id in found) == opens, (role, entry.id, scope)
        assert opens or scope != "all", (role, entry.id)


def lines(workbook: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True).worksheets[0]
    return sum(1 for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row))


def addresses(patterns: list[Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, route)
        elif isinstance(one, URLPattern) and "<" not in route and "(" not in route:
            found.append("/" + route)
    return found


OPEN_TO_ALL = {
    *("/login/", "/favicon.ico", "/language/", "/health/", "/api/docs", "/api/openapi.json"),
    *("/public/", "/public/data.csv", "/wall/"),  # what the offices register as public
    "/indicators/statistics/open.csv",  # the public statistics, small cells hidden
}
OPEN_TO_A_LOG_IN = {"/account/", "/account/password/", "/components/", "/", "/search/", "/cases/", "/my/"}


def test_a_visitor_reaches_no_page_and_no_endpoint() -> None:
    for path in addresses(get_resolver().url_patterns):
        if path in OPEN_TO_ALL:
            continue
        response = Client().get(path)
        refused = response.status_code in (401, 404, 405) or (
            response.status_code == 302 and "/login/" in response["Location"]
        )
        assert refused, (path, response.status_code)


def test_a_log_in_without_a_role_reaches_no_page_of_data(world: dict[str, User]) -> None:
    client = entered(services.create_user("bare", None, by=None, now=NOW))
    for path in addresses(get_resolver().url_patterns):
        if path.startswith("/admin/") or path in OPEN_TO_ALL | OPEN_TO_A_LOG_IN:
            continue
        response = client.get(path)
        if response.status_code == 200 and path.startswith("/api/"):
            body = response.json()
            assert not (body.get("items") if isinstance(body, dict) else body), path
        else:
            assert response.status_code in (302, 403, 404, 405, 409, 422), (path, response.status_code)


def test_every_endpoint_asks_who_one_is() -> None:
    for prefix, router in API_ROUTERS.items():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                assert operation.auth_param is not None, (prefix, path)  # None would open it to everyone
