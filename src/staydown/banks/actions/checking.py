"""The check of an upload: answered by what is banked at this moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from staydown.banks import locks, rules
from staydown.banks.actions import allowing, watching
from staydown.banks.actions.asking import Asked, remember
from staydown.banks.actions.meeting import STAY_DOWN, matches, remember_matches
from staydown.banks.following import Looked, bank
from staydown.banks.recognising import Recognised
from staydown.banks.seeing import Found, Seen
from staydown.cases.actions import unreadable
from staydown.journal.acting import action, note
from staydown.platforms.actions.registering import account_of
from staydown.platforms.models import Check, Platform
from staydown.platforms.rules import RECOGNISED, UNREADABLE, CheckState, Verdict
from staydown.site.writing import insert
from staydown.vault.evidence import actions as sealing

ANSWER_WITHIN = timedelta(hours=24)  # by when a person answers a held upload


def answer_check(platform: Platform, asked: Asked, now: datetime) -> Check:
    """Answer an upload check by what is banked at this moment."""
    seen = asked.seen
    looked = bank.look(seen)
    return _answer(platform, asked, (seen, looked), asked.recognise(), now)


@action
def _answer(
    platform: Platform, asked: Asked, looked: tuple[Seen, Looked], recognised: Recognised | None, now: datetime
) -> Check:
    locks.shared()
    signalled = recognised.verdict if recognised else Verdict.ALLOW
    for_a_person = asked.unreadable or signalled is Verdict.HOLD
    if for_a_person and (again := unreadable.waiting(platform, asked.exact or b"", asked.account_id)):
        return again
    found = watching.one_at_a_time(allowing.left(platform, looked[0], matches(*looked)))
    check = _written(platform, asked, recognised, found, now)
    if rules.KNOWN in check.reasons:
        _stop_upload(check, found, now)
        return check
    if found:
        remember_matches(
            found, now, "check", check_row=check
        )  # in shadow: for people to look at, and for nobody to feel
    if for_a_person:
        unreadable.hold(check, now)
    elif check.verdict == Verdict.LABEL:
        note("upload.label", about=check, by=STAY_DOWN, now=now, reason=RECOGNISED, labels=check.labels)
    return check


def _written(
    platform: Platform, asked: Asked, recognised: Recognised | None, found: list[Found], now: datetime
) -> Check:
    """The check with what the bank and the platform's policy say of it."""
    hits, signalled = [each.hit for each in found], recognised.verdict if recognised else Verdict.ALLOW
    said = {rules.KNOWN: rules.verdict(hits), RECOGNISED: signalled}
    check = Check(
        platform=platform,
        account=account_of(platform, asked.account_id, now),
        fingerprint=remember(asked, now),
        surface=asked.surface,
        verdict=rules.verdict(hits, signalled),
        reasons=[why for why, word in said.items() if word is not Verdict.ALLOW] + [UNREADABLE] * asked.unreadable,
        labels=list(recognised.followed.labels) if recognised else [],
        signals=recognised.kept if recognised else {},
        asked_at=now,
    )
    return insert(check)


def _stop_upload(check: Check, found: list[Found], now: datetime) -> None:
    case = remember_matches(found, now, "check", check_row=check)
    Check.objects.filter(pk=check.pk).update(case=case)
    if check.verdict == Verdict.HOLD:
        check.move(CheckState.ANSWERED, to=CheckState.PENDING, due_at=now + ANSWER_WITHIN)
        sealing.want_upload(case, check, now)
    check.refresh_from_db()
    note(f"upload.{check.verdict}", about=check, by=STAY_DOWN, now=now, entries=_ids(found))


def _ids(found: Iterable[Found]) -> list[str]:
    return sorted(str(each.entry_id) for each in found)
