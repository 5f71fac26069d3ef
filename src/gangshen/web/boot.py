"""Start Django inside a command, once, and only when the command needs it."""

from __future__ import annotations

import os

__all__ = ["boot"]


def boot() -> None:
    """Load settings and apps; cheap when already done. Commands call it before they import models or services."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gangshen.settings")
    if not apps.ready:
        django.setup()
