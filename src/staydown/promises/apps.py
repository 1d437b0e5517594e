"""The room of work that is owed."""

from django.apps import AppConfig


class Promises(AppConfig):
    name = "staydown.promises"
    label = "promises"
