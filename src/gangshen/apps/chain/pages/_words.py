"""Nodes, strengths and gaps in words, shapes and colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.chain.models import Node
from gangshen.apps.chain.services import Here
from gangshen.engines.formats import Text
from gangshen.engines.graph import Gap, GapKind, Graph, Level, Picture, Strength, picture
from gangshen.web.formatting import label, percent

__all__ = ["Drawn", "NodeBox", "NodeLine", "drawn", "gap_words", "level_words", "line_of", "reason"]

_STATE = {Level.MISSING: "bad", Level.SINGLE: "near", Level.THIN: "near", Level.ENOUGH: "ok"}


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A node as rows and panels show it."""

    node: Node
    strength: Strength
    state: str
    words: str
    local: str
    url: str

    @property
    def firms(self) -> int:
        return len(self.strength.makers)


@dataclass(frozen=True, slots=True)
class NodeBox:
    """A node where it stands in the picture; ``fill`` q1 to q5 by the number of firms, gap where there is none."""

    line: NodeLine
    x: float
    y: float
    width: float
    height: float
    fill: str
    name: str
    count: str
    on: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    picture: Picture
    boxes: list[NodeBox]
    links: list[tuple[Any, bool]]
    heads: list[tuple[Any, str]]


def level_words(strength: Strength) -> str:
    """The level in words."""
    return {
        Level.MISSING: _("missing"),
        Level.SINGLE: _("single source"),
        Level.THIN: _("thin"),
        Level.ENOUGH: _("enough"),
    }[strength.level]


def gap_words(gap: Gap) -> tuple[str, str]:
    """State and words of a gap."""
    words = {
        GapKind.MISSING: ("bad", _("missing")),
        GapKind.SINGLE_SOURCE: ("near", _("single source")),
        GapKind.BLOCKED: ("near", _("bought outside")),
        GapKind.THIN: ("near", _("thin")),
    }
    return words[gap.kind]


def reason(here: Here, gap: Gap) -> str:
    """Why it is a gap and why it stands where it stands, in one sentence."""
    served = _(", ").join(label(here.nodes[key].label) for key in gap.downstream)
    head = {
        GapKind.MISSING: _("nobody here makes it"),
        GapKind.SINGLE_SOURCE: _("one maker only"),
        GapKind.BLOCKED: _("%(n)d makers, but buyers get only %(share)s of it here")
        % {"n": gap.makers, "share": percent(100 * (gap.local_share or 0), 0)},
        GapKind.THIN: _("%(n)d makers") % {"n": gap.makers},
    }[gap.kind]
    parts = [head, _("goes into %(nodes)s") % {"nodes": served}]
    if gap.through:
        through = _(", ").join(label(here.nodes[key].label) for key in gap.through)
        parts.append(_("as a kind of %(nodes)s, which counts half") % {"nodes": through})
    if gap.substitutes:
        swaps = _(", ").join(label(here.nodes[key].label) for key in gap.substitutes)
        parts.append(_("%(nodes)s can stand for it") % {"nodes": swaps})
    return _("; ").join(parts)


def line_of(here: Here, key: str) -> NodeLine:
    """One node in words."""
    strength = here.strengths[key]
    local = "" if strength.local_share is None else percent(100 * strength.local_share, 0)
    return NodeLine(
        here.nodes[key],
        strength,
        _STATE[strength.level],
        level_words(strength),
        local,
        reverse("chain:node", args=[key]),
    )


def drawn(here: Here, chain: Any, on: str = "") -> Drawn:
    """The picture of one chain; ``on`` is the node that is open."""
    stages = [f"{chain.key}/{one['key']}" for one in chain.stages if not one["band"]]
    band = [f"{chain.key}/{one['key']}" for one in chain.stages if one["band"]]
    names = {f"{chain.key}/{one['key']}": one for one in chain.stages}
    own = [one for one in here.graph.nodes.values() if one.stage in names]
    laid = picture(Graph(own, here.graph.edges), stages, band)
    return Drawn(
        laid,
        [_box(here, box, on) for box in laid.boxes],
        [(link, on in (link.tail, link.head)) for link in laid.links],
        [(column, _head(names[column.stage], column.count)) for column in laid.columns],
    )


def _head(stage: dict[str, Any], count: int) -> str:
    return f"{label(Text(zh=stage['zh'], en=stage['en'] or None))} · {count}"


def _box(here: Here, box: Any, on: str) -> NodeBox:
    line = line_of(here, box.node)
    name = label(line.node.label)
    count = line.firms
    return NodeBox(
        line,
        box.x,
        box.y,
        box.width,
        box.height,
        "gap" if not count else f"q{min((count + 1) // 2, 5)}",
        _fitted(name, 7.6 if line.state in ("bad", "near") else 9.2),  # a mark takes the end of the line
        ngettext("%(n)d firm", "%(n)d firms", count) % {"n": count} if count else _("missing here"),
        box.node == on,
    )


def _fitted(name: str, most: float) -> str:
    """The name as far as the box is wide: a Han character counts one, another half."""
    wide, kept = 0.0, ""
    for char in name:
        wide += 1 if char >= "\u2e80" else 0.56
        if wide > most:
            return kept.rstrip() + "…"
        kept += char
    return kept
