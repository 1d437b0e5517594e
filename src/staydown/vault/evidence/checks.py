"""What Django's `check --deploy` says of evidence."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks

NO_CUSTODIANS = "staydown.W001"


@checks.register(checks.Tags.security, deploy=True)
def custodians(app_configs: Sequence[Any] | None, **_: Any) -> list[checks.CheckMessage]:
    """Without custodians nothing is sealed, and what is removed is gone."""
    if settings.CUSTODIANS:
        return []
    hint = "Name two groups of two: STAYDOWN_CUSTODIANS_FIRST and _SECOND (docs/evidence.md)."
    return [checks.Warning("Evidence is not sealed: no custodians are named.", hint=hint, id=NO_CUSTODIANS)]
