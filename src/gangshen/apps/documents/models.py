"""Documents, what was read in them, and what a clerk decided about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import File
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.runs.models import Run


class Document(models.Model):
    class Status(models.TextChoices):
        DRAFT_FOR_COMMENT = "draft_for_comment", _("Draft for comment")
        IN_FORCE = "in_force", _("In force")
        AMENDED = "amended", _("Amended")
        EXPIRED = "expired", _("Expired")
        REPEALED = "repealed", _("Repealed")
        REFERENCE = "reference", _("Reference")

    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=100, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20, blank=True, help_text="national, city, district, zone")
    status = models.CharField(max_length=20, choices=Status, default=Status.REFERENCE)
    issued_on = models.DateField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    citation = models.TextField(blank=True, help_text="Where its facts come from: title, issuer, date, section.")
    example = models.BooleanField(default=False, help_text="Written for the demo zone; not an official text.")
    status_note = models.TextField(blank=True, help_text="What its status rests on, in words or as a reference.")
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "key"]

    def __str__(self) -> str:
        return self.title


class Relation(models.Model):
    """What a newer document does to an older one, and where that is written."""

    class Kind(models.TextChoices):
        FINAL = "final", _("is the final text of")
        AMENDS = "amends", _("amends")
        REPLACES = "replaces", _("takes the place of")
        REPEALS = "repeals", _("repeals")

    newer = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="earlier")
    older = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="later")
    kind = models.CharField(max_length=10, choices=Kind)
    evidence = models.CharField(max_length=300, blank=True, help_text="Reference of the words that say so.")
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["newer", "older", "kind"], name="a_relation_once")]

    def __str__(self) -> str:
        return f"{self.newer} {self.get_kind_display()} {self.older}"


class Reading(models.Model):
    """What one version of the reader read in one file: the text with stable offsets, and items."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="readings")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    text_file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=16, help_text="Start of the SHA-256 of the text; the @ of references.")
    reader = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    data = models.JSONField(help_text="Header, outline, blocks, validity, unread sentences.")
    run = models.ForeignKey(Run, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.document} @{self.text_hash}"


class Item(models.Model):
    """One thing read: a task, target, phase, list or offer, with its span and a clerk's decision."""

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        TARGET = "target", _("Target")
        PHASE = "phase", _("Phase")
        PROMISED_LIST = "promised_list", _("Promised list")
        OFFER = "offer", _("Clause")
        CONDITION = "condition", _("General condition")
        UNREAD = "unread", _("Sentence with figures")  # kept only to say that nothing is to be read there

    class State(models.TextChoices):
        PENDING = "pending", _("To be checked")
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")
        DROPPED = "dropped", _("Dropped")

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=14, choices=Kind)
    position = models.PositiveIntegerField(help_text="Number in the document's order, from 1.")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    data = models.JSONField(help_text="As read.")
    corrected = models.JSONField(null=True, blank=True, help_text="As a clerk put it right.")
    doubts = models.JSONField(default=list)
    added = models.BooleanField(default=False, help_text="Added by a clerk.")
    origin = models.CharField(max_length=80, blank=True, help_text="Who proposed it when not the reader.")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(null=True, blank=True)
    adopted_as = models.CharField(max_length=300, blank=True, help_text="Reference of what it became.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"
