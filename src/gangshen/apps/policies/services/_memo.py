"""A trial as a paper for the meeting (Word) and as a list for colleagues (Excel); every figure is worked out here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.policies.models import Policy, PolicyVersion, Variant
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import FormatError
from gangshen.web import excel
from gangshen.web.errors import Refused
from gangshen.web.formatting import label, money_text, number
from gangshen.web.word import Word

from ._budget import Budget, budget_of
from ._causes import causes, clause_words
from ._changes import Changes, made
from ._earlier import Earlier
from ._editions import editions_in_force
from ._flags import Flag, flags
from ._law import engine_version
from ._trial import GROUPS, Ground, Outcome, Trial, ground, outcomes, trial, why_unknown
from ._variants import variant_edition
from ._words import benefit_lines

__all__ = [
    "Study",
    "earlier_words",
    "opened",
    "paid_in",
    "studied",
    "study",
    "what_if_json",
    "what_if_memo",
    "what_if_workbook",
]

MEMO_ROWS = 10
_DRAFTS = (PolicyVersion.Status.DRAFT, PolicyVersion.Status.FOR_COMMENT, PolicyVersion.Status.REVIEWED)


@dataclass(frozen=True, slots=True)
class Study:
    """A trial with all that is said about it."""

    policy: Policy
    version: PolicyVersion
    trial: Trial
    budget: Budget | None
    flags: Sequence[Flag]
    variants: Sequence[tuple[Variant, Outcome | None]]
    why: Sequence[tuple[str, int]]

    @property
    def lines(self) -> list[str]:
        """What moved, in words."""
        return [one.line for one in self.trial.moves]


def study(
    policy: Policy,
    version: PolicyVersion,
    base: benefits.PolicyVersion,
    tried: benefits.PolicyVersion,
    kept: Sequence[Variant],
    day: dt.date,
    *,
    may_see_money: bool = True,
) -> Study:
    """Hold ``tried`` against ``base`` as of ``day``, with flags, budget and the variants kept."""
    year = paid_in(version, day)
    over = ground(day, policy, year)
    found = trial(base, tried, over)
    return Study(
        policy,
        version,
        found,
        budget_of(policy.programme, year, earlier=found.earlier) if may_see_money else None,
        flags(policy, version, tried, others=editions_in_force(day), tried=found.after, over=over),
        [(one, _outcome(one, over)) for one in kept],
        _why(found),
    )


def paid_in(version: PolicyVersion, day: dt.date) -> int:
    """The year that an edition pays in when it is tried on ``day``: no sooner than it is the law."""
    return max(day.year, (version.valid_from or day).year)


def studied(key: str, name: str | None, changes: Changes, day: dt.date, *, may_see_money: bool = True) -> Study:
    """:func:`study` of one policy's edition ``name`` (default: the newest text that is no law yet, else the law).

    It is held against the edition in force on ``day``, or against itself where there is no other.
    """
    policy = Policy.objects.select_related("programme").filter(key=key).first()
    if policy is None:
        raise Refused(_("There is no policy %(key)s.") % {"key": key}, _("List them: gangshen policies list."))
    version, law = opened(policy, name, day)
    base = engine_version(law) if law else engine_version(version)
    tried = made(engine_version(version), changes)
    return study(
        policy, version, base, tried, list(policy.variants.select_related("author")), day, may_see_money=may_see_money
    )


def opened(policy: Policy, name: str | None, day: dt.date) -> tuple[PolicyVersion, PolicyVersion | None]:
    """The edition called ``name``, or the one to try first; and the law it is held against, where that is another."""
    versions = sorted(policy.versions.all(), key=lambda one: (one.valid_from or dt.date.min, one.pk), reverse=True)
    law = [one for one in versions if engine_version(one).applies(day)]
    if name:
        chosen = next((one for one in versions if one.version == name), None)
        if chosen is None:
            there = ", ".join(one.version for one in versions) or "—"
            raise Refused(
                _("%(policy)s has no edition %(name)s.") % {"policy": policy.key, "name": name},
                _("It has: %(there)s.") % {"there": there},
            )
    else:
        drafts = [one for one in versions if one.status in _DRAFTS]
        chosen = next(iter([*sorted(drafts, key=lambda one: -one.pk), *law, *versions]), None)
        if chosen is None:
            raise Refused(_("%(policy)s has no edition.") % {"policy": policy.key}, _("Load its file."))
    return chosen, next((one for one in law if one.pk != chosen.pk), None)


def _outcome(variant: Variant, over: Ground) -> Outcome | None:
    try:
        return outcomes(over, {"it": variant_edition(variant)})["it"]
    except (FormatError, Refused):
        return None


def _why(found: Trial) -> list[tuple[str, int]]:
    rows = why_unknown(found.after.edition, found.ground, found.after.decisions)
    return [(clause_words(one), n) for one, n in rows]


def what_if_memo(one: Study) -> bytes:
    """The memo as Word, in the language that is active."""
    before, after, over = one.trial.before, one.trial.after, one.trial.ground
    marks = ("draft", "synthetic") if over.frame["synthetic"].any() else ("draft",)
    paper = Word(_("What-if: %(policy)s") % {"policy": label(one.policy.label)}, over.as_of, one.policy.issuer, marks)
    ref = f"policy:{one.policy.key}@{one.version.version}"
    paper.heading(_("1. Answer"))
    paper.paragraph(_answer(one), ref, f"{label(one.policy.label)} {one.version.version}")
    paper.paragraph(
        _("All %(n)s enterprises on the register as of %(day)s; snapshot %(digest)s.")
        % {"n": number(over.rows), "day": over.as_of, "digest": over.digest[:12]}
    )
    paper.heading(_("2. What moves"))
    rows = [
        (move.words or "", move.was or "—", move.now or "—", _effect(one.trial.alone.get(move.key)))
        for move in one.trial.moves
    ]
    if rows:
        paper.table((_("Condition"), before.edition.version, _("Tried"), _("Alone it makes")), rows)
    else:
        paper.paragraph(_("Nothing."))
    paper.paragraph(_("What is given: %(lines)s.") % {"lines": "; ".join(benefit_lines(after.edition.benefit))})
    _who(paper, one.trial)
    paper.heading(_("3. Reach and cost"))
    paper.table(_HEADS(), [_compared(name, outcome, one.budget) for name, outcome in _texts(one)], right=(1, 2, 3))
    paper.paragraph(_money(one))
    if one.trial.earlier:
        paper.paragraph(earlier_words(one.trial.earlier))
    for group, words in zip(GROUPS, (_("By segment"), _("By size"), _("By town")), strict=True):
        parts = one.trial.by(group)[:MEMO_ROWS]
        if parts:
            paper.heading(words, 2)
            heads = (words, before.edition.version, _("Tried"), _("Unknown"))
            paper.table(
                heads,
                [(registers.named(name) or _("Unknown"), *map(str, rest)) for name, *rest in parts],
                right=(1, 2, 3),
            )
    paper.heading(_("4. Who is unknown, and why"))
    if one.why:
        paper.table((_("Condition"), _("Enterprises")), [(words, str(n)) for words, n in one.why], right=(1,))
        paper.paragraph(_("An enterprise may wait for several of these."))
    else:
        paper.paragraph(_("Nobody."))
    paper.heading(_("5. To be looked at"))
    for flag in one.flags:
        paper.paragraph(_(": ").join(filter(None, (flag.words, flag.place))), flag.ref or None)
    if not one.flags:
        paper.paragraph(_("Nothing was found."))
    return paper.save()


def _who(paper: Word, found: Trial) -> None:
    """The firms that enter and leave with the number that decided, the largest amounts first."""
    why = causes(found)
    for words, mask in ((_("Who enters"), found.enters), (_("Who leaves"), found.leaves)):
        rows = found.rows(mask)
        if not rows:
            continue
        paper.heading(words, 2)
        heads = (_("Enterprise"), _("By which condition"), _("Amount"))
        told = [
            (one["name"], why.words(one["at"]), money_text(one["amount"]) if one["amount"] else "—")
            for one in rows[:MEMO_ROWS]
        ]
        paper.table(heads, told, right=(2,))
        if len(rows) > MEMO_ROWS:
            paper.paragraph(_("%(n)d more stand in the Excel file.") % {"n": len(rows) - MEMO_ROWS})


def _HEADS() -> tuple[str, ...]:
    return _("Text"), _("Gets it"), _("Unknown"), _("Cost"), _("Against the money")


def _texts(one: Study) -> list[tuple[str, Outcome | None]]:
    found: list[tuple[str, Outcome | None]] = [
        (one.trial.before.edition.version, one.trial.before),
        (_("Tried"), one.trial.after),
    ]
    for variant, outcome in one.variants:
        who = variant.author.get_full_name() or variant.author.username if variant.author else ""
        found.append((f"{variant.name}（{who} {variant.created_at:%Y-%m-%d}）", outcome))
    return found


def _compared(name: str, outcome: Outcome | None, budget: Budget | None) -> tuple[str, ...]:
    if outcome is None:
        return name, "—", "—", "—", _("can't be used")
    words = {"ok": _("fits"), "near": _("may not fit"), "bad": _("does not fit")}
    state = words[budget.state(outcome.low, outcome.high)] if budget else _("no appropriation known")
    return name, str(outcome.yes), str(outcome.unknown), money_text((outcome.low, outcome.high)), state


def _answer(one: Study) -> str:
    lead = _("; ").join(one.lines) or _("Nothing is moved")
    return _("%(moves)s: %(enters)d enter, %(leaves)d leave, %(unknown)d are unknown; the cost is %(cost)s a year.") % {
        "moves": lead,
        "enters": one.trial.enters.sum(),
        "leaves": one.trial.leaves.sum(),
        "unknown": one.trial.after.unknown,
        "cost": money_text((one.trial.after.low, one.trial.after.high)),
    }


def _money(one: Study) -> str:
    if one.budget is None:
        return _("No appropriation is known for it.")
    held, after = one.budget, one.trial.after
    words = _("%(programme)s was given %(given)s in %(year)d, of which %(left)s are left.") % {
        "programme": held.programme.name,
        "given": money_text(held.appropriated),
        "year": held.year,
        "left": money_text(held.available),
    }
    if held.earlier:
        words += _(" Nothing is given yet for %(year)d.") % {"year": held.asked}
    if over := held.over(after.high):
        words += _(" At most it would cost %(over)s more than that.") % {"over": money_text(over)}
    if after.uncounted:
        words += _(" Of %(n)d nobody can compute the amount.") % {"n": after.uncounted}
    return words


def earlier_words(earlier: Earlier) -> str:
    """That the cost is net of what was granted before, and by how much."""
    words = _("What was granted before is subtracted")
    if earlier.firms:
        told = ngettext(
            "%(n)d firm was granted %(money)s under it", "%(n)d firms were granted %(money)s under it", earlier.firms
        )
        words += _(": ") + told % {"n": earlier.firms, "money": money_text(earlier.ever)}
        words += _(", %(money)s of it in %(year)d") % {"money": money_text(earlier.in_year), "year": earlier.year}
    if earlier.spared > 0:
        return words + _("; without that it would cost up to %(money)s more.") % {"money": money_text(earlier.spared)}
    return words + _("; no ceiling of this text counts it.")


def _effect(effect: tuple[int, int, int, int] | None) -> str:
    if effect is None:
        return "—"
    words = _("%(enters)d enter, %(leaves)d leave") % {"enters": effect[0], "leaves": effect[1]}
    if not effect[3]:
        return words
    cost = ("+" if effect[3] > 0 else "") + money_text(effect[3])
    return words + _("; cost at most %(cost)s") % {"cost": cost}


def what_if_workbook(one: Study) -> bytes:
    """Sheets: the texts compared, the numbers moved, the firms that enter, leave or are unknown, the flags."""
    over = one.trial.ground
    about = _("%(policy)s, as of %(day)s, snapshot %(digest)s") % {
        "policy": f"{label(one.policy.label)} {one.version.version}",
        "day": over.as_of,
        "digest": over.digest[:12],
    } + (_("; synthetic enterprises") if over.frame["synthetic"].any() else "")
    texts = [
        [name, found.yes, found.unknown, found.low, found.high] if found else [name, None, None, None, None]
        for name, found in _texts(one)
    ]
    cost = [excel.Head(_("Cost from (yuan)"), "money", 18), excel.Head(_("Cost to (yuan)"), "money", 18)]
    figures = [excel.Head(_("Gets it"), "number"), excel.Head(_("Unknown"), "number")]
    sheets = [
        excel.Sheet(_("Compared"), about, [excel.Head(_("Text"), "text", 34), *figures, *cost], texts),
        excel.Sheet(_("What moves"), about, _move_heads(), _move_rows(one.trial)),
        excel.Sheet(_("Enterprises"), about, _firm_heads(), _firm_rows(one.trial)),
        excel.Sheet(
            _("To be looked at"),
            about,
            [excel.Head(_("What"), "text", 60), excel.Head(_("Place"), "text", 50)],
            [[flag.words, flag.place] for flag in one.flags],
        ),
    ]
    return excel.workbook(sheets)


def _move_heads() -> list[excel.Head]:
    return [
        excel.Head(_("Condition"), "text", 30),
        excel.Head(_("Before"), "text", 30),
        excel.Head(_("Tried"), "text", 30),
        excel.Head(_("Enters"), "number"),
        excel.Head(_("Leaves"), "number"),
        excel.Head(_("Cost more, at most (yuan)"), "money", 20),
    ]


def _move_rows(found: Trial) -> list[list[object]]:
    rows: list[list[object]] = []
    for one in found.moves:
        enters, leaves, _low, high = found.alone.get(one.key, (None, None, None, None))
        rows.append([one.words, one.was, one.now, enters, leaves, high])
    return rows


def _firm_heads() -> list[excel.Head]:
    return [
        excel.Head(_("What happens"), "text", 12),
        excel.Head(_("Enterprise"), "text", 34),
        excel.Head(_("Code"), "text", 22),
        excel.Head(_("Segment"), "text", 24),
        excel.Head(_("Size"), "text", 10),
        excel.Head(_("Town"), "text", 16),
        excel.Head(_("By which condition"), "text", 40),
        excel.Head(_("Amount from (yuan)"), "money", 18),
        excel.Head(_("Amount to (yuan)"), "money", 18),
    ]


def _firm_rows(found: Trial) -> list[list[object]]:
    rows: list[list[object]] = []
    why = causes(found)
    for words, mask in ((_("enters"), found.enters), (_("leaves"), found.leaves), (_("unknown"), found.open)):
        for one in found.rows(mask):
            amount = one["amount"] or (None, None)
            segment = "、".join(map(registers.named, one["segment"] or ()))
            town = one["town"] and registers.named(one["town"])
            rows.append([words, one["name"], one["id"], segment, one["size"], town, why.words(one["at"]), *amount])
    return rows


def what_if_json(one: Study, *, rows: int | None = None) -> dict[str, object]:
    """The answer of the API and of ``gangshen policies what-if --json``; money in fen."""
    found, budget, why = one.trial, one.budget, causes(one.trial)

    def firms(mask: object) -> list[dict[str, object]]:
        return [
            {
                "enterprise": each["id"],
                "name": each["name"],
                "amount_fen": each["amount"],
                "decided_by": why.words(each["at"]),
            }
            for each in found.rows(mask)[:rows]  # type: ignore[arg-type]
        ]

    return {
        "policy": one.policy.key,
        "version": one.version.version,
        "against": found.before.edition.version,
        "as_of": found.ground.as_of.isoformat(),
        "snapshot": found.ground.digest,
        "enterprises": found.ground.rows,
        "moves": [
            {"key": each.key, "what": each.words, "from": each.was, "to": each.now, "alone": _alone(found, each.key)}
            for each in found.moves
        ],
        "before": _tally(found.before),
        "after": _tally(found.after),
        "enters": firms(found.enters),
        "leaves": firms(found.leaves),
        "unknown": firms(found.open),
        "by": {
            group: [dict(zip(("name", "before", "after", "unknown"), each, strict=True)) for each in found.by(group)]
            for group in GROUPS
        },
        "why_unknown": [{"what": words, "enterprises": n} for words, n in one.why],
        "budget": None
        if budget is None
        else {
            "programme": budget.programme.key,
            "year": budget.year,
            "appropriated_fen": budget.appropriated,
            "available_fen": budget.available,
            "granted_in_year_fen": budget.granted,
            "state": {"ok": "fits", "near": "may_not_fit", "bad": "does_not_fit"}[
                budget.state(found.after.low, found.after.high)
            ],
        },
        "earlier": found.earlier
        and {
            "firms": found.earlier.firms,
            "granted_fen": found.earlier.ever,
            "year": found.earlier.year,
            "granted_in_year_fen": found.earlier.in_year,
            "spared_fen": found.earlier.spared,
        },
        "flags": [
            {"flag": each.key, "state": each.state, "words": each.words, "clause": each.clause or None}
            for each in one.flags
        ],
    }


def _alone(found: Trial, key: str) -> dict[str, int] | None:
    effect = found.alone.get(key)
    return effect and dict(zip(("enters", "leaves", "low_fen", "high_fen"), effect, strict=True))


def _tally(one: Outcome) -> dict[str, object]:
    return {
        "yes": one.yes,
        "unknown": one.unknown,
        "cost_fen": {"low": one.low, "high": one.high},
        "uncounted": one.uncounted,
    }
