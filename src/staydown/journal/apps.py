from django.apps import AppConfig


class Journal(AppConfig):
    name = "staydown.journal"
