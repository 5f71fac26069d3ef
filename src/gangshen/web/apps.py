from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gangshen.web"
    label = "web"
