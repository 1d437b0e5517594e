from django.apps import AppConfig


class Retention(AppConfig):
    name = "staydown.vault.retention"
    label = "retention"
