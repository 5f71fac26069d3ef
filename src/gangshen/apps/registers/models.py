"""Registers: a source says something about a subject in one go: a record. Records are never edited."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import File, Source
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.runs.models import Run


class Compact(json.JSONEncoder):
    """Values as short JSON: no blanks, Chinese as it is. A third of the size of a register in Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False, "separators": (",", ":")})


class Batch(models.Model):
    """Records that came together; they are seen or not by its one field ``state``."""

    class State(models.TextChoices):
        STAGED = "staged", _("Staged")
        LIVE = "live", _("Live")
        UNDONE = "undone", _("Undone")

    entity = models.CharField(max_length=40, default="enterprise")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=8, choices=State, default=State.STAGED, db_index=True)
    purpose = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=dict, help_text="Header → {attribute, unit} as it was mapped.")
    rows = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    quarantine = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="batches")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its records, for the receipt.")
    receipt = models.JSONField(
        default=dict, encoder=Compact, help_text="What the import said it did; {} for other batches."
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.source}"


class Record(models.Model):
    """What one source said about one subject. A correction is a newer record."""

    entity = models.CharField(max_length=40, default="enterprise")
    subject = models.CharField(max_length=64, help_text="Key of the organisation or other subject.")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="records")
    row = models.PositiveIntegerField(default=0, help_text="Row of the file, from 1.")
    period = models.CharField(max_length=10, blank=True, help_text="2025, 2025Q3 or 2025-09; empty for a state.")
    as_of = models.DateField()
    recorded_at = models.DateTimeField()
    values = models.JSONField(encoder=Compact)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["entity", "subject"], name="records_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.source_id} {self.as_of}"


class HeaderMapping(models.Model):
    """A header once mapped is remembered for its source, and for the set of headers it stood in."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    layout = models.CharField(max_length=64, blank=True, help_text="Digest of the headers of the file.")
    header = models.CharField(max_length=200)
    attribute = models.CharField(max_length=64, blank=True, help_text="Empty: not imported.")
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "layout", "header"], name="one_mapping_of_a_header")]

    def __str__(self) -> str:
        return f"{self.header} → {self.attribute}"


class Connector(models.Model):
    """A source that brings its data by itself: where from and how often (``connectors/KEY.yaml``), and how far it came."""

    key = models.SlugField(max_length=30, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    content = models.TextField(help_text="Its definition as canonical YAML; secrets are named, never written.")
    changed_at = models.DateTimeField()
    cursor = models.TextField(blank=True, help_text="Up to where the source was read, as JSON.")
    tried_at = models.DateTimeField(null=True, blank=True, help_text="By the machine's clock.")
    pulled_at = models.DateTimeField(null=True, blank=True, help_text="Last success, by the machine's clock.")
    rows = models.PositiveIntegerField(default=0, help_text="Records of the last success.")
    error = models.TextField(blank=True, help_text="Why the last try failed.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class VocabularyPart(models.Model):
    """A file of the zone's vocabulary (``vocabulary/NAME.yaml``), laid over the built-in dictionary."""

    name = models.SlugField(max_length=64, unique=True)
    text = models.TextField(help_text="Canonical YAML.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    changed_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class WrongFact(models.Model):
    """这条不对: someone says a shown fact is wrong. It becomes a case; the fact stays until a better record."""

    ref = models.CharField(max_length=300)
    note = models.TextField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.ref


class Merge(models.Model):
    """Two subjects are one: what is recorded of ``merged`` is read as said of ``kept`` while its batch is shown."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="merges")
    merged = models.CharField(max_length=64, db_index=True)
    kept = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "merged"], name="one_merge_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"


class Likeness(models.Model):
    """同一家企业？ A name, of the register or of a refused row, and whom it may mean: a person says."""

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        SAME = "same", _("The same")
        OTHER = "other", _("Another")

    key = models.CharField(max_length=140, unique=True, help_text="What is asked; asked once, however often found.")
    name = models.CharField(max_length=200, help_text="As it is written.")
    subject = models.CharField(max_length=64, blank=True, help_text="Who has the name; empty for a row of a file.")
    candidates = models.JSONField(default=list, encoder=Compact, help_text="[{key, name, score, reasons: [[zh, en]]}]")
    score = models.FloatField(help_text="Of the best candidate, 0 to 1.")
    row = models.JSONField(null=True, blank=True, encoder=Compact, help_text="{values, as_of, period, row} of a file.")
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=5, choices=State, default=State.OPEN, db_index=True)
    chosen = models.CharField(max_length=64, blank=True)
    made = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.SET_NULL, related_name="likenesses")
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]

    def __str__(self) -> str:
        return self.name
