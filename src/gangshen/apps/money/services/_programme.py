"""Programmes by their key."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gangshen.apps.money.models import Account, Programme
from gangshen.web.errors import Refused

__all__ = ["programme", "upsert_programme", "years_of"]


def programme(key: str | Programme) -> Programme:
    """The programme of ``key``; raises :class:`Refused` naming those there are."""
    if isinstance(key, Programme):
        return key
    found = Programme.objects.filter(key=key).first()
    if found is None:
        there = ", ".join(Programme.objects.values_list("key", flat=True)[:20]) or "—"
        raise Refused(
            _("There is no programme “%(key)s”.") % {"key": key}, _("Programmes are: %(there)s.") % {"there": there}
        )
    return found


def upsert_programme(key: str, name: str, *, name_en: str = "", assumed: bool = False) -> Programme:
    """Create or rename a programme. Its figures are posted, never set here."""
    return Programme.objects.update_or_create(key=key, defaults={"name": name, "name_en": name_en, "assumed": assumed})[
        0
    ]


def years_of(which: str | Programme) -> list[int]:
    """The years for which the programme has accounts, latest first."""
    of = Account.objects.filter(programme=programme(which))
    return sorted(of.values_list("year", flat=True).distinct(), reverse=True)
