"""Sources as a file: ``sources.yaml``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from gangshen.apps.archive import services
from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.portable import LoadReport
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml

__all__ = ["SourceEntry", "dump", "load"]

FILE = "sources.yaml"


class SourceEntry(BaseModel):
    """One source of ``sources.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z0-9_-]+$")
    name: Text
    owner: str = Field("", description="Key of the organisation that answers for it.")
    rank: int = Field(50, ge=0, le=999, description="Lower is believed before higher.")
    purpose: str = ""
    grade: str = Field("", description="Data grade (数据分级).")
    consent: bool = Field(False, description="Rests on the firm's consent.")
    retention_months: int | None = Field(None, ge=0)
    update_days: int | None = Field(None, gt=0, description="Expected days between deliveries.")
    synthetic: bool = False


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Read the file whole, then write; a fault leaves the database as it was."""
    if not (folder / FILE).is_file():
        return LoadReport({"sources": 0})
    entries = load_yaml(folder / FILE, list[SourceEntry])
    owners = {one.key: one for one in Organisation.objects.filter(key__in=[entry.owner for entry in entries])}
    _check(entries, owners)
    with transaction.atomic():
        for entry in entries:
            services.upsert_source(
                entry.key,
                name=entry.name.zh,
                name_en=entry.name.en or "",
                owner=owners.get(entry.owner),
                **entry.model_dump(exclude={"key", "name", "owner"}),
            )
    return LoadReport({"sources": len(entries)})


def _check(entries: list[SourceEntry], owners: dict[str, Organisation]) -> None:
    problems, seen = [], set()
    for number, entry in enumerate(entries):
        if entry.owner and entry.owner not in owners:
            words = Text(zh=f"没有组织 {entry.owner}（先列出它）", en=f"no organisation {entry.owner} (list it first)")
            problems.append(Problem(FILE, None, f"[{number}].owner", words))
        if entry.key in seen:
            words = Text(zh=f"{entry.key} 重复（删去其一）", en=f"{entry.key} given twice (remove one)")
            problems.append(Problem(FILE, None, f"[{number}].key", words))
        seen.add(entry.key)
    if problems:
        raise FormatError(problems)


def dump(folder: Path) -> None:
    """Write the file, in the order sources came; none when there is no source."""
    entries = [
        SourceEntry(
            key=one.key,
            name=Text(zh=one.name, en=one.name_en or None),
            owner=one.owner.key if one.owner else "",
            rank=one.rank,
            purpose=one.purpose,
            grade=one.grade,
            consent=one.consent,
            retention_months=one.retention_months,
            update_days=one.update_days,
            synthetic=one.synthetic,
        )
        for one in Source.objects.select_related("owner").order_by("pk")
    ]
    if entries:
        (folder / FILE).write_text(dump_yaml(entries, list[SourceEntry]), encoding="utf-8")
