"""What a reviewer may look at: fetched from the platform's evidence endpoint, redrawn in the sandbox, kept nowhere.

Every look is in the journal before it happens (promise P9). A decided media is not shown again (promise P11).
"""

import io
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from PIL import Image, ImageFilter

from staydown import decoding
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms import evidence
from staydown.platforms.models import Check, Item
from staydown.platforms.rules import CheckState, ItemState
from staydown.regimes.lawful import may_review_media
from staydown.site import deployment


class NotShown(ValueError):
    """This media may not be shown."""


class NotCleared(NotShown):
    """Your clearance, or what this deployment may do by its role and country, does not allow to look at this."""


class DecidedAlready(NotShown):
    """A person has decided on this media; it is not shown again. A complaint's reviewer gets a new copy."""


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at what of which case."""

    case: Case
    what: Item | Check
    by: Staff

    @property
    def kind(self) -> str:
        return "item" if isinstance(self.what, Item) else "check"


def veiled(look: Look, now: datetime) -> bytes:
    """A tiny grey picture (PNG, 24 pixels): enough to see whether there is anything, not what."""
    _begin(look, "media.veiled", now)
    return _veil(_fetch(look, now))


def revealed(look: Look, now: datetime) -> bytes:
    """The picture redrawn (JPEG, at most 1024 pixels), without anything else its file held."""
    _begin(look, "media.revealed", now)
    return _redrawn(_fetch(look, now))


@action
def _begin(look: Look, act: str, now: datetime) -> None:
    child = look.case.needs_clearance
    if not look.by.may_decide(child) or not may_review_media(deployment.here(), child=child):
        raise NotCleared(NotCleared.__doc__)
    if not _still_to_decide(look):
        raise DecidedAlready(DecidedAlready.__doc__)
    note(act, about=look.what, by=look.by.journal_name, now=now, case=str(look.case.pk))


def _still_to_decide(look: Look) -> bool:
    """An item of an open case, a held copy, or a held upload; nothing else."""
    if isinstance(look.what, Check):
        return look.what.case_id == look.case.pk and look.what.state == CheckState.PENDING
    if look.what.subjects.filter(case=look.case).exists():
        return look.case.state == CaseState.OPEN and look.what.state != ItemState.REMOVED  # decided, if reported again
    return look.what.state == ItemState.HELD and look.what.matches.filter(entry__case=look.case).exists()


def _fetch(look: Look, now: datetime) -> bytes:
    name = look.what.external_id if isinstance(look.what, Item) else str(look.what.pk)
    return evidence.fetch(look.what.platform, look.kind, name, now)


def _veil(data: bytes) -> bytes:
    try:
        luma = decoding.decode(data).luma
    except decoding.DecodingError as error:
        raise evidence.Unobtainable(evidence.Unobtainable.__doc__) from error
    grey = Image.fromarray(np.clip(luma, 0, 255).astype(np.uint8))
    return _file(grey.resize((24, 24), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1)), "PNG")


def _redrawn(data: bytes) -> bytes:
    try:
        picture = decoding.show(data)
    except decoding.DecodingError as error:
        raise evidence.Unobtainable(evidence.Unobtainable.__doc__) from error
    return _file(Image.frombytes("RGB", (picture.width, picture.height), picture.rgb), "JPEG")


def _file(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, quality=88)
    return buffer.getvalue()
