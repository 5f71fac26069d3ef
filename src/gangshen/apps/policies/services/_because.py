"""Why an amount is what it is beside other policies, in words with evidence: earlier grants, matching grants, ceilings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gangshen.apps.policies.models import Policy
from gangshen.engines.benefits import Interval, Standing
from gangshen.web.formatting import label, money_text

from ._before import Before
from ._together import Together

if TYPE_CHECKING:
    from ._matching import Match

__all__ = ["Because", "because", "policy_names"]

TOLD = 3  # earlier grants named in one line


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: ``kind`` granted, ruled_out, waits, tops_up or ceiling; ``refs`` open what it rests on.

    ``used_up`` marks a reason that leaves nothing.
    """

    kind: str
    words: str
    refs: tuple[str, ...] = ()
    used_up: bool = False


def because(found: Match) -> list[Because]:
    """What bears on the amount of one pair beside the firm's own figures; nothing where the answer stays no."""
    standing = found.standing
    if standing is None:
        return []
    return [one for one in _reasons(found, standing, found.together) if one is not None]


def _reasons(found: Match, standing: Standing, together: Together) -> Iterator[Because | None]:
    key, base = found.edition.key, found.edition.rule.benefit.matches
    gone = standing.amount is not None and standing.amount.high == 0
    if own := [line for line in together.before if line.policy == key]:
        yield Because("granted", _own(own, standing, gone), _refs(own), bool(standing.less) and gone)
    if standing.ruled_out:
        told = [line for line in together.before if line.policy in standing.ruled_out]
        names = policy_names(together, standing.ruled_out)
        words = _("ruled out by what was granted before: %(others)s") % {"others": _listed(told, names)}
        yield Because("ruled_out", words, _refs(told), True)
    if base is not None and not standing.ruled_out:
        yield _tops_up(found, standing, base)
    if standing.ceiling is not None:
        yield _ceiling(together, standing, standing.ceiling)


def _own(lines: list[Before], standing: Standing, gone: bool) -> str:
    told = _("already granted: %(grants)s") % {"grants": _listed(lines)}
    if not standing.less:
        return told
    if gone:
        return _("%(granted)s; nothing is left of it") % {"granted": told}
    return _("%(granted)s; %(money)s less than without it") % {"granted": told, "money": money_text(standing.less)}


def _tops_up(found: Match, standing: Standing, base: str) -> Because:
    together = found.together
    name = policy_names(together, [base])[base]
    told = [line for line in together.before if line.policy == base]
    ref = (f"match:{found.enterprise}@{together.law.as_of}#{base}",) if base in together.law.editions else ()
    if standing.unmatched:
        words = _("tops up “%(base)s”, which is neither granted nor open to the firm: waits for that grant")
        return Because("waits", words % {"base": name}, ref, True)
    before = sum(line.fen for line in told)
    now = Interval(0, 0)
    if standing.matched is not None and standing.matched.high < 2**62:
        now = Interval(standing.matched.low - before, standing.matched.high - before)
    parts = [_("granted %(money)s") % {"money": money_text(before)}] if told else []
    if now.high:
        parts.append(_("open now %(money)s") % {"money": money_text(now)})
    words = _("tops up “%(base)s” (%(parts)s)") if parts else _("tops up “%(base)s”")
    return Because("tops_up", words % {"base": name, "parts": _(", ").join(parts)}, (*_refs(told), *ref))


def _ceiling(together: Together, standing: Standing, name: str) -> Because:
    members = together.law.members(name)
    told = [line for line in together.before if line.policy in members]
    others = _(", ").join(f"“{one}”" for one in policy_names(together, sorted(members)).values())
    given = {"policies": others, "left": money_text(standing.room), "taken": money_text(standing.taken)}
    if not standing.taken:
        return Because("ceiling", _("together %(policies)s pay at most %(left)s") % given)
    if not standing.room.high:
        words = _("the ceiling that %(policies)s share is used up: %(taken)s granted before")
        return Because("ceiling", words % given, _refs(told), True)
    words = _("of the ceiling that %(policies)s share %(left)s are left: %(taken)s granted before")
    return Because("ceiling", words % given, _refs(told))


def _listed(lines: Iterable[Before], names: dict[str, str] | None = None) -> str:
    """The latest grants: name where several policies are meant, money, day."""
    latest = sorted(lines, key=lambda line: line.on, reverse=True)
    said = [
        _("%(money)s on %(day)s") % {"money": money_text(line.fen), "day": line.on.isoformat()}
        if names is None
        else _("“%(policy)s” %(money)s on %(day)s")
        % {"policy": names[line.policy], "money": money_text(line.fen), "day": line.on.isoformat()}
        for line in latest[:TOLD]
    ]
    if len(latest) > TOLD:
        said.append(_("%(n)d more") % {"n": len(latest) - TOLD})
    return _(", ").join(said)


def _refs(lines: Iterable[Before]) -> tuple[str, ...]:
    return tuple(line.ref for line in lines)


def policy_names(together: Together, keys: Iterable[str]) -> dict[str, str]:
    """Titles of policies by key, whether or not they are in force."""
    wanted = list(keys)
    editions = together.law.editions
    found = {key: label(editions[key].policy.label) for key in wanted if key in editions}
    if missing := [key for key in wanted if key not in found]:
        found |= {one.key: label(one.label) for one in Policy.objects.filter(key__in=missing)}
    return {key: found.get(key, key) for key in wanted}
