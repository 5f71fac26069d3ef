"""The groups that the lines of a form stand in: which one a condition is in, and new conditions put into theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from gangshen.engines.rules import All, Any_, AtLeast, Clause, Node, None_, children, combining, places
from gangshen.web.errors import Refused

from ._arranging import group_of, replaced, whole

__all__ = ["check_groups", "grouped", "placed"]

_NAME = re.compile(r"all|any|none|at_least ([1-9]\d?)")
_PLACE = re.compile(r"all\[\d+\].*")


def grouped(node: Node) -> Iterator[tuple[Clause, str]]:
    """Each clause with the groups it stands in: ``any``, ``any/at_least 2``, ``none``; nothing for what must hold."""
    for path, one in _paths(whole(node)):
        if isinstance(one, Clause):
            yield one, path


def _paths(node: Node, within: str = "", name: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with the names of its groups; a group's own name is the last of its path, the outermost has none."""
    path = f"{within}/{name}".strip("/")
    yield path, node
    for child in children(node):
        yield from _paths(child, path, _name(child))


def _name(node: Node) -> str:
    if isinstance(node, AtLeast):
        return f"at_least {node.at_least}"
    return {All: "all", Any_: "any", None_: "none"}.get(type(node), "")


def check_groups(rule: Node, lines: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a known clause that would leave its group, and a new one in a group of no known kind."""
    was = {clause.id: group for clause, group in grouped(rule)}
    there = {place for place, node in places(whole(rule)) if not isinstance(node, Clause)}
    for id, line in lines.items():
        group = line.get("group", "").strip()
        if id in was and group != was[id]:
            raise Refused(
                _("%(name)s stands in the group “%(was)s”, not in “%(group)s”.")
                % {"name": id, "was": was[id] or "all", "group": group or "all"},
                _("Leave the group as it is; conditions are moved in the form."),
            )
        named = all(_NAME.fullmatch(name) for name in group.split("/"))
        if id not in was and group and not named and group not in there:
            raise Refused(
                _("%(name)s: there is no group “%(group)s”.") % {"name": id, "group": group},
                _("Leave it empty (must hold), or write none, any or at_least 2; any/at_least 2 stands within any."),
            )


def placed(kept: Node | None, new: Mapping[str, Sequence[Clause]]) -> Node:
    """``kept`` with ``new`` clauses by group: a place of ``kept``, or names; a group that is not there yet is made."""
    if not any(new.values()):
        if kept is None:
            raise Refused(_("Without a condition everyone would get it."), _("Keep or add one condition."))
        return kept
    root: Node = whole(kept) if kept is not None else All(all=())
    there = dict(places(root))
    for group in sorted((one for one in new if _PLACE.fullmatch(one)), key=len):  # the outer first: it keeps its parts
        root = _joined(root, there[group], new[group])
    known = {path for path, _node in _paths(root)}
    named = sorted((group for group in new if not _PLACE.fullmatch(group)), key=lambda group: group.count("/"))
    for group in named:
        root = _put(root, group, new[group])
    for path, node in _paths(root):
        if path not in known and isinstance(node, Any_ | AtLeast):
            _enough(path, node)
    return root


def _joined(root: Node, target: Node, added: Sequence[Node]) -> Node:
    def join(node: Node) -> tuple[Node, ...] | None:
        return (combining(node, (*children(node), *added)),) if node is target else None

    return whole(replaced(root, join)[0])


def _put(root: Node, path: str, added: Sequence[Node]) -> Node:
    """``added`` in the one group of that path, which is made where there is none."""
    there = [node for at, node in _paths(root) if at == path and not isinstance(node, Clause)]
    if len(there) > 1:
        raise Refused(_("There are several groups “%(group)s”.") % {"group": path}, _("Add the condition in the form."))
    if there:
        return _joined(root, there[0], added)
    parent, _slash, name = path.rpartition("/")
    found = _NAME.fullmatch(name)
    return _put(root, parent, (group_of(name.split()[0], added, int((found and found[1]) or 1)),))


def _enough(path: str, node: Any_ | AtLeast) -> None:
    if len(children(node)) < max(2, node.at_least if isinstance(node, AtLeast) else 1):
        raise Refused(
            _("The group “%(group)s” has only %(names)s.")
            % {"group": path, "names": "、".join(one.id for one in children(node) if isinstance(one, Clause))},
            _("Add the other conditions that it is to choose from at the same time."),
        )
