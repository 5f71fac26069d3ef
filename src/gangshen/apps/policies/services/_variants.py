"""Texts tried beside an edition: kept under a name with author and time, taken away again, written into a draft."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.policies.models import Policy, Variant
from gangshen.engines import benefits
from gangshen.engines.formats import dump_yaml, load_yaml
from gangshen.web.errors import Refused

__all__ = ["drop_variant", "free_name", "keep_variant", "variant_edition"]


def free_name(policy: Policy) -> str:
    """The next letter that no variant of the policy has: A, B, … Z, then A1."""
    taken = set(policy.variants.values_list("name", flat=True))
    letters = (letter + number for number in ("", *map(str, range(1, 100))) for letter in string.ascii_uppercase)
    return next(one for one in letters if one not in taken)


def keep_variant(
    policy: Policy,
    base: str,
    edition: benefits.PolicyVersion,
    changes: Sequence[str],
    *,
    name: str = "",
    conflict: bool = False,
    actor: Any,
    now: dt.datetime,
) -> Variant:
    """Keep ``edition`` as a variant of the edition ``base``; a name that is taken is refused, none gives the next letter."""
    require(actor, "add", Variant)
    given = name.strip()[:60]
    try:
        with transaction.atomic():
            return Variant.objects.create(
                policy=policy,
                base=base,
                name=given or free_name(policy),
                content=dump_yaml(edition),
                changes=list(changes),
                conflict=conflict,
                author=actor,
                created_at=now,
            )
    except IntegrityError:
        raise Refused(_("There is a variant %(name)s already.") % {"name": given}, _("Give it another name.")) from None


def drop_variant(variant: Variant, *, actor: Any) -> None:
    """Take a variant away; the audit trail keeps what it said."""
    require(actor, "delete", variant)
    variant.delete()


def variant_edition(variant: Variant) -> benefits.PolicyVersion:
    """The text of a variant as the engine knows it."""
    return load_yaml(variant.content, benefits.PolicyVersion, name=variant.name)
