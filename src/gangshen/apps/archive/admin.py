"""Sources in the administration, to look at."""

from django.contrib import admin

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.admin import RoleAdmin


@admin.register(Source)
class SourceAdmin(RoleAdmin):
    list_display = ("key", "name", "rank", "update_days", "synthetic")
    search_fields = ("key", "name")
