"""走访: visits to enterprises, and what was asked and promised on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation


class Topic(models.Model):
    """What a firm asks for or is promised, and the unit that sees to it."""

    key = models.SlugField(max_length=40, unique=True)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.label_zh


class Visit(models.Model):
    """One unit at one enterprise on one day; the facts said there are records of the source *visit*."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="visits_made")
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    on = models.DateField(db_index=True, help_text="The day planned; of a visit held, the day it was held.")
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED, db_index=True)
    purpose = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True, help_text="For the zone's staff only.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "unit", "on"], condition=~models.Q(state="cancelled"), name="one_visit_of_a_unit_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.firm} {self.on}"

    @property
    def key(self) -> str:
        """Names it in references: the same in every database of the zone."""
        return f"{self.firm.key}/{self.on}/{self.unit.key}"


class Matter(models.Model):
    """诉求与承诺: what the firm asked for, or was promised. Who does it and by when is the case's."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Request")
        PROMISE = "promise", _("Promise")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="matters")
    number = models.PositiveSmallIntegerField(help_text="Within the visit.")
    kind = models.CharField(max_length=12, choices=Kind)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    words = models.CharField(max_length=300)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True, help_text="What was done, shown to the firm.")
    answered_on = models.DateField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["visit", "number"]
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="number_within_the_visit")]

    def __str__(self) -> str:
        return self.words

    @property
    def unit(self) -> Organisation:
        """Who sees to it: who has the case, else the topic's unit, else the visitor's."""
        if self.case is not None and self.case.unit is not None:
            return self.case.unit
        return self.topic.unit if self.topic else self.visit.unit
