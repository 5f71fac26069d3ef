"""The rule as the engine knows it, from the text that is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.engines import benefits
from gangshen.engines.formats import Text, load_yaml

__all__ = ["engine_policy", "engine_version", "theme_of"]


@lru_cache(maxsize=4096)
def _version(digest: str, content: str) -> benefits.PolicyVersion:
    return load_yaml(content, benefits.PolicyVersion, name=digest[:12])


def engine_version(version: PolicyVersion) -> benefits.PolicyVersion:
    """The edition's rule, benefit and cases; parsed once for each text."""
    return _version(version.digest, version.content)


@lru_cache(maxsize=1024)
def _head(key: str, content: str) -> dict[str, Any]:
    return load_yaml(content, dict, name=key)


def theme_of(policy: Policy) -> Text:
    """The policy's theme in both languages."""
    theme = _head(policy.key, policy.content).get("theme")
    return Text.model_validate(theme) if theme else Text(zh=policy.theme)


def engine_policy(policy: Policy) -> benefits.Policy:
    """The whole policy file as the engine knows it."""
    head = _head(policy.key, policy.content)
    return benefits.Policy(**head, versions=tuple(engine_version(version) for version in policy.versions.all()))
