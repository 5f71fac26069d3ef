"""An edition on its way: draft → reviewed → in force → superseded, with who and when; nothing unproven goes in force."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.policies.models import Policy, PolicyVersion, Variant, VersionStep
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.benefits import Status
from gangshen.engines.formats import dump_yaml
from gangshen.engines.rules import ClauseKind, Decision, RuleError, RuleProblem, check, clauses
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._editions import keep_edition
from ._giving_words import field_words
from ._law import engine_policy, engine_version
from ._moves import moves
from ._variants import keep_variant

__all__ = [
    "EDITABLE",
    "NEXT",
    "Written",
    "faults",
    "new_draft",
    "note_drafted",
    "put_in_force",
    "record_review",
    "step",
    "text_digest",
    "write",
]

Kind = VersionStep.Kind
EDITABLE = (Status.DRAFT, Status.FOR_COMMENT)
NEXT = {Status.DRAFT: Status.REVIEWED, Status.FOR_COMMENT: Status.REVIEWED, Status.REVIEWED: Status.IN_FORCE}


@dataclass(frozen=True, slots=True)
class Written:
    """An edition written; ``conflict`` keeps the text of who came second, and ``version`` then stands as the first left it."""

    version: PolicyVersion
    conflict: Variant | None = None


def text_digest(edition: benefits.PolicyVersion) -> str:
    """Names the text whatever its state: the same before and after it is put in force."""
    return hashlib.sha256(
        dump_yaml(edition.model_copy(update={"status": Status.DRAFT, "valid_to": None})).encode()
    ).hexdigest()


def _note(version: PolicyVersion, kind: str, actor: Any, now: dt.datetime, note: str = "") -> VersionStep:
    digest = text_digest(engine_version(version))
    return VersionStep.objects.create(version=version, kind=kind, at=now, actor=actor, note=note[:300], digest=digest)


def note_drafted(version: PolicyVersion, actor: Any, now: dt.datetime) -> VersionStep:
    """Record that a draft was begun from nothing."""
    return _note(version, Kind.DRAFTED, actor, now)


@transaction.atomic
def new_draft(policy: Policy, source: PolicyVersion, name: str, *, actor: Any, now: dt.datetime) -> PolicyVersion:
    """A draft called ``name`` with the text of ``source``, to take effect the day after it ends (or next New Year)."""
    require(actor, "add", PolicyVersion)
    name = name.strip()
    if not name or len(name) > 40:
        raise Refused(_("A draft needs a name of at most 40 signs."), _("For example 2027."))
    if policy.versions.filter(version=name).exists():
        raise Refused(_("There is an edition %(name)s already.") % {"name": name}, _("Give it another name."))
    rule = engine_version(source)
    begins = dt.date(now.year + 1, 1, 1) if rule.valid_to is None else rule.valid_to + dt.timedelta(days=1)
    draft = rule.model_copy(
        update={"version": name, "status": Status.DRAFT, "valid_from": begins, "valid_to": None, "window": None}
    )
    made = keep_edition(policy, draft, actor, now)
    _note(made, Kind.DRAFTED, actor, now, _("from %(source)s") % {"source": source.version})
    return made


@transaction.atomic
def write(
    version: PolicyVersion, edition: benefits.PolicyVersion, *, base: str, actor: Any, now: dt.datetime
) -> Written:
    """Write ``edition`` over a draft that was opened at digest ``base``.

    Where somebody else has written since, nothing is overwritten: the text of the second is kept as a variant. Raises
    :class:`Refused` for a text that is no draft any more, or has faults that no reader could mend later.
    """
    require(actor, "change", version)
    held = PolicyVersion.objects.select_for_update().select_related("policy").get(pk=version.pk)
    if Status(held.status) not in EDITABLE:
        raise Refused(
            _("%(name)s is %(state)s and is not edited any more.")
            % {"name": held.version, "state": held.get_status_display()},
            _("Return it to draft, or draft a new edition from it."),
        )
    if (edition.version, edition.status.value) != (held.version, held.status):
        raise Refused(_("Name and state of an edition are not changed in its text."), _("Leave them as they are."))
    _sound(edition)
    if held.digest != base:
        lines = [one.line for one in moves(engine_version(held), edition)]
        return Written(
            held,
            keep_variant(held.policy, held.version, edition, lines, conflict=True, actor=actor, now=now),
        )
    kept = keep_edition(held.policy, edition, actor, now)
    if kept.digest != base:
        lines = [one.line for one in moves(engine_version(held), edition)]
        _note(
            kept, Kind.EDITED, actor, now, "；".join(lines) or _("Cases, dates or words; not who gets it, nor how much")
        )
    return Written(kept)


def _sound(edition: benefits.PolicyVersion) -> None:
    """Refuse what can't be used at all; warnings and failing cases stay for the review."""
    words = registers.vocabulary()
    found = [*check(edition.eligibility, words), *benefits.check_benefit(edition.benefit, words)]
    hard = [one for one in found if not one.warning]
    if hard:
        said = "；".join(map(_fault, hard))
        raise Refused(_("The text can't be used: %(faults)s.") % {"faults": said}, _("Correct it; nothing was kept."))


def _fault(problem: RuleProblem) -> str:
    """A fault with its place in words; each part of what is given has the name that the form gives it."""
    return _("%(place)s: %(what)s") % {
        "place": problem.clause or field_words(problem.place),
        "what": label(problem.message),
    }


