from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class RegistersConfig(AppConfig):
    name = "gangshen.apps.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .services import begin_request, end_request, forget_names

        for moment in (request_started, request_finished):
            moment.connect(forget_names, dispatch_uid="names of a request")
        request_started.connect(begin_request, dispatch_uid="vocabulary of a request")
        request_finished.connect(end_request, dispatch_uid="vocabulary of a request")
