"""Layers of the zone map as ``map/KEY.geojson``, kept as they are given."""

from __future__ import annotations

from pathlib import Path

from gangshen.apps.chain.models import MapLayer
from gangshen.apps.chain.services import keep_layer

__all__ = ["dump_layers", "load_layers"]


def load_layers(folder: Path) -> int:
    paths = sorted((folder / "map").glob("*.geojson"))
    for path in paths:
        keep_layer(path.stem, path.read_text(encoding="utf-8"), name=f"map/{path.name}")
    return len(paths)


def dump_layers(folder: Path) -> None:
    for layer in MapLayer.objects.all():
        (folder / "map").mkdir(parents=True, exist_ok=True)
        (folder / "map" / f"{layer.key}.geojson").write_text(layer.text, encoding="utf-8")
