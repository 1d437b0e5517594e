from django.apps import AppConfig


class Flaggers(AppConfig):
    name = "staydown.flaggers"
