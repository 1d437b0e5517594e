"""What a reviewer sees of a screenshot that a reporter handed over: a smaller copy, until it is decided (decision 5).

The screenshot itself is sealed for two custodians. The copy is redrawn in the sandbox where the screenshot arrives, sealed
to the working key like words, opened for one look at a time, and let go of with the decision, with the report, and as soon
as a child may be concerned.
"""

import base64
import io
from typing import TYPE_CHECKING

from django.conf import settings
from PIL import Image

from staydown import decoding
from staydown.vault import words
from staydown.vault.evidence.models import ReviewCopy

if TYPE_CHECKING:
    from staydown.cases.models import Case

LONGER = 1280  # pixels: what is written in a screenshot can be read


def sealed(data: bytes) -> bytes:
    """A copy of a stranger's picture for reviewers: a JPEG in base 64, sealed to the working key.

    Raises `decoding.DecodingError`.
    """
    shown = decoding.show(data)
    picture = Image.frombytes("RGB", (shown.width, shown.height), shown.rgb)
    picture.thumbnail((LONGER, LONGER))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=80)
    return words.seal(base64.b64encode(made.getvalue()).decode(), settings.WORKING_PUBLIC)


def forget(case: "Case") -> None:
    """Let go of the copies of a case: it is decided, or a child may be concerned. The screenshots stay sealed."""
    ReviewCopy.objects.filter(evidence__report__case=case).delete()
