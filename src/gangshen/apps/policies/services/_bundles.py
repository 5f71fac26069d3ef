"""What a firm gets of several policies together, and in words why one is left out of the sum or cut in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gangshen.engines.benefits import Bundle, Interval, Why, best_bundle, offered
from gangshen.engines.rules import Decision
from gangshen.web.formatting import label, money_text

from ._because import because, policy_names
from ._matching import Match

__all__ = ["beside_words", "spent_words", "together"]


def together(found: Sequence[Match]) -> Bundle:
    """The best bundle of one firm's matches: each with its amount, of a no that of its nearest change."""
    offers = [offered(one.edition.key, one.edition.rule.benefit, _amount(one)) for one in found]
    if not found:
        return best_bundle(())
    shared = found[0].together
    return best_bundle(offers, rooms=shared.rooms(), granted=shared.told)


def _amount(found: Match) -> Interval | None:
    return found.nearest_amount if found.decision is Decision.NO else found.amount


def spent_words(found: Sequence[Match]) -> list[tuple[str, str, str]]:
    """The same as :func:`beside_words` of policies that a firm is entitled to and that pay nothing now."""
    spent = [one for one in found if one.spent]
    told = [(one, _("; ").join(line.words for line in because(one))) for one in spent]
    return [(label(one.edition.policy.label), words, "") for one, words in told]


def beside_words(held: Bundle, found: Sequence[Match]) -> list[tuple[str, str, str]]:
    """(policy, why, money) of each policy that is left out of the bundle or cut in it, money being what the best sum with
    it would be, or what it is paid in the sum."""
    if not found:
        return []
    shared = found[0].together
    others = {name for one in held.left_out.values() for name in one.because}
    titles = policy_names(shared, {*others, *held.left_out, *held.paid})
    words = {
        Why.EXCLUSIVE: _("of its group only the highest is paid: %(others)s is higher"),
        Why.EXCLUDED: _("can't be had beside %(others)s"),
        Why.GRANTED: _("ruled out by what was granted before: %(others)s"),
        Why.UNMATCHED: _("tops up %(others)s, which is not granted"),
    }
    lines = [
        (
            titles[name],
            words[one.why] % {"others": _(", ").join(titles[each] for each in one.because)},
            _("with it %(money)s in all") % {"money": money_text(one.instead)} if one.instead else "",
        )
        for name, one in held.left_out.items()
    ]
    for name, ceiling in held.cut.items():
        sharers = [titles[key] for key in held.paid if key != name and key in shared.law.members(ceiling)]
        why = _("shares a ceiling with %(others)s, which are paid first") % {"others": _(", ").join(sharers)}
        lines.append((titles[name], why, _("in the sum %(money)s") % {"money": money_text(held.paid[name])}))
    return lines
