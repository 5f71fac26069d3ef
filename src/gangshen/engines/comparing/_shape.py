"""A comparison as plain values, for JSON."""

from __future__ import annotations

from typing import Any

from ._model import Comparison, Figure, Passage

__all__ = ["to_dict"]


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """Counts and changes; every quote with its code points in the text it stands in."""
    return {
        "same": comparison.same,
        "counts": dict(comparison.counts),
        "changes": [
            {
                "kind": change.kind,
                "moved": change.moved,
                "likeness": change.likeness,
                "old": _passage(change.old),
                "new": _passage(change.new),
                "figures": [{"old": _figure(one.old), "new": _figure(one.new)} for one in change.figures],
            }
            for change in comparison.changes
        ],
    }


def _passage(passage: Passage | None) -> dict[str, Any] | None:
    if passage is None:
        return None
    return {"quote": passage.quote, "start": passage.start, "end": passage.end, "place": list(passage.place)}


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    return None if figure is None else {"quote": figure.quote, "start": figure.start, "end": figure.end}
