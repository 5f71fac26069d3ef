"""Money: an append-only double-entry journal in fen. A shadow ledger: the treasury pays."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import RestrictedQuerySet
from gangshen.web.appendonly import AppendOnly, AppendOnlyRows


class Programme(models.Model):
    """A fund or subsidy programme with a yearly appropriation."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    assumed = models.BooleanField(default=False, help_text="Its figures are assumed settings.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """Where fen stand: of a programme and year, and of a holder where one is named."""

    class Kind(models.TextChoices):
        TREASURY = "treasury", _("Treasury")  # the other side of every appropriation
        AVAILABLE = "available", _("Available")
        RESERVED = "reserved", _("Reserved")
        DECIDED = "decided", _("Decided")
        PAID = "paid", _("Paid")
        RETURNED = "returned", _("Returned")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField()
    holder = models.CharField(
        max_length=64, blank=True, help_text="Key of an organisation; empty for the programme itself."
    )
    balance_fen = models.BigIntegerField(default=0, help_text="Sum of its entries, kept under a row lock.")

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "year", "holder"], name="one_account_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.year}/{self.kind}/{self.holder}"


class _Rows(AppendOnlyRows, RestrictedQuerySet[Any]):
    pass


class Transaction(AppendOnly, models.Model):
    """Entries that sum to zero, posted once by their key."""

    key = models.CharField(max_length=200, unique=True, help_text="Idempotency key.")
    at = models.DateTimeField()
    memo = models.CharField(max_length=300)
    evidence = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)

    objects = _Rows.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class Entry(AppendOnly, models.Model):
    """One side of a transaction; never changed, never deleted."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount_fen = models.BigIntegerField()
    line = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        help_text="What is funded (an invoice line, a title); once in a programme.",
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")

    objects = _Rows.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["line", "programme"], name="no_double_funding")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount_fen}"
