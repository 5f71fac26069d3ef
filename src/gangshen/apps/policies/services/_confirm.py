"""免申即享: the list of firms that an edition finds entitled, sent for confirmation once, answered firm by firm.

Nothing is granted or paid here: the authority decides on the answers, the treasury pays.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.policies.models import ConfirmLine, ConfirmList, Policy
from gangshen.apps.registers import services as registers
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._because import because
from ._before import granted_by_firm
from ._confirm_facts import Before, crossed, facts_to_confirm
from ._decisions import decision_ref
from ._editions import Edition, edition_at, editions_in_force
from ._matching import Match, matches_of
from ._runs import decisions, last_two
from ._trial import YES, decided, ground

__all__ = [
    "CONFIRM",
    "Entitled",
    "Sent",
    "answer_line",
    "automatic_now",
    "close_confirm",
    "confirm_list",
    "lines_to_confirm",
    "send_list",
]

CONFIRM = "confirm_grant"
EVIDENCE = 20  # decisions that a case cites; the list has all
State = ConfirmLine.State


@dataclass(frozen=True, slots=True)
class Entitled:
    """An edition granted without an application: who gets it by the latest match, and the list made last."""

    edition: Edition
    firms: int
    new: int
    granted: int  # of the firms, those that were granted under it before; none of these is new
    last: ConfirmList | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending did: cases opened, firms in them; firms that had been asked before stay as they are."""

    cases: int
    firms: int
    already: int
    to_office: int


def automatic_now(day: dt.date) -> list[Entitled]:
    """Editions in force that need no application, with how many get them and how many entered since the last list.

    Without a list, new is told against the match before the latest; without that, nobody is called new.
    """
    editions = [one for one in editions_in_force(day) if one.rule.automatic]
    if not editions:
        return []
    over = ground(day)
    reached = decided(over, {one.key: one.rule for one in editions})
    run = last_two()[1]
    had = decisions(run) if run else None
    before = granted_by_firm(day)
    found = []
    for one in editions:
        last = one.policy.confirm_lists.first()
        now = set(over.frame["id"].filter(reached[one.key] == YES))
        then = set(last.lines.values_list("firm__key", flat=True)) if last else _getting(had, one.key)
        told = {firm for firm, lines in before.items() if any(line.policy == one.key for line in lines)} & now
        new = len(now - then - told) if last or had is not None else 0
        found.append(Entitled(one, len(now), new, len(told), last))
    return found


def _getting(frame: Any, policy: str) -> set[str]:
    if frame is None:
        return set()
    return {row[0] for row in frame.select("enterprise", "policy", "decision").rows() if row[1:] == (policy, YES)}


def confirm_list(policy: Policy, day: dt.date, *, actor: Any, now: dt.datetime) -> ConfirmList:
    """List everyone entitled on ``day``; the same firms with the same amounts on the same day are the same list.

    Raises :class:`Refused` where no edition applies, where it needs an application, and where nobody is entitled.
    """
    if actor is not None:
        require(actor, "add", ConfirmList)
    edition = edition_at(policy, day)
    if edition is None or not edition.rule.automatic:
        raise Refused(
            _("%(policy)s is not granted without an application.") % {"policy": label(policy.label)},
            _("Set automatic: true in its edition where its text says so."),
        )
    over = ground(day)
    codes = decided(over, {"it": edition.rule})["it"]
    found = matches_of(edition, day, over.frame["id"].filter(codes == YES).to_list())
    firms = {one.key: one for one in Organisation.objects.filter(key__in=[one.enterprise for one in found])}
    found = [one for one in found if one.enterprise in firms]
    if not found:
        raise Refused(_("Nobody is entitled to it on %(day)s.") % {"day": day}, _("Match again when facts arrive."))
    digest = _digest(edition, found)
    there = ConfirmList.objects.filter(policy=policy, as_of=day, digest=digest).first()
    if there is not None:
        return there
    before = _before(policy, edition)
    try:
        with transaction.atomic():
            made = ConfirmList.objects.create(
                policy=policy,
                edition=edition.version.version,
                as_of=day,
                digest=digest,
                since=before.day if before else None,
                made_at=now,
                made_by=actor,
            )
            ConfirmLine.objects.bulk_create(_lines(made, edition, found, firms, before), batch_size=500)
    except IntegrityError:  # made by somebody else at the same moment
        return ConfirmList.objects.get(policy=policy, as_of=day, digest=digest)
    return made


def _digest(edition: Edition, found: Iterable[Match]) -> str:
    told = [(one.enterprise, one.amount and (one.amount.low, one.amount.high)) for one in found]
    return hashlib.sha256(json.dumps([edition.version.digest, told]).encode()).hexdigest()


def _before(policy: Policy, edition: Edition) -> Before | None:
    """What new firms are told against: the list before, else the match before the latest."""
    last = policy.confirm_lists.first()
    if last is not None:
        return Before(set(last.lines.values_list("firm__key", flat=True)), last.as_of, last.made_at)
    run = last_two()[1]
    if run is None or run.finished_at is None:
        return None
    return Before(_getting(decisions(run), policy.key), dt.date.fromisoformat(run.params["as_of"]), run.finished_at)


