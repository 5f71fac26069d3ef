"""梯度培育: titles in dated editions, what is counted over them, and the lists of firms that are coached."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.apps.identity.models import Organisation
from gangshen.engines.formats import Text


class Title(models.Model):
    """A title with all its editions, kept as the text of its file; which rung it is depends on the day."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    content = models.TextField(help_text="The title file as YAML.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    @property
    def label(self) -> Text:
        return Text(zh=self.name, en=self.name_en or None)

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """What is counted: firms that hold any of some titles, each once."""

    key = models.SlugField(max_length=40, unique=True)
    place = models.PositiveSmallIntegerField(help_text="In the order of the file.")
    content = models.TextField(help_text="The entry of the file of counts as YAML.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["place"]

    def __str__(self) -> str:
        return self.key


class CoachingList(models.Model):
    """辅导名单: firms that are to reach a title, made on a day."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="coaching")
    edition = models.CharField(max_length=40)
    as_of = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return self.name


class Coached(models.Model):
    """A firm on a list. Who sees to it and by when is the case's; what came of it stands here."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Being coached")
        APPLIED = "applied", _("Applied")
        WON = "won", _("Won the title")
        DROPPED = "dropped", _("Dropped")

    list = models.ForeignKey(CoachingList, on_delete=models.CASCADE, related_name="firms")
    number = models.PositiveSmallIntegerField()
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="coached")
    missing = models.CharField(max_length=500, blank=True, help_text="As it was when the list was made.")
    by = models.DateField(null=True, blank=True, help_text="Until when the title that it builds on holds.")
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN, db_index=True)
    note = models.TextField(blank=True)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["list", "number"]
        verbose_name_plural = "coached"
        constraints = [models.UniqueConstraint(fields=["list", "firm"], name="a_firm_once_on_a_list")]

    def __str__(self) -> str:
        return f"{self.list} {self.firm}"
