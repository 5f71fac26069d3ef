"""The archive (档案): sources, content-addressed files, what rests on what, and the sealed trail."""

from __future__ import annotations

from typing import Any, NoReturn

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

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

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

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


def hidden(value: Any) -> str:
    """What the trail keeps of a password's hash: that it changed."""
    return "********"


class AppendOnly(RuntimeError):
    """The audit trail is written once: entries and seals are never changed or deleted."""


class _Trail(RestrictedQuerySet[models.Model]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class _Entries(LogEntryManager.from_queryset(_Trail)):  # type: ignore[misc]
    use_in_migrations = False


class _AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly


class LogEntry(_AppendOnlyModel, AbstractLogEntry):
    """One thing someone did: a change of a row, or an event such as a log-in, a read of personal data, an export."""

    content_type = models.ForeignKey(
        "contenttypes.ContentType", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    object_pk = models.CharField(max_length=255, blank=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Key of the organisation or other subject it is about."
    )
    personal = models.BooleanField(default=False, help_text="Personal data were read.")

    objects = _Entries()

    class Meta(AbstractLogEntry.Meta):
        abstract = False
        ordering = ["-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["content_type", "object_pk"], name="entries_of_an_object")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.event = self.event or ("create", "update", "delete", "access")[self.action]
        if self.changes and self.content_type:
            self.changes = {name: change for name, change in self.changes.items() if self._tells(name, change)}
        super().save(*args, **kwargs)

    def _tells(self, name: str, change: Any) -> bool:
        """Leave out reverse relations, keys, and the empty fields of a new row, which arrive as pairs (old, new)."""
        model = self.content_type.model_class() if self.content_type else None
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            return True
        if field is not None and (field.auto_created or not (field.concrete or field.many_to_many)):
            return False
        return (
            self.action != self.Action.CREATE
            or not isinstance(change, list | tuple)
            or change[1] not in ("", "None", "[]")
        )


class Seal(_AppendOnlyModel):
    """The digest of an hour of the audit trail, chained to the seal before."""

    hour = models.DateTimeField(unique=True)
    last_entry = models.PositiveBigIntegerField()
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)

    objects = _Trail.as_manager()

    class Meta:
        ordering = ["hour"]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:00} {self.digest[:12]}"
