"""A policy begun on the desk: its frame, and a first draft that holds nothing yet but that it is to be written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from gangshen.apps.identity.access import require
from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.engines import benefits
from gangshen.engines.formats import Text
from gangshen.engines.rules import All, Clause, ClauseKind
from gangshen.web.errors import Refused

from ._clause_lines import FIRST
from ._editions import save
from ._lifecycle import note_drafted

__all__ = ["RESERVED", "new_policy"]

RESERVED = frozenset({"confirm", "firms", "granted", "match", "matches", "new", "what-if"})  # addresses of pages


@transaction.atomic
def new_policy(
    key: str, *, title: str, theme: str, issuer: str, edition: str, actor: Any, now: dt.datetime
) -> PolicyVersion:
    """A new policy with an empty draft called ``edition``; raises :class:`Refused` for a key that is taken or no key."""
    require(actor, "add", Policy)
    require(actor, "add", PolicyVersion)
    key, title, theme, issuer, edition = (text.strip() for text in (key, title, theme, issuer, edition))
    if not (title and theme and issuer and edition):
        raise Refused(
            _("A policy needs a title, a theme, an issuer and the name of its draft."), _("Fill in what is missing.")
        )
    if max(len(title), len(issuer), 2 * len(key), 5 * len(theme), 5 * len(edition)) > 200:
        raise Refused(_("That is too long."), _("At most 200 signs; key 100, theme and draft 40."))
    if key in RESERVED or Policy.objects.filter(key=key).exists():
        raise Refused(_("There is a policy %(key)s already.") % {"key": key}, _("Give it another key."))
    first = Clause(id=FIRST, kind=ClauseKind.UNTRANSLATED, label=title, quote=title)
    draft = benefits.PolicyVersion(
        version=edition,
        status=benefits.Status.DRAFT,
        authority=issuer,
        eligibility=All(all=(first,)),
        benefit=benefits.Benefit(kind=benefits.BenefitKind.REWARD),
    )
    try:
        whole = benefits.Policy(id=key, title=Text(zh=title), theme=Text(zh=theme), issuer=issuer, versions=(draft,))
    except ValidationError:
        raise Refused(
            _("“%(key)s” is no key of a policy.") % {"key": key[:60]},
            _("Use small letters, digits and hyphens, for example rent-subsidy."),
        ) from None
    made = save(whole, actor=actor, now=now).versions.get()
    note_drafted(made, actor, now)
    return made
