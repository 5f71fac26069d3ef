"""Indicators as files: series and observations, definitions of statistics, results that were kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from gangshen.apps.identity.portable import LoadReport

from . import _series, _statistics

__all__ = ["dump", "load"]


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Load all files, all or none. Raises FormatError with file, line and field of every fault."""
    with transaction.atomic():
        counts = dict(_series.load(folder, now=now).loaded)
        return LoadReport(counts | _statistics.load(folder, now=now))


def dump(folder: Path) -> None:
    """Write what there is."""
    _series.dump(folder)
    _statistics.dump(folder)
