"""The demo zone in a database: loaded whole, with work to do on its day, and written out again the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, Role, RoleGrant
from gangshen.apps.indicators import services as indicators
from gangshen.apps.indicators.models import Statistic
from gangshen.apps.money import services as money
from gangshen.apps.money.models import Programme
from gangshen.apps.plans import services as plans
from gangshen.apps.plans.models import Assignment, Report, Target, Task
from gangshen.apps.policies import services as policies
from gangshen.apps.policies.services import editions_in_force
from gangshen.apps.registers.services import facts, snapshot
from gangshen.cli import folders
from gangshen.engines.evidence import Ref

ZONE = Path(__file__).parents[2] / "zones" / "maqiao"


@pytest.fixture
def maqiao(transactional_db: None) -> None:
    folders.fill(ZONE)


@pytest.mark.usefixtures("maqiao")
def test_the_zone_is_whole() -> None:
    today = identity.today()
    assert today.isoformat() == "2026-11-20"
    frame = snapshot().frame
    assert frame.height == 310
    assert frame["synthetic"].sum() == 300
    _roles_have_someone()
    _documents_are_read()
    _work_is_due()
    _policies_apply()
    _grants_fit_their_policies()
    _kept_statistics_are_what_is_counted(today)
    assert money.check() == []
    used = money.balance(Programme.objects.get(key="compute-subsidy"), 2026)
    assert used.available * 100 // used.appropriated == 18
    assert not Source.objects.filter(key__startswith="synthetic-").exclude(synthetic=True).exists()


def _kept_statistics_are_what_is_counted(today: dt.date) -> None:
    """Who sees the published figure and who counts it anew on the same day read the same."""
    for row in Statistic.objects.all():
        _result, new = indicators.keep(row, today, actor=None, now=identity.now())
        assert not new, row.key


def _roles_have_someone() -> None:
    held = set(RoleGrant.objects.values_list("role", flat=True))
    assert held == set(Role.values)
    assert len(identity.demo_users()) == 14
    firm = Organisation.objects.get(users__username="firm")
    assert firm.synthetic and facts(firm.key, identity.today())


def _documents_are_read() -> None:
    kinds = dict(Document.objects.filter(readings__current=True).values_list("key", "readings__kind"))
    assert kinds == {
        "work-plan-2019": "plan",
        "robot-action-plan-draft": "plan",
        "operating-plan-2026": "plan",
        "compute-subsidy": "policy",
        "support-measures": "policy",
        "equipment-renewal": "policy",
        "training-voucher-draft": "policy",
        "rent-measures-2024": "policy",
        "statistics-2025": "none",
    }
    assert Task.objects.filter(plan__key="robot-action-plan-draft").count() == 18
    assert not Assignment.objects.filter(unit=None).exists(), "every printed unit is an organisation of the zone"
    became = set(Item.objects.exclude(adopted_as="").values_list("adopted_as", flat=True))
    assert became >= {f"task:{task.key}" for task in Task.objects.all()}, "run plans.py"
    rests = set(archive.links_to("doc", "operating-plan-2026").values_list("owner", flat=True))
    assert len([owner for owner in rests if owner.startswith("task:")]) == 12
    hashes = dict(Document.objects.filter(readings__current=True).values_list("key", "readings__text_hash"))
    for kept in (*Task.objects.all(), *Target.objects.all()):
        ref = Ref.parse(kept.evidence)
        assert ref.at == hashes[ref.id], f"{kept.key}: run plans.py"


def _work_is_due() -> None:
    today = identity.today()
    (operating,) = plans.status(today, plan="operating-plan-2026")
    lights = {task["number"]: (task["reason"], task["workdays"]) for task in operating["tasks"]}
    assert lights["3"] == ("overdue", -4)
    assert lights["1"] == ("overdue", -2)
    assert lights["4"] == ("soon", 2)
    assert lights["9"][0] == "closed"
    assert lights["10"][0] == "reported"
    stood = {target["subject"]: target["status"] for target in operating["targets"]}
    assert stood["训练设备安装并通电"] == "missed"
    assert stood["算力池日均利用率"] == "met"
    assert stood["区内智能机器人产业产值"] == "behind"
    assert stood["发布第三批场景需求"] == "unknown"
    assert set(Report.objects.values_list("state", flat=True)) == set(Report.State.values)
    (robots,) = plans.status(today, plan="robot-action-plan-draft")
    assert robots["draft"] and {task["reason"] for task in robots["tasks"]} == {"draft"}
    (work,) = plans.status(today, plan="work-plan-2019")
    assert {target["status"] for target in work["targets"]} == {"unknown"}

    _cases_are_open()


def _cases_are_open() -> None:
    today = identity.today()
    states = {
        case.type: cases.clock(case, today).state
        for case in Case.objects.filter(type__in=["follow_up", "question", "instruction"])
    }
    assert states == {"follow_up": "today", "question": "overdue", "instruction": "soon"}
    for case in Case.objects.filter(about__startswith="task:"):
        assert Task.objects.filter(key=Ref.parse(case.about).id).exists(), f"{case.key}: correct cases.yaml"


def _policies_apply() -> None:
    applying = {edition.key for edition in editions_in_force(identity.today())}
    assert len(applying) == 12
    assert "training-voucher" not in applying, "a text for comment is no law"
    (rent,) = (one for one in editions_in_force(dt.date(2025, 6, 1)) if one.key == "rent-subsidy")
    assert rent.version.version == "2024"


@pytest.mark.full
@pytest.mark.usefixtures("maqiao")
def test_written_out_loaded_and_written_out_again_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    folders.export(first)
    call_command("flush", interactive=False, verbosity=0)
    folders.fill(first)
    folders.export(second)
    files = {file.relative_to(first).as_posix(): file.read_bytes() for file in first.rglob("*") if file.is_file()}
    again = {file.relative_to(second).as_posix(): file.read_bytes() for file in second.rglob("*") if file.is_file()}
    assert sorted(files) == sorted(again)
    assert [name for name in files if files[name] != again[name]] == []
    missing = {name for name in _made_by_hand() if name not in files}
    assert missing == set()


def _made_by_hand() -> set[str]:
    files = (file.relative_to(ZONE) for file in ZONE.rglob("*") if file.is_file())
    return {file.as_posix() for file in files if not file.parts[0].startswith(("_", "."))}


def _grants_fit_their_policies() -> None:
    """The register of the demo is synthetic, on days on which the edition was the law, within the year's money."""
    told = list(policies.live_grants().select_related("firm", "policy__programme"))
    assert len(told) >= 10
    spent: dict[tuple[str, int], int] = {}
    for one in told:
        rule = policies.engine_version(one.policy.versions.get(version=one.edition))
        assert one.firm.synthetic and "合成" in one.source
        assert rule.applies(one.granted_on), one
        key = (one.policy.programme.key, one.granted_on.year)
        spent[key] = spent.get(key, 0) + one.fen
    balances = money.balances()
    assert all(fen <= balances[key].paid for key, fen in spent.items() if key in balances)
    kinds = {one.kind for match in policies.all_matches(identity.today()) for one in policies.because(match)}
    assert kinds >= {"granted", "ruled_out"}
