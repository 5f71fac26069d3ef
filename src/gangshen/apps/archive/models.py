"""The archive (档案): sources, content-addressed files, what rests on what, and the sealed trail."""

from __future__ import annotations

from django.db import models

from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation


class Source(models.Model):
    """Where data come from, what for, how long they are kept, and how far they are believed."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="sources")
    rank = models.PositiveSmallIntegerField(default=50, help_text="Lower is believed before higher.")
    purpose = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=40, blank=True, help_text="Data grade (数据分级).")
    consent = models.BooleanField(default=False, help_text="Rests on the firm's consent.")
    retention_months = models.PositiveSmallIntegerField(null=True, blank=True)
    update_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Expected days between deliveries.")
    synthetic = models.BooleanField(default=False)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "key"]

    def __str__(self) -> str:
        return self.name


class File(models.Model):
    """A file by its content; the same content is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """``owner`` rests on ``ref``; answers what a document, record or observation carries."""

    scheme = models.CharField(max_length=20)
    target = models.CharField(max_length=200, help_text="Id of the thing referred to, without version or part.")
    ref = models.CharField(max_length=300)
    owner = models.CharField(max_length=300, help_text="Reference of what rests on it.")

    class Meta:
        indexes = [models.Index(fields=["scheme", "target"], name="what_rests_on")]
        constraints = [models.UniqueConstraint(fields=["ref", "owner"], name="one_link")]

    def __str__(self) -> str:
        return f"{self.owner} → {self.ref}"


class Seal(models.Model):
    """The digest of an hour of the audit trail, chained to the hour before."""

    hour = models.DateTimeField(unique=True)
    last_entry = models.PositiveBigIntegerField()
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["hour"]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:00} {self.digest[:12]}"
