"""Definitions of statistics: checked, kept, owned, shared."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import User
from gangshen.apps.indicators.models import Series
from gangshen.apps.indicators.models import Statistic as Row
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import Fault, dump_yaml, load_yaml
from gangshen.engines.rules import sentence
from gangshen.engines.statistics import Statistic, attributes_of, check, for_counting
from gangshen.engines.vocabulary import Access
from gangshen.web.errors import Refused

from ._safe import statistics_role

__all__ = ["definition_of", "key_for", "remove", "save", "scope_words", "statistic", "visible"]


def definition_of(row: Row) -> Statistic:
    """The definition as the engine reads it."""
    return _read(row.definition)


@lru_cache(maxsize=256)
def _read(text: str) -> Statistic:
    return load_yaml(text, Statistic, name="statistic")


def visible(user: Any) -> QuerySet[Row]:
    """Statistics that ``user`` may open: shared ones and own ones; what reads statistics-only data to statistics roles.

    A public statistic is open to every role that sees statistics: of it only what is published is shown.
    """
    rows = Row.objects.for_user(user).filter(Q(shared=True) | Q(owner=user.pk))
    return rows if statistics_role(user) else rows.filter(Q(closed=False) | Q(public=True))


def statistic(key: str) -> Row:
    """The statistic of ``key``; raises :class:`Refused` when there is none."""
    found = Row.objects.filter(key=key).first()
    if found is None:
        raise Refused(
            _("There is no statistic “%(key)s”.") % {"key": key}, _("See the list: gangshen indicators statistics.")
        )
    return found


def key_for(name: str) -> str:
    """A free key made from ``name``."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "statistic"
    taken = set(Row.objects.filter(key__startswith=plain).values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := plain if n == 1 else f"{plain}-{n}") not in taken)


def save(one: Statistic, *, actor: User | None, now: dt.datetime) -> Row:
    """Keep a definition under its key; raises :class:`Refused` for a fault, PermissionDenied without the right."""
    held = Row.objects.filter(key=one.key).first()
    if actor is not None:
        require(actor, "change" if held else "add", held or Row)
        if held and held.owner_id not in (None, actor.pk):
            raise Refused(
                _("This view belongs to %(owner)s.") % {"owner": held.owner}, _("Save it under a name of your own.")
            )
    words = registers.vocabulary()
    try:
        check(one, words)
        _check_series(one)
    except Fault as fault:
        said = fault.message.in_language(get_language() or "zh-hans")
        raise Refused(f"{one.key}: {said}", _("Nothing was kept.")) from None
    axes = tuple(name for table in one.tables for name in table)
    closed = any(words.access(name) is Access.STATISTICS for name in attributes_of(one, axes))
    values = {
        "name": one.name.zh,
        "name_en": one.name.en or "",
        "definition": dump_yaml(one, Statistic),
        "owner": _owner(one),
        "shared": one.shared,
        "public": one.public,
        "closed": closed,
        "changed_at": now,
    }
    with transaction.atomic():
        if held is None:
            return Row.objects.create(key=one.key, **values)
        for name, value in values.items():
            setattr(held, name, value)
        held.save()
        return held


def _owner(one: Statistic) -> User | None:
    if one.owner is None:
        return None
    found = User.objects.filter(username=one.owner).first()
    if found is None:
        raise Refused(
            _("%(key)s: there is no user “%(owner)s”.") % {"key": one.key, "owner": one.owner},
            _("Name the log-in of its owner, or leave it out."),
        )
    return found


def _check_series(one: Statistic) -> None:
    for field in ("published", "deflator"):
        key = getattr(one, field)
        if key and not Series.objects.filter(key=key).exists():
            raise Fault(
                f"{field}：没有序列“{key}”（见 indicators/series.csv）",
                f"{field}: there is no series {key!r} (see indicators/series.csv)",
            )


def remove(row: Row, *, actor: User) -> None:
    """Drop a view without kept results; what was counted and kept stays."""
    require(actor, "delete", row)
    if row.results.exists():
        raise Refused(_("Results of it were kept; they rest on the definition."), _("Take back its sharing instead."))
    row.delete()


def scope_words(one: Statistic, language: str | None = None) -> str:
    """Who is counted, as a sentence."""
    spoken = language or get_language() or "zh-hans"
    if one.scope is None:
        return "登记库中的全部企业" if spoken.startswith("zh") else "every enterprise of the register"
    return sentence(one.scope, spoken, for_counting(registers.vocabulary()))
