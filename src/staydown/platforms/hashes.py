"""Hash checks: what a platform computed itself, many at once, and what it is told of each.

What resembles nothing costs one look into the bank and leaves nothing behind; the rest is answered, kept, held and
journalled as any upload check is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.http import HttpRequest
from pydantic import ValidationError

from staydown.banks import following
from staydown.banks.actions import checking
from staydown.banks.actions.asking import Asked
from staydown.banks.kept import FORM, Kept
from staydown.matching.types import Bytes
from staydown.platforms.models import Check, Platform
from staydown.platforms.problems import invalid
from staydown.platforms.rules import Verdict
from staydown.platforms.schemas.bodies import described
from staydown.platforms.schemas.checks import HashesIn, HashIn

REQUEST_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": described(HashesIn)}}}}
ALLOWED: dict[str, Any] = {"verdict": Verdict.ALLOW, "check_id": None, "reasons": []}


def read(request: HttpRequest) -> Sequence[HashIn]:
    """The hashes that a platform asks about. Raises `Refused` with 422 and a sentence that helps."""
    try:
        return HashesIn.model_validate_json(request.body).hashes
    except ValidationError as error:
        raise invalid(error) from error


def forms(hashes: Sequence[HashIn]) -> Bytes:
    """The hashes as the n x 32 that the bank takes."""
    return np.frombuffer(bytes.fromhex("".join(each.pdq for each in hashes)), np.uint8).reshape(-1, FORM)


def answers(platform: Platform, hashes: Sequence[HashIn], now: datetime) -> list[dict[str, Any]]:
    """The verdict on each, in their order, and the check of those that are not let pass. Nothing more is told."""
    said = [ALLOWED] * len(hashes)
    for place in following.bank.resembled(forms(hashes)):
        said[place] = _said(checking.answer_check(platform, _asked(hashes[place]), now))
    return said


def _asked(said: HashIn) -> Asked:
    return Asked(Kept((bytes.fromhex(said.pdq),)), said.quality, None, said.account_id, said.surface)


def _said(check: Check) -> dict[str, Any]:
    """What is allowed says nothing of whether it was looked at twice: a match that is only watched stays unseen."""
    if check.verdict == Verdict.ALLOW:
        return ALLOWED
    return {"verdict": check.verdict, "check_id": str(check.pk), "reasons": check.reasons}
