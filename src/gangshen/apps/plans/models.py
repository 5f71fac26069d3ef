"""Plans: tasks with their units and dates, targets with their series, and what the units report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import File
from gangshen.apps.documents.models import Document
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation
from gangshen.apps.indicators.models import Series


class Plan(models.Model):
    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    draft = models.BooleanField(
        default=False, help_text="A draft for comment: tracked under its mark, never followed up."
    )
    start_year = models.PositiveSmallIntegerField(null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Phase(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phases")
    name = models.CharField(max_length=200)
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["start_year"]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    class Part(models.TextChoices):
        TASK = "task", _("Task")
        SAFEGUARD = "safeguard", _("Safeguard")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        REPORTED = "reported", _("Reported")
        CLOSED = "closed", _("Closed")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=120, unique=True)
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    section = models.CharField(max_length=300, blank=True)
    part = models.CharField(max_length=10, choices=Part, default=Part.TASK)
    due = models.DateField(null=True, blank=True)
    done_when = models.TextField(blank=True, help_text="What closes it (完成标准).")
    promised_list = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    evidence = models.CharField(max_length=300, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Assignment(models.Model):
    """A responsible unit of a task, lead or cooperating; ``printed`` is the unit as the plan prints it."""

    class RoleOfUnit(models.TextChoices):
        LEAD = "lead", _("Lead unit")
        COOPERATING = "cooperating", _("Cooperating unit")

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments")
    printed = models.CharField(max_length=200)
    role = models.CharField(max_length=12, choices=RoleOfUnit, default=RoleOfUnit.LEAD)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["task", "printed"], name="a_unit_once_in_a_task")]

    def __str__(self) -> str:
        return self.printed


class Report(models.Model):
    """What a unit reports about a task (进展), or why its date moved."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("Progress")
        EXTENSION = "extension", _("Date moved")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Accepted")

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PROGRESS)
    unit = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    figures = models.JSONField(default=dict)
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    reply = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.at:%Y-%m-%d}"


class Target(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=300)
    subject_en = models.CharField(max_length=300, blank=True)
    comparator = models.CharField(max_length=8, default="ge", help_text="ge gt le lt eq range approx")
    low = models.DecimalField(max_digits=24, decimal_places=6)
    high = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=20)
    deadline = models.DateField(null=True, blank=True)
    denominator = models.CharField(
        max_length=300, blank=True, help_text="Of a relative target: of what, whose figure, which year."
    )
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.PROTECT, related_name="targets")
    units = models.ManyToManyField(Organisation, related_name="targets", blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    query = models.JSONField(null=True, blank=True, help_text="What it counts over the register of enterprises.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "deadline", "pk"]

    def __str__(self) -> str:
        return self.subject
