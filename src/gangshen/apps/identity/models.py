"""Who there is: the zone, organisations as identity only, users and their roles."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import RestrictedQuerySet


class Zone(models.Model):
    """The one zone of this database."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    authority = models.CharField(
        max_length=200, blank=True, help_text="The administrative authority that may decide and pay."
    )
    company = models.CharField(max_length=200, blank=True, help_text="The zone company: serves and recommends.")
    demo_today = models.DateField(null=True, blank=True, help_text="A demo zone's fixed date; empty in a live zone.")
    settings = models.JSONField(default=dict, blank=True)
    loaded_at = models.DateTimeField(null=True, blank=True, help_text="When its folder had been loaded whole.")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Anything with a code or a seal; what is known about it are records of the registers."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("Enterprise")
        AGENCY = "agency", _("Agency")
        STATE_COMPANY = "state_company", _("State-owned company")
        UNIVERSITY = "university", _("University")
        INSTITUTE = "institute", _("Institute")
        FUND = "fund", _("Fund")
        PARK = "park", _("Park")
        PROVIDER = "provider", _("Provider")
        ALLIANCE = "alliance", _("Alliance")

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=18, blank=True, db_index=True, help_text="Unified social credit code.")
    name = models.CharField(max_length=200, db_index=True)
    short_name = models.CharField(max_length=100, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    aliases = models.CharField(
        max_length=300, blank=True, help_text="Other names it is printed under, separated by semicolons."
    )
    synthetic = models.BooleanField(default=False)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.short_name or self.name


class OrganisationGroup(models.Model):
    """A printed class of units such as 各相关街镇, expanded by the zone."""

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    members = models.ManyToManyField(Organisation, related_name="groups", blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Users(UserManager.from_queryset(RestrictedQuerySet)):  # type: ignore[misc]
    """Users, asked by someone."""

    use_in_migrations = False


class User(AbstractUser):
    """Someone who logs in, on behalf of an organisation."""

    display_name = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    language = models.CharField(max_length=10, default="zh-hans")
    demo_password = models.CharField(
        max_length=100, blank=True, help_text="Shown on the log-in page of a demo zone; always empty in a live one."
    )

    objects = Users()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username


class Role(models.TextChoices):
    OPERATOR = "operator", _("Zone operator")
    LEADER = "leader", _("Leader")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    DATA_OFFICER = "data_officer", _("Data officer")
    STATISTICS_CLERK = "statistics_clerk", _("Statistics clerk")
    DRAFTER = "drafter", _("Policy drafter")
    UNIT = "unit", _("Responsible unit")
    ENTERPRISE = "enterprise", _("Enterprise")
    PROVIDER = "provider", _("Provider")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


class SavedView(models.Model):
    """A list as somebody asked for it, kept under a name; the rows are still those its reader may see."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    listing = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    query = models.TextField(blank=True, help_text="Filters, words and order, as in the address.")
    shared = models.BooleanField(default=False, help_text="Colleagues see it too; firms and providers do not.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "listing", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return f"{self.listing}: {self.name}"


class RoleGrant(models.Model):
    """A role of a user; the three administrators are never one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="one_grant_of_a_role"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(role__in=ADMINISTRATORS), name="one_administrator_in_one_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    def get_additional_data(self) -> dict[str, Any] | None:
        """Reason of a revocation, for the audit trail."""
        revoked = getattr(self, "revoked_because", "")
        return {"reason": revoked} if revoked else None


class Token(models.Model):
    """A key for the API; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["user", "-created_at"]

    def __str__(self) -> str:
        return self.name
