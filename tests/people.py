"""Named people, platforms and pictures for the tests."""

import hashlib
from datetime import UTC, datetime, timedelta

import time_machine
from django.conf import LazySettings, settings
from django.test import Client

from staydown import fingerprints
from staydown.banks.actions import asking, checking, meeting
from staydown.banks.digests import OtherDigests
from staydown.banks.media import Media
from staydown.cases.actions import intake
from staydown.cases.actions.deciding import Proposal
from staydown.cases.models import Case, Report
from staydown.cases.rules import Ground, Ruling
from staydown.people.models import Staff
from staydown.platforms import keys
from staydown.platforms.actions.registering import Registration
from staydown.platforms.models import Check, Item, Platform
from staydown.platforms.rules import Scope
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.vault.receipts import Receipt
from tests.pictures import jpeg, photograph

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRET = "whsec_" + "c3RheWRvd24tdGVzdC1zZWNyZXQtMzItYnl0ZXMhIQ=="


def clock() -> time_machine.travel:
    """With it the programs' own clock goes on from NOW: for tests of what they do by it, which pass on any day."""
    return time_machine.travel(NOW, tick=True)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


def plaza(webhook_url: str = "") -> Platform:
    """Plaza, which polls unless it is given an address."""
    return keys.add_platform(
        "Plaza",
        "plaza",
        by="test",
        now=NOW,
        working_public=settings.WORKING_PUBLIC,
        webhook_url=webhook_url,
        webhook_secret=SECRET,
        evidence_url="http://127.0.0.1:9/{kind}/{id}",
    )


def key_of(platform: Platform, *scopes: Scope) -> str:
    return keys.make(platform, frozenset(scopes or Scope), by="test", now=NOW)


def staff(username: str, role: str = "moderator", cleared: bool = True) -> Staff:
    return Staff.objects.create(username=username, role=role, cleared=cleared, joined_at=NOW)


def console(settings: LazySettings, person: Staff) -> Client:
    """The console as this person has it: signed in, and not asked for a second factor."""
    settings.DEMO = True
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def checked(platform: Platform, media: bytes, account: str = "ana", now: datetime = NOW) -> Check:
    """An upload check of these bytes."""
    made = fingerprints.of_image(media)
    return checking.answer_check(platform, asking.Asked.of(Media(made), account, "post", OtherDigests.of(media)), now)


def posted(platform: Platform, item_id: str, media: bytes | None = None, account: str = "ana") -> Item:
    """An item on the platform, checked and registered as Plaza does."""
    check = checked(platform, media if media is not None else jpeg(photograph("coffee")), account)
    said = Registration(
        item_id=item_id,
        url=f"http://127.0.0.1:9/posts/{item_id}",
        account_id=account,
        posted_at=NOW,
        audience="everyone",
        check_id=check.pk,
    )
    return meeting.admit(platform, said, NOW)[0]


def registered_again(item: Item, account_holder: str) -> Item:
    """The item as the platform registers it again, now saying who has its account."""
    said = Registration(
        item.external_id,
        item.url,
        item.account.external_id if item.account else None,
        NOW,
        "everyone",
        None,
        account_holder,
    )
    return meeting.admit(item.platform, said, NOW)[0]


def receipt(seed: str = "one") -> Receipt:
    """A receipt that is the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    return Receipt.drawn(digest, b"t" * 32, "en")


def reported(
    *items: Item,
    seed: str = "one",
    harm: Harm = Harm.NCII,
    minor: Tri = Tri.UNKNOWN,
    shown: bool = True,
    words: str = "",
    now: datetime = NOW,
) -> Report:
    """A report about items, by the person shown unless said otherwise."""
    flags = frozenset({Flag.PERSON_SHOWN}) if shown else frozenset()
    notice = intake.Notice(harm=harm, minor=minor, flags=flags, items=items, words=words)
    return intake.receive(notice, receipt(seed), now)


def proposal(case: Case, ruling: Ruling) -> Proposal:
    """The same ruling for every item of a case."""
    items = Item.objects.filter(subjects__case=case)
    return Proposal(
        rulings={item.pk: ruling for item in items},
        ground=Ground.LAW,
        provision="Criminal code, art. 226-2-1",
        reasons="The person shown did not consent.",
        answer="We removed it. You did the right thing.",
        statement="A person looked at your post. It is an intimate image without consent.",
    )
