"""The data dictionary in use: the built-in one with the zone's parts over it."""

from __future__ import annotations

import datetime as dt
import hashlib
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen import __version__
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import VocabularyPart
from gangshen.engines.formats import FormatError, dump_yaml, load_yaml
from gangshen.engines.vocabulary import Attribute, Vocabulary, VocabularyFile
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

__all__ = [
    "ZONE_PART",
    "any_attribute",
    "attributes",
    "begin_request",
    "define",
    "end_request",
    "kind_words",
    "put_part",
    "vocabulary",
    "vocabulary_digest",
]

ZONE_PART = "zone"
"""The part (file ``vocabulary/zone.yaml``) that edits on the page go to."""


def vocabulary() -> Vocabulary:
    """The dictionary in use; kept in memory until a part of the zone changes."""
    return _merged(_parts())


def vocabulary_digest() -> str:
    """What the dictionary in use is named by: version of the built-in one, and the zone's parts."""
    return hashlib.sha256(repr((__version__, _builtin_digest(), _parts())).encode()).hexdigest()


def attributes(entity: str = "enterprise") -> dict[str, Attribute]:
    """Attribute id → definition, of one entity kind."""
    return _of_entity(_parts(), entity)


def any_attribute(id: str | None) -> Attribute | None:
    """The definition of an attribute of any entity kind (a project's too); None where there is none."""
    words = vocabulary()
    return words.get(id) if id and id in words else None


def kind_words(entity: str) -> str:
    """An entity kind in the active language: 项目."""
    kind = vocabulary().kinds.get(entity)
    return label(kind.label) if kind else entity


Parts = tuple[tuple[str, str], ...]
_ASK: Parts = (("", "not yet asked in this request"),)
_in_request: ContextVar[Parts | None] = ContextVar("parts of the vocabulary in this request", default=None)


def begin_request(**_sent: Any) -> None:
    """From here to the end of the request the parts are read once: a page asks for words hundreds of times."""
    _in_request.set(_ASK)


def end_request(**_sent: Any) -> None:
    _in_request.set(None)


def _parts() -> Parts:
    held = _in_request.get()
    if held is None or held is _ASK:
        read = tuple(VocabularyPart.objects.order_by("name").values_list("name", "text"))
        if held is not None:
            _in_request.set(read)
        return read
    return held


@lru_cache(maxsize=4)
def _merged(parts: tuple[tuple[str, str], ...]) -> Vocabulary:
    builtin = Vocabulary.load_builtin()
    if not parts:
        return builtin
    return builtin.merge(*(load_yaml(text, VocabularyFile, name=f"vocabulary/{name}.yaml") for name, text in parts))


@lru_cache(maxsize=16)
def _of_entity(parts: tuple[tuple[str, str], ...], entity: str) -> dict[str, Attribute]:
    return {one.id: one for one in _merged(parts) if one.entity == entity}


@lru_cache(maxsize=1)
def _builtin_digest() -> str:
    builtin = Vocabulary.load_builtin()
    return hashlib.sha256("\n".join(one.model_dump_json() for one in builtin).encode()).hexdigest()


def put_part(name: str, part: VocabularyFile, *, actor: User | None, now: dt.datetime) -> None:
    """Set one part of the zone's vocabulary; raises :class:`Refused` when the whole could not be worked out with it."""
    text = dump_yaml(part, VocabularyFile)
    others = tuple((held, kept) for held, kept in _parts() if held != name)
    try:
        _merged(tuple(sorted([*others, (name, text)])))
    except FormatError as error:
        raise Refused(error.in_language(get_language() or "zh-hans"), _("Correct the definition.")) from error
    with transaction.atomic():
        VocabularyPart.objects.update_or_create(
            name=name, defaults={"text": text, "changed_by": actor, "changed_at": now}
        )
    if _in_request.get() is not None:
        _in_request.set(_ASK)


def define(attribute: Attribute, *, actor: User | None, now: dt.datetime) -> None:
    """Add or change one attribute; what is built in stays and is covered by the zone's definition."""
    if actor is not None:
        require(actor, "change", VocabularyPart)
    held = VocabularyPart.objects.filter(name=ZONE_PART).first()
    part = load_yaml(held.text, VocabularyFile, name=ZONE_PART) if held else VocabularyFile()
    kept = [one for one in part.attributes if one.id != attribute.id]
    changed = part.model_copy(update={"attributes": tuple(sorted([*kept, attribute], key=lambda one: one.id))})
    put_part(ZONE_PART, changed, actor=actor, now=now)
