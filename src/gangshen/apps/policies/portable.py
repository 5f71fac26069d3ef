"""Policies as files: ``policies/ID.yaml``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy
from gangshen.engines.benefits import load_policies

__all__ = ["dump", "load"]


def load(folder: Path, *, now: dt.datetime) -> int:
    """Read every file first; a fault in any leaves the database as it was. Returns the number of policies."""
    policies = load_policies((folder / "policies").glob("*.yaml"), root=folder)
    with transaction.atomic():
        for policy in policies:
            services.save(policy, actor=None, now=now)
    return len(policies)


def dump(folder: Path) -> None:
    """Write every policy."""
    for policy in Policy.objects.order_by("key").prefetch_related("versions"):
        (folder / "policies").mkdir(parents=True, exist_ok=True)
        (folder / "policies" / f"{policy.key}.yaml").write_text(services.file_of(policy), encoding="utf-8")
