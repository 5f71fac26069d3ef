"""Which of several published figures for one day holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ._model import Observation

__all__ = ["latest", "value_at"]


def _standing(observation: Observation) -> tuple[int, dt.date]:
    return observation.vintage.rank, observation.published_on or dt.date.min


def latest(observations: Iterable[Observation], known_on: dt.date | None = None) -> list[Observation]:
    """One observation per day and scope, in order of time: the strongest vintage, of those the last published.

    With ``known_on`` only what was published by that day counts, so that yesterday's report can be made again; a
    figure without a publication day counts from the day it is about. Of equals the later in order holds.
    """
    held: dict[tuple[dt.date, str], Observation] = {}
    for observation in observations:
        if known_on is not None and (observation.published_on or observation.at) > known_on:
            continue
        key = (observation.at, observation.scope)
        if key not in held or _standing(observation) >= _standing(held[key]):
            held[key] = observation
    return sorted(held.values(), key=lambda o: (o.at, o.scope))


def value_at(
    observations: Iterable[Observation], on: dt.date, known_on: dt.date | None = None, scope: str | None = None
) -> Observation | None:
    """The last observation that is about ``on`` or an earlier day; None when there is none."""
    held = [o for o in latest(observations, known_on) if o.at <= on and (scope is None or o.scope == scope)]
    return held[-1] if held else None
