"""Why a policy that a firm could have is left out of the sum, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gangshen.apps.policies.models import Policy
from gangshen.engines.benefits import Bundle, Why
from gangshen.web.formatting import label, money_text

from ._matching import Match

__all__ = ["left_out_words"]


def left_out_words(held: Bundle, found: Sequence[Match]) -> list[tuple[str, str, str]]:
    """(policy, why it is left out, what the best sum with it would be) of each policy that is not in the bundle."""
    titles = {one.edition.key: label(one.edition.policy.label) for one in found}
    others = {name for one in held.left_out.values() for name in one.because} - set(titles)
    titles |= {one.key: label(one.label) for one in Policy.objects.filter(key__in=others)} if others else {}
    words = {
        Why.EXCLUSIVE: _("of its group only the highest is paid: %(others)s is higher"),
        Why.EXCLUDED: _("can't be had beside %(others)s"),
        Why.GRANTED: _("ruled out by what was granted before: %(others)s"),
        Why.UNMATCHED: _("tops up %(others)s, which is not granted"),
    }
    return [
        (
            titles.get(name, name),
            words[one.why] % {"others": _(", ").join(titles.get(each, each) for each in one.because)},
            _("with it %(money)s in all") % {"money": money_text(one.instead)} if one.instead else "",
        )
        for name, one in held.left_out.items()
    ]
