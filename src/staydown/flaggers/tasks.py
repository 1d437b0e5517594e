"""Lists are taken in line by line: killed anywhere, it goes on with the first line that is not taken in."""

from uuid import UUID

from django.utils import timezone

from staydown.flaggers import actions
from staydown.flaggers.models import FlagLine


def take_in(list_id: str) -> None:
    """Make a report of each line that has none yet."""
    lines = FlagLine.objects.filter(flag_list_id=UUID(list_id), report=None).select_related("flag_list__organisation")
    for line in lines.order_by("place"):
        actions.take_in(line, timezone.now())
