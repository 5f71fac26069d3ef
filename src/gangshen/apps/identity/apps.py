from django.apps import AppConfig
from django.contrib.admin import apps as stock


class IdentityConfig(AppConfig):
    name = "gangshen.apps.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"


class ZoneAdminConfig(stock.AdminConfig):
    """The stock administration on a site that opens to the system administrator only."""

    default = False  # of this package; the settings name it
    default_site = "gangshen.apps.identity.admin.ZoneAdminSite"
