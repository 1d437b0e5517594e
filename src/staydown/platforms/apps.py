from django.apps import AppConfig


class Platforms(AppConfig):
    name = "staydown.platforms"
