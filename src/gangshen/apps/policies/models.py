"""Policies: one matchable clause each, in dated versions; the rule itself is the policy file's text."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.documents.models import Document
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.money.models import Programme
from gangshen.engines.formats import Text


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
