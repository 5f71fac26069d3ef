from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "gangshen.apps.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
