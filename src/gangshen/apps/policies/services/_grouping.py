"""The groups that the lines of a form stand in: which one a condition is in, and new conditions put into theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from gangshen.engines.rules import All, Any_, AtLeast, Clause, Node, None_, children, combining, places
from gangshen.web.errors import Refused

__all__ = ["check_groups", "grouped", "placed"]

_AT_LEAST = re.compile(r"at_least ([1-9]\d?)")


def grouped(node: Node, group: str = "") -> Iterator[tuple[Clause, str]]:
    """Each clause with the group it stands in: ``any``, ``at_least 2``, ``none``, or nothing for what must hold."""
    if isinstance(node, Clause):
        yield node, group
        return
    for child in children(node):
        yield from grouped(child, _name(node) or group)


def _name(node: Node) -> str:
    if isinstance(node, None_):
        return "none"
    if isinstance(node, Any_):
        return "any"
    return f"at_least {node.at_least}" if isinstance(node, AtLeast) else ""


def check_groups(rule: Node, lines: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a known clause that would leave its group, and a new one in a group of no known kind."""
    was = {clause.id: group for clause, group in grouped(rule)}
    for id, line in lines.items():
        group = line.get("group", "").strip()
        if id in was and group != was[id]:
            raise Refused(
                _("%(name)s stands in the group “%(was)s”, not in “%(group)s”.")
                % {"name": id, "was": was[id] or "all", "group": group or "all"},
                _("Leave the group as it is, or move the condition in the YAML."),
            )
        if id not in was and group not in ("", "none", "any") and not _AT_LEAST.fullmatch(group):
            raise Refused(
                _("%(name)s: there is no group “%(group)s”.") % {"name": id, "group": group},
                _("Leave it empty (must hold), or write none, any or at_least 2; the same words make one group."),
            )


def placed(kept: Node | None, new: Mapping[str, Sequence[Clause]]) -> Node:
    """``kept`` with ``new`` clauses by group: into the one group of that name, else into a new one that must hold too."""
    there = Counter(_name(node) for _place, node in places(kept)) if kept is not None else Counter[str]()
    joining = {name: tuple(added) for name, added in new.items() if name not in ("", "none") and there[name]}
    if several := next((name for name in joining if there[name] > 1), None):
        raise Refused(
            _("There are several groups “%(group)s”.") % {"group": several}, _("Add the condition in the YAML.")
        )
    if kept is not None and joining:
        kept = _joined(kept, joining)
    apart = [_made(name, tuple(added)) for name, added in new.items() if name and name not in joining]
    parts = [*(kept.all if isinstance(kept, All) else [kept] if kept is not None else []), *new.get("", ()), *apart]
    if not parts:
        raise Refused(_("Without a condition everyone would get it."), _("Keep or add one condition."))
    return kept if kept is not None and not new.get("") and not apart else All(all=tuple(parts))


def _joined(node: Node, joining: Mapping[str, tuple[Clause, ...]]) -> Node:
    if isinstance(node, Clause):
        return node
    parts = (*(_joined(child, joining) for child in children(node)), *joining.get(_name(node), ()))
    return combining(node, parts)


def _made(name: str, added: tuple[Clause, ...]) -> Node:
    if name == "none":
        return None_(none=added)
    least = int(_AT_LEAST.fullmatch(name)[1]) if name != "any" else 1  # type: ignore[index]
    if len(added) < max(2, least):
        raise Refused(
            _("The group “%(group)s” has only %(names)s.")
            % {"group": name, "names": "、".join(one.id for one in added)},
            _("Add the other conditions that it is to choose from at the same time."),
        )
    return Any_(any=added) if name == "any" else AtLeast(at_least=least, of=added)
