"""Moves of a drafter on the shape of a rule: conditions and groups combined, taken apart, moved, copied, dropped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.utils.translation import gettext as _

from gangshen.engines.rules import All, Any_, AtLeast, Clause, Node, None_, children, combining, places
from gangshen.web.errors import Refused

__all__ = ["GROUPINGS", "arranged", "group_of", "replaced", "whole"]

GROUPINGS = ("all", "any", "at_least", "none")
Change = Callable[[Node], tuple[Node, ...] | None]


def whole(rule: Node) -> All:
    """The rule as what must all hold: the group that every place is counted from."""
    return rule if isinstance(rule, All) else All(all=(rule,))


def group_of(kind: str, parts: Sequence[Node], least: int = 1) -> Node:
    """A group of one of :data:`GROUPINGS`."""
    listed = tuple(parts)
    if kind == "at_least":
        return AtLeast(at_least=least, of=listed)
    return {"all": All(all=listed), "any": Any_(any=listed)}.get(kind) or None_(none=listed)


def replaced(node: Node, change: Change) -> tuple[Node, ...]:
    """What stands for ``node``: what ``change`` gives, else it with its parts so replaced; a group left empty goes, and
    so does one that lost all but one of its alternatives (that one then stands for itself)."""
    given = change(node)
    if given is not None:
        return given
    return _over(node, tuple(one for child in children(node) for one in replaced(child, change)))


def _over(node: Node, parts: tuple[Node, ...]) -> tuple[Node, ...]:
    was = children(node)
    if len(parts) == len(was) and all(one is old for one, old in zip(parts, was, strict=True)):
        return (node,)
    if isinstance(node, AtLeast) and node.at_least > len(parts) > 0:
        raise Refused(_("Fewer conditions are left than must be met."), _("Keep one of them."))
    if len(parts) == 1 < len(was) and isinstance(node, All | Any_):
        return parts
    return (combining(node, parts),) if parts else ()


def arranged(rule: Node, do: str, chosen: Collection[str], *, least: str = "", into: str = "") -> Node:
    """``rule`` with one move on the nodes at the places ``chosen`` (:func:`~gangshen.engines.rules.places` of
    :func:`whole`).

    ``do`` combines them as one of :data:`GROUPINGS` (``least`` of them; of one group it changes the kind), takes groups
    ``apart``, moves them ``out`` of their group or ``into`` the group at that place, or drops them (``drop``). Raises
    :class:`Refused` for a move that can't be made, with what to choose instead.
    """
    root = whole(rule)
    there = dict(places(root))
    outer = [at for at in there if at in chosen and not any(at.startswith(f"{other}.") for other in chosen)]
    picked = [there[at] for at in outer if at]
    if not picked:
        raise Refused(_("Nothing is chosen."), _("Tick the conditions or groups first."))
    if do in GROUPINGS:
        change = _combining(do, picked, least)
    elif do == "apart":
        change = _apart(picked)
    elif do == "out":
        change = _out(picked, [there[at.rpartition(".")[0]] for at in outer if "." in at])
    elif do == "into":
        if into not in there or isinstance(there[into], Clause) or any(f"{into}.".startswith(f"{at}.") for at in outer):
            raise Refused(_("It can't be moved there."), _("Choose a group that is not among what is moved."))
        change = _into(picked, there[into])
    else:
        change = _without(picked)
    nodes = replaced(root, change)
    if not nodes:
        raise Refused(_("Without a condition everyone would get it."), _("Keep or add one condition."))
    return whole(nodes[0]) if len(nodes) == 1 else All(all=nodes)


def _among(node: Node, picked: Sequence[Node]) -> bool:
    return any(node is one for one in picked)


def _without(picked: Sequence[Node]) -> Change:
    return lambda node: () if _among(node, picked) else None


def _combining(kind: str, picked: Sequence[Node], least: str) -> Change:
    parts = children(picked[0]) if len(picked) == 1 and kind != "none" else tuple(picked)
    if kind == "at_least" and not (least.isdecimal() and 1 <= int(least) <= len(parts)):
        raise Refused(
            _("At least “%(k)s” of %(n)d can't be met.") % {"k": least, "n": len(parts)},
            _("Choose more conditions, or write a number from 1 to how many are chosen."),
        )
    if kind != "none" and len(parts) < 2:
        raise Refused(_("One condition makes no group."), _("Tick two or more conditions or groups."))
    group = group_of(kind, parts, int(least) if kind == "at_least" else 1)
    return lambda node: (group,) if node is picked[0] else () if _among(node, picked) else None


def _apart(picked: Sequence[Node]) -> Change:
    if any(isinstance(one, Clause) for one in picked):
        raise Refused(_("Only a group is taken apart."), _("Tick groups, no single conditions."))
    return lambda node: children(node) if _among(node, picked) else None


def _out(picked: Sequence[Node], parents: Sequence[Node]) -> Change:
    if not parents:
        raise Refused(_("It stands in no group."), _("Tick conditions within a group."))

    def change(node: Node) -> tuple[Node, ...] | None:
        if not _among(node, parents):
            return None
        rest = tuple(one for part in children(node) if not _among(part, picked) for one in replaced(part, change))
        return (*_over(node, rest), *(part for part in children(node) if _among(part, picked)))

    return change


def _into(picked: Sequence[Node], target: Node) -> Change:
    def change(node: Node) -> tuple[Node, ...] | None:
        if _among(node, picked):
            return ()
        if node is not target:
            return None
        rest = tuple(one for part in children(node) for one in replaced(part, change))
        return (combining(node, (*rest, *picked)),)

    return change
