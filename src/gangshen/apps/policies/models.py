"""Policies: one matchable clause each, in dated versions; the rule itself is the policy file's text."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.models import Case
from gangshen.apps.documents.models import Document
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation
from gangshen.apps.money.models import Programme
from gangshen.engines.formats import Text
from gangshen.web.appendonly import AppendOnly, AppendOnlyRows


class Policy(models.Model):
    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=40, blank=True)
    example = models.BooleanField(default=False, help_text="Written for the demo zone; not an official policy.")
    content = models.TextField(default="", help_text="The policy file without its versions, as YAML.")
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")
    programme = models.ForeignKey(Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name_plural = "policies"

    @property
    def label(self) -> Text:
        """The title in both languages."""
        return Text(zh=self.title, en=self.title_en or None)

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """One text of the rule; a draft for comment is never matched as law."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FOR_COMMENT = "for_comment", _("For comment")
        REVIEWED = "reviewed", _("Reviewed")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Superseded")

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    version = models.CharField(max_length=40)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    window_from = models.DateField(null=True, blank=True)
    window_to = models.DateField(null=True, blank=True)
    content = models.TextField(help_text="The version as YAML of the policy file format.")
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "valid_from", "pk"]
        constraints = [models.UniqueConstraint(fields=["policy", "version"], name="one_version_of_a_name")]

    def __str__(self) -> str:
        return f"{self.policy} {self.version}"


class Variant(models.Model):
    """A text tried beside an edition (方案 A, B …), with who wrote it and when; it is never matched as law."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="variants")
    base = models.CharField(max_length=40, help_text="The edition it was made from.")
    name = models.CharField(max_length=60)
    content = models.TextField(help_text="The edition with the changes made, as YAML.")
    changes = models.JSONField(default=list, help_text="The changes in words.")
    conflict = models.BooleanField(default=False, help_text="Kept because somebody else had saved the edition first.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["policy", "name"], name="one_variant_of_a_name")]

    def __str__(self) -> str:
        return f"{self.policy} {self.name}"


class _Steps(AppendOnlyRows, RestrictedQuerySet):
    pass


class VersionStep(AppendOnly, models.Model):
    """What happened to an edition on its way into force, by whom and when; written once."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        EDITED = "edited", _("Edited")
        FAIR_COMPETITION = "fair_competition", _("Fair competition reviewed")
        REVIEWED = "reviewed", _("Reviewed")
        RETURNED = "returned", _("Returned to draft")
        IN_FORCE = "in_force", _("Put in force")
        SUPERSEDED = "superseded", _("Superseded")

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    note = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, help_text="Of the text as it stood then.")

    objects = _Steps.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"


class ConfirmList(models.Model):
    """免申即享 confirm list: who is entitled to one edition on a day, to be asked before anything is granted."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="confirm_lists")
    edition = models.CharField(max_length=40)
    as_of = models.DateField()
    digest = models.CharField(max_length=64, help_text="Of the edition, the firms and their amounts.")
    since = models.DateField(null=True, blank=True, help_text="The day that new firms are told against.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "as_of", "digest"], name="one_confirm_list_of_the_same_firms")
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.as_of}"


class ConfirmLine(models.Model):
    """One firm of a confirm list: what it would get, on which facts, and what it answered."""

    class State(models.TextChoices):
        PENDING = "pending", _("Not answered")
        CONFIRMED = "confirmed", _("Confirmed")
        OBJECTED = "objected", _("Objected")
        GRANTED = "granted", _("Granted already")  # nothing is left of it; not asked

    roster = models.ForeignKey(ConfirmList, on_delete=models.CASCADE, related_name="lines")
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    low = models.BigIntegerField(null=True, blank=True, help_text="Fen; empty where nobody can compute it.")
    high = models.BigIntegerField(null=True, blank=True)
    new = models.BooleanField(default=False, help_text="Did not get it on the day told against.")
    why = models.CharField(max_length=300, blank=True, help_text="What made it enter.")
    granted = models.BigIntegerField(default=0, help_text="Fen granted under the policy before.")
    because = models.JSONField(default=list, help_text="What bears on the amount: kind, words, refs.")
    facts = models.JSONField(default=list, help_text="What is to be confirmed: attribute, value, references.")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["roster", "-new", "-high", "firm"]
        constraints = [models.UniqueConstraint(fields=["roster", "firm"], name="one_line_of_a_firm")]

    def __str__(self) -> str:
        return f"{self.roster}: {self.firm}"


class GrantBatch(models.Model):
    """One table of grants made before, taken in whole; undone it stays on record and counts no more."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="Of the file.")
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "grant batches"

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """已享: what a firm was granted under a policy, as a source says; never edited, only undone with its batch."""

    batch = models.ForeignKey(GrantBatch, on_delete=models.PROTECT, related_name="grants")
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="grants")
    edition = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=40, blank=True)
    item = models.CharField(max_length=200, blank=True)
    fen = models.BigIntegerField()
    granted_on = models.DateField()
    source = models.CharField(max_length=300)
    line = models.PositiveIntegerField(default=0, help_text="Row of the table.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.firm} {self.policy}"