def faults(version: PolicyVersion) -> list[str]:
    """What keeps an edition from being in force: faults of its rule, failing cases, a missing case, no first day."""
    rule, words = engine_version(version), registers.vocabulary()
    problems = [*check(rule.eligibility, words), *benefits.check_benefit(rule.benefit, words)]
    problems += benefits.check_together(_beside(version, rule), version.policy.key)
    found = [_fault(one) for one in problems if not one.warning]
    if rule.valid_from is None:
        found.append(_("The first day in force is missing"))
    if not rule.authority.strip():
        found.append(_("Who decides and pays is missing"))
    if found:
        return found
    try:
        results = benefits.run_cases(engine_policy(version.policy), words, version=version.version)
    except RuleError as error:
        return [label(one.message) for one in error.problems]
    for one in results:
        if not one.passed:
            differs = "; ".join(label(each) for each in one.differences)
            found.append(_("Case “%(name)s” fails: %(why)s") % {"name": one.case, "why": differs})
    wanted = {case.expect.decision for case in rule.cases}
    judged = any(one.kind is not ClauseKind.DATA for one in clauses(rule.eligibility))
    yes = wanted & ({Decision.YES, Decision.UNKNOWN} if judged else {Decision.YES})
    if not yes:
        found.append(_("No case comes to a yes"))
    if Decision.NO not in wanted:
        found.append(_("No case comes to a no"))
    return found


def _beside(version: PolicyVersion, rule: benefits.PolicyVersion) -> list[benefits.Policy]:
    """The policies as they would stand with ``rule`` in force: of the others what is the law now or will be."""
    found = []
    for one in Policy.objects.prefetch_related("versions"):
        whole = engine_policy(one)
        if one.pk == version.policy_id:
            kept: tuple[benefits.PolicyVersion, ...] = (rule,)
        else:
            kept = tuple(each for each in whole.versions if each.status.value == Status.IN_FORCE)
        found.append(whole.model_copy(update={"versions": kept}))
    return found


@transaction.atomic
def record_review(version: PolicyVersion, note: str, *, actor: Any, now: dt.datetime) -> VersionStep:
    """Record that the fair competition review of this text took place; ``note`` says by whom and its number."""
    require(actor, "change", version)
    if not note.strip():
        raise Refused(_("Say who reviewed it and under which number."), _("For example: 区市场监管局，2026-12-01。"))
    return _note(version, Kind.FAIR_COMPETITION, actor, now, note.strip())


@transaction.atomic
def step(version: PolicyVersion, to: str, *, note: str = "", actor: Any, now: dt.datetime) -> PolicyVersion:
    """Move an edition to ``reviewed`` or back to ``draft``; putting in force is :func:`put_in_force`."""
    require(actor, "change", version)
    held = PolicyVersion.objects.select_for_update().select_related("policy").get(pk=version.pk)
    now_at = Status(held.status)
    if to == Status.REVIEWED and now_at in EDITABLE:
        if found := faults(held):
            raise Refused(_("%(name)s is not ready: %(why)s.") % {"name": held.version, "why": "；".join(found)},
                          _("Correct it or add the case."))  # fmt: skip
        return _moved(held, Status.REVIEWED, Kind.REVIEWED, note, actor, now)
    if to == Status.DRAFT and now_at is Status.REVIEWED:
        return _moved(held, Status.DRAFT, Kind.RETURNED, note, actor, now)
    raise Refused(
        _("%(name)s is %(state)s; it can't become %(to)s.")
        % {"name": held.version, "state": held.get_status_display(), "to": to},
        _("The way is draft, reviewed, in force."),
    )


def _moved(
    held: PolicyVersion, to: Status, kind: str, note: str, actor: Any, now: dt.datetime, **update: Any
) -> PolicyVersion:
    made = keep_edition(held.policy, engine_version(held).model_copy(update={"status": to, **update}), held.author, now)
    _note(made, kind, actor, now, note)
    return made


@transaction.atomic
def put_in_force(
    version: PolicyVersion, *, supersede: bool = False, note: str = "", actor: Any, now: dt.datetime
) -> PolicyVersion:
    """Make a reviewed edition the law from its first day on.

    With ``supersede`` the edition in force before ends the day before it; an edition that would hold on the same day is
    refused otherwise. Nothing goes in force with a failing or a missing case.
    """
    require(actor, "change", version)
    held = PolicyVersion.objects.select_for_update().select_related("policy").get(pk=version.pk)
    if Status(held.status) is not Status.REVIEWED:
        raise Refused(
            _("%(name)s is %(state)s; only a reviewed text goes in force.")
            % {"name": held.version, "state": held.get_status_display()},
            _("Have it reviewed first."),
        )
    if found := faults(held):
        raise Refused(
            _("%(name)s is not ready: %(why)s.") % {"name": held.version, "why": "；".join(found)},
            _("Correct it or add the case."),
        )
    rule = engine_version(held)
    for other in held.policy.versions.select_for_update().filter(status=PolicyVersion.Status.IN_FORCE):
        _make_room(other, rule, supersede, actor, now)
    return _moved(held, Status.IN_FORCE, Kind.IN_FORCE, note, actor, now)


def _make_room(
    other: PolicyVersion, rule: benefits.PolicyVersion, supersede: bool, actor: Any, now: dt.datetime
) -> None:
    assert rule.valid_from is not None and other.valid_from is not None
    apart = (rule.valid_to is not None and rule.valid_to < other.valid_from) or (
        other.valid_to is not None and other.valid_to < rule.valid_from
    )
    if apart:
        return
    if not supersede or other.valid_from >= rule.valid_from:
        raise Refused(
            _("%(one)s and %(two)s would be in force on the same day.") % {"one": other.version, "two": rule.version},
            _("End the earlier one the day before, or correct the dates."),
        )
    last = rule.valid_from - dt.timedelta(days=1)
    _moved(other, Status.SUPERSEDED, Kind.SUPERSEDED, rule.version, actor, now, valid_to=last)
