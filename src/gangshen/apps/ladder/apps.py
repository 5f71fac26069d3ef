from django.apps import AppConfig


class LadderConfig(AppConfig):
    name = "gangshen.apps.ladder"
    label = "ladder"
    default_auto_field = "django.db.models.BigAutoField"
