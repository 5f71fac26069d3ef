"""What a policy gives and why a condition is open, in the language that is active."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Benefit, Cap, Tier
from gangshen.engines.rules import Reason, period_words, sentence
from gangshen.engines.vocabulary import Period
from gangshen.web.formatting import label, money_text, number, percent, unit_words

__all__ = ["REASONS", "benefit_lines", "per_words", "title_words"]

REASONS = {
    Reason.MISSING: gettext_lazy("no source has said it"),
    Reason.STALE: gettext_lazy("out of date"),
    Reason.WITHHELD: gettext_lazy("may not be used without consent"),
    Reason.JUDGEMENT: gettext_lazy("the authority decides this itself"),
    Reason.UNTRANSLATED: gettext_lazy("not yet linked to data; to be checked by hand"),
}
_PER = {
    "item": gettext_lazy("an item"),
    "firm": gettext_lazy("a firm"),
    "year": gettext_lazy("a year"),
    "quarter": gettext_lazy("a quarter"),
    "month": gettext_lazy("a month"),
    "mu": gettext_lazy("a mu"),
    "person": gettext_lazy("a person"),
    "total": gettext_lazy("in total"),
}


def benefit_lines(benefit: Benefit) -> list[str]:
    """How the amount comes about, a step a line: base and rate or fixed amount, ladder, ceilings, what excludes it."""
    if benefit.judgement:
        return [_("Decided case by case; nobody can compute it.")]
    return [*_paid(benefit), *_on_top(benefit), *map(_ceiling, benefit.caps), *_beside(benefit), *_remarks(benefit)]


def _named(attribute: str | None, printed: str = "", period: str | None = None) -> str:
    known = registers.any_attribute(attribute)
    if known is None:
        return printed or attribute or "—"
    dated = known.period is not Period.STATE
    return (period_words(period, get_language() or "zh") if dated else "") + label(known.label)


def _rate(rate: float | tuple[float, float]) -> str:
    low, high = rate if isinstance(rate, tuple) else (rate, rate)
    return percent(low * 100) if low == high else f"{percent(low * 100)}–{percent(high * 100)}"


def _paid(benefit: Benefit) -> Iterator[str]:
    base = _("that grant") if benefit.matches else _named(benefit.base, benefit.base_label, benefit.period)
    if benefit.rate is not None:
        yield _("%(rate)s of %(base)s") % {"rate": _rate(benefit.rate), "base": base} + (
            _(", net of VAT") if benefit.net_of_vat and not _net(benefit.base) else ""
        )
    if benefit.amount_fen is not None:
        amount = money_text(benefit.amount_fen)
        words = _("Up to %(amount)s") if benefit.up_to else _("%(amount)s fixed")
        yield words % {"amount": amount} + (
            _(" for each of %(count)s") % {"count": _named(benefit.count, period=benefit.period)}
            if benefit.count
            else ""
        )
    for tier in benefit.tiers:
        yield _("%(step)s: %(given)s") % {"step": _step(tier, benefit), "given": _given(tier, base)}


def _net(attribute: str | None) -> bool:
    """Whether the figure is net of VAT by its definition (its name then says so)."""
    known = registers.any_attribute(attribute)
    return known is not None and known.extra.get("vat") == "net"


def title_words(words: str) -> str:
    found = registers.vocabulary().certificate(words)
    return label(found.type) if found else words


def _step(tier: Tier, benefit: Benefit) -> str:
    if tier.types:
        return _(" or ").join(map(title_words, tier.types))
    known = registers.any_attribute(benefit.ladder)
    unit = f" {unit_words(known.unit)}" if known and known.unit else ""
    return _("%(name)s from %(at)s") % {
        "name": _named(benefit.ladder, period=benefit.period),
        "at": f"{number(tier.at)}{unit}",
    }


def _given(tier: Tier, base: str) -> str:
    if tier.rate is not None:
        return _("%(rate)s of %(base)s") % {"rate": _rate(tier.rate), "base": base}
    return money_text(tier.amount_fen) if tier.amount_fen is not None else "—"


def _on_top(benefit: Benefit) -> Iterator[str]:
    """What comes on top for some, what is paid at least, and what was paid before."""
    for uplift in benefit.uplifts:
        told = sentence(uplift.when, get_language() or "zh", registers.vocabulary())
        if uplift.amount_fen is not None:
            more = money_text(uplift.amount_fen)
        elif uplift.rate is not None:
            more = _("%(rate)s of the base") % {"rate": percent(uplift.rate * 100)}
        else:
            more = _("%(rate)s of the amount") % {"rate": percent((uplift.factor or 0) * 100)}
        yield _("%(more)s more where: %(condition)s") % {"more": more, "condition": told}
    if benefit.floor_fen is not None:
        yield _("At least %(amount)s") % {"amount": money_text(benefit.floor_fen)}
    if benefit.top_up:
        yield _("Only what a lower step has not paid before")


def per_words(per: str) -> str:
    """What a ceiling is counted by: a firm, a year, an item."""
    return str(_PER.get(per, per))


def _ceiling(cap: Cap) -> str:
    per = per_words(cap.per)
    if cap.period is not None:
        per = _(", ").join((per, per_words(cap.period)))
    return _("At most %(amount)s %(per)s") % {"amount": money_text(cap.amount_fen), "per": per}


def _beside(benefit: Benefit) -> Iterator[str]:
    """What other policies mean for this one."""
    for ceiling in benefit.ceilings:
        if ceiling.amount_fen is not None:
            most = money_text(ceiling.amount_fen)
        else:
            most = f"{percent((ceiling.rate or 0) * 100)} {_named(ceiling.base)}"
        yield _("Together with others under “%(name)s” at most %(most)s") % {"name": ceiling.name, "most": most}
    if benefit.matches is not None:
        yield _("Tops up a grant of “%(policy)s”") % {"policy": _titles([benefit.matches])}
    if benefit.not_with:
        yield _("Not beside %(policies)s") % {"policies": _titles(benefit.not_with)}


def _titles(keys: Collection[str]) -> str:
    """Policies by their titles; by the key where there is none of that name."""
    titles = {one.key: label(one.label) for one in Policy.objects.filter(key__in=keys)}
    return _(", ").join(titles.get(key, key) for key in keys)


def _remarks(benefit: Benefit) -> Iterator[str]:
    if benefit.exclusive:
        yield _("Of the group “%(group)s” only the highest is paid") % {"group": benefit.exclusive}
    if benefit.assumed:
        yield _("Assumed: %(why)s") % {"why": benefit.assumed}
