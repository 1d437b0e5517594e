from django.apps import AppConfig


class Evidence(AppConfig):
    name = "staydown.vault.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Have Django's `check --deploy` look at the custodians."""
        from staydown.vault.evidence import checks  # noqa: F401  registers itself
