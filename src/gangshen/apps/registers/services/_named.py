"""What towns, parks and segments are called in English: the zone's vocabulary says it, and offices for what they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from django.utils.translation import get_language

from gangshen.engines.vocabulary import town
from gangshen.web.hookpoints import HookPoint

from ._vocabulary import vocabulary

__all__ = ["NAMES", "forget_names", "named", "names"]

NAMES: HookPoint[Callable[[], Mapping[str, str]]] = HookPoint("names in English")
_in_request: ContextVar[dict[str, str] | None] = ContextVar("names in English in this request", default=None)
_NOTHING: Mapping[str, str] = {}


def names() -> Mapping[str, str]:
    """Chinese name → English name while English is the language, else nothing; asked for once in a request."""
    if not (get_language() or "").startswith("en"):
        return _NOTHING
    held = _in_request.get()
    if held:
        return held
    made = {zh: en for told in NAMES for zh, en in told().items()} | vocabulary().names
    if held is not None:
        held.update(made)
    return made


def named(words: str) -> str:
    """A name in the language, ``310112 马桥镇`` with its code; what has no English name stays as it is written."""
    known = names()
    if not known or words in known:
        return known.get(words, words)
    place = town(words)
    return words.removesuffix(place) + known.get(place, place)


def forget_names(*, sender: Any = None, environ: Any = None, **_sent: Any) -> None:
    """A request begins (``environ`` comes with it) or ends."""
    _in_request.set(None if environ is None else {})
