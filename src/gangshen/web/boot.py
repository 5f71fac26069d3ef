"""Start Django inside a command, once, and only when the command needs it."""

from __future__ import annotations

import os

from gangshen.web.errors import Refused

__all__ = ["boot"]


def boot() -> None:
    """Load settings and apps; cheap when already done. Commands call it before they import models or services."""
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gangshen.settings")
    if not apps.ready:
        try:
            django.setup()
        except ImproperlyConfigured as error:
            if "psycopg" not in str(error):
                raise
            raise Refused(
                "GANGSHEN_DATABASE_URL names a PostgreSQL database, but its driver is not installed.",
                "Run `make setup` again with the variable set, or `pip install 'gangshen[postgres]'`.",
            ) from error
