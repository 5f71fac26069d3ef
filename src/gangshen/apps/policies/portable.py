"""Policies as files: ``policies/ID.yaml``; what was granted before as ``policies/granted.csv``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from gangshen.apps.money.models import Programme
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import load_sound
from gangshen.engines.formats import write_csv

__all__ = ["dump", "load"]

GRANTED = "granted.csv"


def load(folder: Path, *, now: dt.datetime) -> int:
    """Read every file first; a fault in any leaves the database as it was. Returns the number of policies."""
    files = (folder / "policies").glob("*.yaml")
    programmes = set(Programme.objects.values_list("key", flat=True))
    policies = load_sound(files, registers.vocabulary(), root=folder, drafts=False, programmes=programmes)
    with transaction.atomic():
        for policy in policies:
            services.save(policy, actor=None, now=now)
        granted = folder / "policies" / GRANTED
        if granted.exists():
            services.import_grants(granted, f"policies/{GRANTED}", actor=None, now=now)
    return len(policies)


def dump(folder: Path) -> None:
    """Write every policy."""
    for policy in Policy.objects.order_by("key").prefetch_related("versions"):
        (folder / "policies").mkdir(parents=True, exist_ok=True)
        (folder / "policies" / f"{policy.key}.yaml").write_text(services.file_of(policy), encoding="utf-8")
    rows = sorted(
        (one.firm.key, one.policy.key, one.edition, one.period, one.item, _yuan(one.fen), one.granted_on, one.source)
        for one in services.live_grants().select_related("firm", "policy")
    )
    if rows:
        (folder / "policies").mkdir(parents=True, exist_ok=True)
        (folder / "policies" / GRANTED).write_text(write_csv(services.GRANT_COLUMNS, rows), encoding="utf-8")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)
