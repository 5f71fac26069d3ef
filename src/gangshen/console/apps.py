from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConsoleConfig(AppConfig):
    name = "gangshen.console"
    label = "console"

    def ready(self) -> None:
        autodiscover_modules("hooks")
