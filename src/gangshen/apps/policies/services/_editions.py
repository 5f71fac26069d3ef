"""Keeping policies: the policy file's text in dated editions; which one is the law on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Document
from gangshen.apps.money.models import Programme
from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.apps.policies.services._law import engine_policy, engine_version
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import dump_yaml
from gangshen.engines.rules import clauses, compile_rules
from gangshen.web.errors import Refused

__all__ = ["Edition", "edition_at", "editions_in_force", "file_of", "keep_edition", "save"]


@dataclass(frozen=True, slots=True)
class Edition:
    """A policy with the edition that applies and its rule."""

    policy: Policy
    version: PolicyVersion
    rule: benefits.PolicyVersion

    @property
    def key(self) -> str:
        return self.policy.key


def file_of(policy: Policy) -> str:
    """The policy file (YAML) as it would be exported; the same policy gives the same bytes."""
    return dump_yaml(engine_policy(policy))


@transaction.atomic
def save(policy: benefits.Policy, *, actor: Any, now: dt.datetime) -> Policy:
    """Keep a policy file: new editions are added, changed ones replaced, none removed.

    Raises :class:`~gangshen.engines.rules.RuleError` for a rule that must not be used; then nothing is kept.
    """
    compile_rules({f"{policy.id}/{v.version}": v.eligibility for v in policy.versions}, registers.vocabulary())
    basis = next((version.basis for version in reversed(policy.versions) if version.basis), "")
    programme = Programme.objects.filter(key=policy.programme).first() if policy.programme else None
    if policy.programme and programme is None:
        raise Refused(f"{policy.id}: no programme {policy.programme}.", "Add it to programmes.yaml, or leave it out.")
    kept, _ = Policy.objects.update_or_create(
        key=policy.id,
        defaults={
            "title": policy.title.zh,
            "title_en": policy.title.en or "",
            "issuer": policy.issuer,
            "theme": policy.theme.zh[:40],  # as the list sorts it; the whole stands in the content
            "example": policy.example,
            "document": Document.objects.filter(key=basis).first(),
            "programme": programme,
            "content": dump_yaml(policy.model_dump(exclude={"versions"}, exclude_defaults=True), dict),
        },
    )
    for edition in policy.versions:
        keep_edition(kept, edition, actor, now)
    return kept


def keep_edition(policy: Policy, edition: benefits.PolicyVersion, actor: Any, now: dt.datetime) -> PolicyVersion:
    """Keep one edition as it is; the same text twice changes nothing."""
    content = dump_yaml(edition)
    digest = hashlib.sha256(content.encode()).hexdigest()
    there = policy.versions.filter(version=edition.version).first()
    if there is not None and there.digest == digest:
        return there
    window = edition.window
    kept, _created = PolicyVersion.objects.update_or_create(
        policy=policy,
        version=edition.version,
        defaults={
            "status": edition.status.value,
            "valid_from": edition.valid_from,
            "valid_to": edition.valid_to,
            "window_from": window.opens if window else None,
            "window_to": window.closes if window else None,
            "content": content,
            "digest": digest,
            "author": actor,
        },
        create_defaults={
            "status": edition.status.value,
            "valid_from": edition.valid_from,
            "valid_to": edition.valid_to,
            "window_from": window.opens if window else None,
            "window_to": window.closes if window else None,
            "content": content,
            "digest": digest,
            "author": actor,
            "created_at": now,
        },
    )
    owner = f"policy:{policy.key}@{edition.version}"
    archive.unlink(owner)
    for clause in clauses(edition.eligibility):
        if clause.span and clause.span.document:
            archive.link(f"doc:{clause.span.document}#{clause.span.start}-{clause.span.end}", owner)
    return kept


def editions_in_force(as_of: dt.date) -> list[Edition]:
    """The edition of each policy that was the law on ``as_of``, by key; drafts and texts for comment never are."""
    found: dict[str, Edition] = {}
    written = PolicyVersion.objects.exclude(content="").select_related("policy__document", "policy__programme")
    for version in written.order_by("policy__key", "valid_from", "pk"):
        rule = engine_version(version)
        if rule.applies(as_of):
            found[version.policy.key] = Edition(version.policy, version, rule)
    return list(found.values())


def edition_at(policy: Policy, as_of: dt.date) -> Edition | None:
    """The edition of ``policy`` that was the law on ``as_of``."""
    applying = [
        Edition(policy, version, engine_version(version))
        for version in policy.versions.order_by("valid_from", "pk")
        if engine_version(version).applies(as_of)
    ]
    return applying[-1] if applying else None
