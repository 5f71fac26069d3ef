"""Programmes and what they open with, as ``programmes.yaml``; the journal itself is in the backup."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gangshen.apps.identity.portable import LoadReport
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Fen, FormatError, Problem, Text, dump_yaml, load_yaml
from gangshen.web.errors import Refused

from . import services
from .models import Account, Programme, Transaction
from .services import Posting

__all__ = ["OpeningFile", "ProgrammeFile", "dump", "load"]

FILE = "programmes.yaml"
MEMO = "期初建账"
Kind = Account.Kind


class OpeningFile(BaseModel):
    """What a programme's year opens with; of the appropriation, the part already reserved, decided, paid, returned."""

    model_config = ConfigDict(extra="forbid")

    year: int = Field(ge=2000, le=2100)
    on: dt.date = Field(description="Day on which the ledger was opened.")
    appropriated: Fen = Field(gt=0)
    reserved: Fen = Field(0, ge=0)
    decided: Fen = Field(0, ge=0)
    paid: Fen = Field(0, ge=0)
    returned: Fen = Field(0, ge=0)
    memo: str = Field(MEMO, max_length=300)
    evidence: str = Field("", description="Reference of the document that says so, such as doc:ID#10-30.")

    @model_validator(mode="after")
    def _whole(self) -> OpeningFile:
        if self.available < 0:
            raise ValueError("reserved, decided, paid and returned exceed the appropriation (lower them)")
        if self.evidence:
            Ref.parse(self.evidence)
        return self

    @property
    def available(self) -> int:
        return self.appropriated - self.reserved - self.decided - self.paid - self.returned


class ProgrammeFile(BaseModel):
    """A fund or subsidy programme."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    name: Text
    assumed: bool = Field(False, description="Its figures are assumed settings, and shown so.")
    years: list[OpeningFile] = []


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Create or rename the programmes and post their openings, all or none; an opening is posted once."""
    path = folder / FILE
    if not path.exists():
        return LoadReport({"programmes": 0})
    programmes = load_yaml(path, list[ProgrammeFile])
    with transaction.atomic():
        for number, entry in enumerate(programmes):
            of = services.upsert_programme(entry.key, entry.name.zh, name_en=entry.name.en or "", assumed=entry.assumed)
            for place, opening in enumerate(entry.years):
                try:
                    _post(of, opening)
                except Refused as refusal:
                    words = Text(zh=str(refusal), en=str(refusal))
                    raise FormatError([Problem(FILE, None, f"[{number}].years[{place}]", words)]) from refusal
    return LoadReport({"programmes": len(programmes)})


def _key(of: Programme, year: int) -> str:
    return f"opening/{of.key}/{year}"


def _post(of: Programme, opening: OpeningFile) -> Transaction:
    sides = {
        Kind.TREASURY: -opening.appropriated,
        Kind.AVAILABLE: opening.available,
        Kind.RESERVED: opening.reserved,
        Kind.DECIDED: opening.decided,
        Kind.PAID: opening.paid,
        Kind.RETURNED: opening.returned,
    }
    entries = [Posting(of, kind, opening.year, fen) for kind, fen in sides.items() if fen]
    at = timezone.make_aware(dt.datetime.combine(opening.on, dt.time(9)))
    return services.post(_key(of, opening.year), entries, opening.memo, at, None, opening.evidence)


def dump(folder: Path) -> None:
    """Write the programmes by key, each with the openings that were posted."""
    programmes = [_entry(of) for of in Programme.objects.order_by("key")]
    if programmes:
        (folder / FILE).write_text(dump_yaml(programmes, list[ProgrammeFile]), encoding="utf-8")


def _entry(of: Programme) -> ProgrammeFile:
    openings = Transaction.objects.filter(key__startswith=f"opening/{of.key}/").order_by("key")
    return ProgrammeFile(
        key=of.key,
        name=Text(zh=of.name, en=of.name_en or None),
        assumed=of.assumed,
        years=[_opening(one) for one in openings.prefetch_related("entries__account")],
    )


def _opening(posted: Transaction) -> OpeningFile:
    sides = {entry.account.kind: entry.amount_fen for entry in posted.entries.all()}
    return OpeningFile(
        year=int(posted.key.rpartition("/")[2]),
        on=timezone.localdate(posted.at),
        appropriated=-sides[Kind.TREASURY],
        reserved=sides.get(Kind.RESERVED, 0),
        decided=sides.get(Kind.DECIDED, 0),
        paid=sides.get(Kind.PAID, 0),
        returned=sides.get(Kind.RETURNED, 0),
        memo=posted.memo,
        evidence=posted.evidence,
    )