def _lines(
    made: ConfirmList, edition: Edition, found: list[Match], firms: Mapping[str, Organisation], before: Before | None
) -> list[ConfirmLine]:
    told = {one.enterprise: _told(one) for one in found}
    new = {
        one.enterprise
        for one in found
        if (before is None or one.enterprise not in before.firms) and not told[one.enterprise]
    }
    why = crossed(edition, [one for one in found if one.enterprise in new], before) if before else {}
    return [
        ConfirmLine(
            roster=made,
            firm=firms[one.enterprise],
            low=one.amount.low if one.amount else None,
            high=one.amount.high if one.amount else None,
            new=one.enterprise in new and before is not None,
            why=why.get(one.enterprise, "")[:300],
            granted=told[one.enterprise],
            because=[{"kind": each.kind, "words": each.words, "refs": list(each.refs)} for each in because(one)],
            facts=facts_to_confirm(one),
            state=State.GRANTED if one.amount is not None and one.amount.high == 0 else State.PENDING,
        )
        for one in found
    ]


def _told(found: Match) -> int:
    """Fen granted to the firm under the policy before."""
    return sum(line.fen for line in found.together.before if line.policy == found.edition.key)


@transaction.atomic
def send_list(given: ConfirmList, *, actor: Any, now: dt.datetime) -> Sent:
    """One case per account manager over the firms not asked yet; firms that nobody looks after go to the office, those
    for whom nothing is left are not asked.

    Sent again it opens nothing, for every firm of the list has its case by then.
    """
    if actor is not None:
        require(actor, "change", given)
        require(actor, "add", Case)
    held = ConfirmList.objects.select_for_update(of=("self",)).select_related("policy").get(pk=given.pk)
    lines = list(held.lines.select_related("firm").filter(case=None, state=State.PENDING))
    already = held.lines.exclude(case=None).count()
    looked_after = registers.managers([one.firm.key for one in lines], held.as_of)
    groups: dict[User | None, list[ConfirmLine]] = {}
    for line in lines:
        groups.setdefault(looked_after[line.firm.key].user, []).append(line)
    for owner, mine in groups.items():
        case = _case(held, owner, mine, actor, now)
        ConfirmLine.objects.filter(pk__in=[one.pk for one in mine]).update(case=case)
    if held.sent_at is None:
        held.sent_at, held.sent_by = now, actor
        held.save(update_fields=["sent_at", "sent_by"])
    given.refresh_from_db()
    return Sent(len(groups), len(lines), already, len(groups.get(None, ())))


def _case(held: ConfirmList, owner: User | None, mine: list[ConfirmLine], actor: Any, now: dt.datetime) -> Case:
    name = label(held.policy.label)
    title = ngettext(
        "Confirm with %(n)d firm before “%(policy)s” is granted",
        "Confirm with %(n)d firms before “%(policy)s” is granted",
        len(mine),
    )
    words = [
        _("Ask each firm whether the facts hold; write down confirmed, or the objection. Nothing is paid by this.")
    ]
    if owner is None:
        words.append(_("The register names no account manager with a log-in for them; the zone office asks."))
    return cases.open_case(
        CONFIRM,
        f"confirm:{held.pk}:{owner.pk if owner else 'office'}",
        title=title % {"n": len(mine), "policy": name},
        about=f"policy:{held.policy.key}@{held.edition}",
        evidence=[decision_ref(one.firm.key, held.policy.key, held.as_of) for one in mine[:EVIDENCE]],
        owner=owner,
        instruction=" ".join(words),
        actor=actor,
        now=now,
    )


@transaction.atomic
def answer_line(given: ConfirmLine, state: str, reason: str = "", *, actor: Any, now: dt.datetime) -> ConfirmLine:
    """Write down what the firm says; the last answer of a case closes it with the tally as its receipt.

    Raises :class:`Refused` before the list is sent, for an objection without its reason, and for an unknown answer.
    """
    require(actor, "change", given)
    line = (
        ConfirmLine.objects.select_for_update(of=("self",))
        .select_related("roster__policy", "case", "firm")
        .get(pk=given.pk)
    )
    if state not in (State.CONFIRMED, State.OBJECTED):
        raise Refused(_("“%(state)s” is no answer.") % {"state": state}, _("Answer confirmed or objected."))
    if line.roster.sent_at is None:
        raise Refused(_("This list was not sent yet."), _("Send it first."))
    if line.state == State.GRANTED:
        raise Refused(_("The firm was not asked: nothing is left to grant."), _("See what was granted before."))
    if state == State.OBJECTED and not reason.strip():
        raise Refused(_("An objection needs its reason."), _("Say which fact is wrong, or that the firm declines."))
    line.state, line.reason = state, reason.strip()[:300]
    line.answered_at, line.answered_by = now, actor
    line.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    if line.case is not None and line.case.state != Case.State.CLOSED and not _pending(line.case):
        cases.close(line.case, _tally(line.case), actor=None, now=now)
    return line


def _pending(case: Case) -> int:
    return ConfirmLine.objects.filter(case=case, state=State.PENDING).count()


def _tally(case: Case) -> str:
    states = list(ConfirmLine.objects.filter(case=case).values_list("state", flat=True))
    counted = {"yes": states.count(State.CONFIRMED), "no": states.count(State.OBJECTED)}
    return _("%(yes)d confirmed, %(no)d objected.") % counted


def lines_to_confirm(firm: Organisation) -> list[ConfirmLine]:
    """What a firm is asked to confirm and has not answered, of lists that were sent; the newest list of a policy only."""
    asked = ConfirmLine.objects.filter(firm=firm, state=State.PENDING, roster__sent_at__isnull=False)
    found: dict[int, ConfirmLine] = {}
    for line in asked.select_related("roster__policy").order_by("-roster"):
        found.setdefault(line.roster.policy_id, line)
    return list(found.values())


def close_confirm(case: Case, actor: Any) -> None:
    """A case over a confirm list stays open while a firm of it has not answered."""
    if left := _pending(case):
        words = ngettext("%(n)d firm has not answered.", "%(n)d firms have not answered.", left)
        raise Refused(words % {"n": left}, _("Write down each answer on the list."))
