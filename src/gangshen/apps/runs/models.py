"""Background work: one row per execution, schedules, and the clock's lease."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import File
from gangshen.apps.identity.access import RestrictedQuerySet


class Run(models.Model):
    """One execution of an import, reading, match or report."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=60, db_index=True)
    params = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, blank=True, db_index=True)
    snapshot = models.CharField(max_length=64, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED, db_index=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    message = models.CharField(max_length=300, blank=True)
    cancel_requested = models.BooleanField(default=False)
    holder = models.CharField(max_length=120, blank=True, help_text="Host and process that carries it out.")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)
    result_file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    error = models.TextField(blank=True, help_text="Why it failed, in words.")
    remedy = models.TextField(blank=True, help_text="What to do about it.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Schedule(models.Model):
    """A run to be started at a time of day, or every so many minutes."""

    key = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    daily_at = models.TimeField(null=True, blank=True)
    every_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    enabled = models.BooleanField(default=True)
    last_run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = RestrictedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key


class Lease(models.Model):
    """Who leads among several processes of one kind."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=100)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
