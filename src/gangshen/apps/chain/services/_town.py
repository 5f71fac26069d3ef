"""The zone map: firms and premises by place, over GeoJSON layers without tiles."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import polars as pl

from gangshen.apps.chain.models import MapLayer
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import FormatError, Problem, Text
from gangshen.engines.vocabulary import town

from ._here import Here

__all__ = ["Spot", "keep_layer", "spots"]

KINDS = ("town", "premises", "zone")
_SHAPES = {"town": ("Polygon", "MultiPolygon"), "zone": ("Polygon", "MultiPolygon"), "premises": ("Point",)}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the map: all firms there, and those that stand in the chain; ``at`` only for premises."""

    name: str
    kind: str
    firms: int
    placed: int
    at: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        return registers.named(self.name)


def spots(here: Here, today: dt.date, *, only: Collection[str] | None = None) -> list[Spot]:
    """Places of the layers with the firms whose register names them: towns by registration, premises by park.

    ``only`` these firms, when given.
    """
    frame = registers.snapshot("enterprise", today).frame.select("id", "registered_division", "park")
    placed = here.firms
    counts: dict[str, Counter[str]] = {"town": Counter(), "premises": Counter()}
    inside: dict[str, Counter[str]] = {"town": Counter(), "premises": Counter()}
    for firm, division, park in (
        frame.iter_rows() if only is None else frame.filter(pl.col("id").is_in(only)).iter_rows()
    ):
        for kind, name in (("town", town(division or "")), ("premises", park)):
            if name:
                counts[kind][name] += 1
                inside[kind][name] += firm in placed
    found = []
    for feature in _features():
        name, kind = feature["properties"]["name"], feature["properties"]["kind"]
        if kind in counts:
            at = tuple(feature["geometry"]["coordinates"][:2]) if kind == "premises" else None
            found.append(Spot(name, kind, counts[kind][name], inside[kind][name], at))
    return found


def _features() -> list[dict[str, Any]]:
    return [feature for layer in MapLayer.objects.all() for feature in json.loads(layer.text)["features"]]


def keep_layer(key: str, text: str, *, name: str) -> None:
    """Keep a layer as it is given. Raises FormatError with the place of every fault: no GeoJSON, a place without a name."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        words = Text(zh=f"不是合法的 JSON：{error.msg}（改正）", en=f"not valid JSON: {error.msg} (correct it)")
        raise FormatError([Problem(name, error.lineno, "", words)]) from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        words = Text(zh="不是 FeatureCollection（导出为 GeoJSON）", en="is no FeatureCollection (export it as GeoJSON)")
        raise FormatError([Problem(name, 1, "features", words)])
    problems = [problem for at, one in enumerate(features) for problem in _faults(name, at, one)]
    if problems:
        raise FormatError(problems)
    MapLayer.objects.update_or_create(key=key, defaults={"text": text})


def _faults(name: str, at: int, feature: Any) -> list[Problem]:
    found = []
    said = feature.get("properties") if isinstance(feature, dict) else None
    said = said if isinstance(said, dict) else {}
    if not isinstance(said.get("name"), str) or not said["name"]:
        words = Text(zh="没有名称（写明 properties.name）", en="has no name (give properties.name)")
        found.append(Problem(name, None, f"features[{at}].properties.name", words))
    kind = said.get("kind")
    if kind not in KINDS:
        known = ", ".join(KINDS)
        words = Text(zh=f"{kind} 不可用（可用：{known}）", en=f"{kind} is not one of {known} (choose one)")
        return [*found, Problem(name, None, f"features[{at}].properties.kind", words)]
    shape = feature.get("geometry") or {}
    if shape.get("type") not in _SHAPES[kind] or not shape.get("coordinates"):
        wanted = " / ".join(_SHAPES[kind])
        words = Text(zh=f"几何须为 {wanted}（改正）", en=f"its geometry must be {wanted} (correct it)")
        found.append(Problem(name, None, f"features[{at}].geometry", words))
    return found
