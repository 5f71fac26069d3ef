"""The demo zone's policies over the demo zone's firms: proven by cases, one answer by two ways, grounds that open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy
from gangshen.apps.policies.services import Match
from gangshen.apps.registers import services as registers
from gangshen.cli import folders
from gangshen.engines.benefits import run_cases
from gangshen.engines.evidence import Ref
from gangshen.web.hookpoints import RESOLVERS

ZONE = Path(__file__).parents[3] / "zones" / "maqiao"
DECISIONS = {"no": 0, "unknown": 1, "yes": 2}
CLAUSE = {"id", "attribute", "operator", "threshold", "value", "decision", "reason", "quote", "source"}


@pytest.fixture
def maqiao(transactional_db: None) -> dt.date:
    folders.fill(ZONE)
    return identity.today()


def test_the_zone_is_matched(maqiao: dt.date) -> None:
    found = list(services.all_matches(maqiao))
    _cases_pass()
    _rows_keep_the_contract(found)
    _batch_agrees(found, services.match_all(maqiao))
    _one_by_one_agrees(found, maqiao)
    _stakes_agree(found, maqiao)
    _a_run_is_decided_again_the_same(maqiao)
    _grounds_open(found, maqiao)


def _cases_pass() -> None:
    words = registers.vocabulary()
    for policy in Policy.objects.prefetch_related("versions"):
        results = run_cases(services.engine_policy(policy), words)
        assert results, policy.key
        assert [one.case for one in results if not one.passed] == [], policy.key


def _rows_keep_the_contract(found: list[Match]) -> None:
    pairs = [(one.enterprise, one.edition.key) for one in found]
    assert pairs == sorted(pairs), "ordered by enterprise and policy"
    for row in map(services.as_row, found):
        assert list(row) == [
            "enterprise",
            "policy",
            "version",
            "decision",
            "amount_fen",
            "because",
            "clauses",
            "nearest",
            "questions",
        ]
        assert all(set(clause) == CLAUSE for clause in row["clauses"])
        assert (row["decision"] == "no") or row["nearest"] is None
        open_ = [clause for clause in row["clauses"] if clause["decision"] == "unknown"]
        assert all(clause["reason"] for clause in open_), "an unknown says why"


def _batch_agrees(found: list[Match], frame: pl.DataFrame) -> None:
    told = [
        (
            one.enterprise,
            one.edition.key,
            DECISIONS[one.decision.value],
            one.amount.low if one.amount else None,
            one.amount.high if one.amount else None,
        )
        for one in found
    ]
    assert told == frame.select("enterprise", "policy", "decision", "low", "high").rows()
    distances = frame["distance"].to_list()
    assert [one.verdict.distance for one in found] == distances


def _one_by_one_agrees(found: list[Match], day: dt.date) -> None:
    """What a page decides from the records is what the match decides from the snapshot."""
    rows = [services.as_row(one) for one in found]
    for firm in sorted({one.enterprise for one in found})[::7]:
        held = [row for row in rows if row["enterprise"] == firm]
        again = [services.as_row(one) for one in services.matches(firm, day)]
        for was, now in zip(held, again, strict=True):
            assert (was["decision"], was["amount_fen"], was["nearest"]) == (
                now["decision"],
                now["amount_fen"],
                now["nearest"],
            ), (firm, was["policy"])
            assert _read(was) == _read(now), (firm, was["policy"])


def _stakes_agree(found: list[Match], day: dt.date) -> None:
    """What waits for a missing value, worked out for all at once, is what each open question asks for."""
    asked = {(m.enterprise, q.attribute, m.edition.key, m.amount and m.amount.high) for m in found for q in m.questions}
    told = services.stakes(day).select("subject", "attribute", "matter", "fen")
    assert set(told.iter_rows()) == asked
    assert asked


def _read(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Of each clause the answer, why it is open, and the figure read; a snapshot keeps only the entries in force."""
    return [(c["decision"], c["reason"], None if isinstance(c["value"], list) else c["value"]) for c in row["clauses"]]


def _a_run_is_decided_again_the_same(day: dt.date) -> None:
    run = services.start(day, actor=None, now=identity.now(), inline=True)
    policies = {one.key: one for one in Policy.objects.all()}
    for row in services.decisions(run).gather_every(97).to_dicts():
        filed = services.filed(run, row["enterprise"], row["policy"])
        assert filed is not None
        again, _facts = services.recompute(filed, policies[row["policy"]], row["enterprise"])
        assert filed.agrees(again), (row["enterprise"], row["policy"])


def _grounds_open(found: list[Match], day: dt.date) -> None:
    auditor = User.objects.get(username="auditor")
    clerk = User.objects.get(username="manager")
    taken = [one for one in found if one.decision.value == "yes"][::20]
    assert taken
    for one in taken:
        refs = list(archive.chain(services.decision_ref(one.enterprise, one.edition.key, day)).refs())
        schemes = {Ref.parse(each).scheme for each in refs}
        assert {"match", "policy", "rec", "doc", "file"} <= schemes, refs
        for each in (Ref.parse(each) for each in refs):
            shown = RESOLVERS.get(each.scheme)(each, auditor) or RESOLVERS.get(each.scheme)(each, clerk)
            assert shown is not None, each
