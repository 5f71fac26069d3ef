"""The chain as files: ``chain/KEY.yaml``, ``placements.csv candidates.csv leads.csv`` beside them, ``map/KEY.geojson``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from gangshen.apps.chain import services
from gangshen.apps.identity.portable import LoadReport

from ._chains import check_folder, dump_chains, load_chains
from ._file import ChainFile
from ._map import dump_layers, load_layers
from ._tables import dump_tables, load_tables

__all__ = ["ChainFile", "check_folder", "dump", "load"]


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Load ``chain/``, all or nothing, then propose placements from what the registers hold.

    Raises FormatError with file, line and field of every fault: a cycle, a node that supplies itself, an unknown node, an
    edge without a source.
    """
    with transaction.atomic():
        chains = load_chains(folder)
        rows = load_tables(folder, now) | {"layers": load_layers(folder)}
        if chains:
            services.propose(now.date())
    return LoadReport({"chains": chains, **rows})


def dump(folder: Path) -> None:
    """Write the chains and the tables; the same state gives the same bytes."""
    dump_chains(folder)
    dump_tables(folder)
    dump_layers(folder)
