from django.apps import AppConfig


class Evidence(AppConfig):
    name = "staydown.vault.evidence"
    label = "evidence"
