from django.apps import AppConfig


class Banks(AppConfig):
    name = "staydown.banks"
