"""Cases: what someone must do. Owner, clock, evidence, receipt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import File
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation
from gangshen.web.appendonly import AppendOnly, AppendOnlyRows


class Case(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for others")
        REPORTED = "reported", _("Reported, to be closed")
        CLOSED = "closed", _("Closed")

    type = models.CharField(max_length=40, db_index=True)
    key = models.CharField(max_length=200, help_text="Two open cases never share a key.")
    title = models.CharField(max_length=300)
    about = models.CharField(max_length=300, help_text="Reference of what it is about.")
    evidence = models.JSONField(default=list, help_text="References.")
    instruction = models.TextField(blank=True)
    unit = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="opened_cases"
    )
    state = models.CharField(max_length=12, choices=State, default=State.OPEN, db_index=True)
    opened_at = models.DateTimeField()
    due = models.DateField(null=True, blank=True, db_index=True)
    due_provisional = models.BooleanField(default=False)
    receipt = models.TextField(blank=True)
    receipt_file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(state="closed"), name="one_open_case_of_a_key")
        ]

    def __str__(self) -> str:
        return self.title


class _Events(AppendOnlyRows, models.QuerySet["CaseEvent"]):
    pass


class CaseEvent(AppendOnly, models.Model):
    """What happened to a case; never edited."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        COMMENT = "comment", _("Comment")
        HANDED_OVER = "handed_over", _("Handed over")
        EXTENDED = "extended", _("Extended")
        REPORTED = "reported", _("Reported")
        RETURNED = "returned", _("Returned")
        WAITING = "waiting", _("Waiting for others")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    text = models.TextField(blank=True)
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)

    objects = _Events.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Holidays(models.Model):
    """A zone's own holiday file, over those the project ships: deadlines are counted by it."""

    name = models.CharField(max_length=60, unique=True, help_text="Named by the year it publishes: 2027.csv.")
    text = models.TextField()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "holidays"

    def __str__(self) -> str:
        return self.name
