"""Indicators: series and their observations, append-only, vintage by vintage."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.engines.formats import Text
from gangshen.web.appendonly import AppendOnly, AppendOnlyRows


class Series(models.Model):
    """One quantity of one entity: what is counted, in which unit and period, under which scope (口径)."""

    class Nature(models.TextChoices):
        LEVEL = "level", _("Level at a date")
        FLOW = "flow", _("Flow of a period")
        CUMULATIVE = "cumulative", _("Cumulative")
        RATE = "rate", _("Rate")

    key = models.CharField(max_length=100, unique=True)
    entity = models.CharField(max_length=100, default="zone")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=20)
    period = models.CharField(max_length=10, default="year", help_text="year, quarter, month, week, day")
    nature = models.CharField(max_length=12, choices=Nature, default=Nature.LEVEL)
    scope = models.CharField(max_length=300, blank=True, help_text="Who is counted, where, on which price basis.")
    synthetic = models.BooleanField(default=False)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.name


class _Observations(AppendOnlyRows, RestrictedQuerySet["Observation"]):
    pass


class Observation(AppendOnly, models.Model):
    """A value of a series; a revision is a newer row."""

    class Vintage(models.TextChoices):
        FLASH = "flash", _("Flash")
        PRELIMINARY = "preliminary", _("Preliminary")
        FINAL = "final", _("Final")

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="observations")
    at = models.DateField(help_text="Last day of the period observed.")
    value = models.DecimalField(max_digits=24, decimal_places=6)
    vintage = models.CharField(max_length=12, choices=Vintage, default=Vintage.PRELIMINARY)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=300, blank=True)
    citation = models.CharField(
        max_length=300, blank=True, help_text="Of a published figure: title, issuer, date, section."
    )
    note = models.CharField(max_length=300, blank=True, help_text="Why it was revised.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = _Observations.as_manager()

    class Meta:
        ordering = ["series", "at", "pk"]
        indexes = [models.Index(fields=["series", "at"], name="observations_of_a_series")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.at} {self.value}"


class Statistic(models.Model):
    """What is counted over the register; a view that someone saved, his own or shared."""

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    definition = models.TextField(help_text="Canonical YAML of the definition.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shared = models.BooleanField(default=True)
    public = models.BooleanField(default=False)
    closed = models.BooleanField(default=False, help_text="Reads an attribute that is for statistics only.")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.PROTECT, related_name="statistics")
    changed_at = models.DateTimeField()

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> Text:
        return Text(zh=self.name, en=self.name_en or None)


class _Results(AppendOnlyRows, RestrictedQuerySet["Result"]):
    pass


class Result(AppendOnly, models.Model):
    """What a statistic came to on a day, with its tables; counted again to another figure it is a newer row."""

    statistic = models.ForeignKey(Statistic, on_delete=models.CASCADE, related_name="results")
    as_of = models.DateField()
    period = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=30, decimal_places=6, null=True, help_text="Money in fen; null: unknown.")
    n = models.PositiveIntegerField(help_text="Firms in it.")
    open = models.PositiveIntegerField(help_text="Firms of which it is unknown.")
    shown = models.BooleanField(help_text="May the total be shown to everyone?")
    tables = models.JSONField(default=list, help_text="[{by, cells: [{key, n, open, value, hidden}]}]")
    growth = models.JSONField(default=dict)
    synthetic = models.BooleanField(default=False)
    definition = models.CharField(max_length=64, help_text="SHA-256 of the definition it was counted by.")
    snapshot = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Why it was counted again.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    objects = _Results.as_manager()

    class Meta:
        ordering = ["statistic", "-as_of", "-pk"]
        indexes = [models.Index(fields=["statistic", "as_of"], name="results_of_a_statistic")]

    def __str__(self) -> str:
        return f"{self.statistic_id} {self.as_of} {self.value}"
