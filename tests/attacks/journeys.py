"""A journey through a real house with words, links, pictures and secrets in it, and what a thief must not find of them."""

import base64
import html
import json
import re

import httpx
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters

from staydown import fingerprints
from staydown.fingerprints import ImageFingerprints
from staydown.site.home import read
from tests import house
from tests.pictures import jpeg, photograph, resized

KEYS = ("WORKING_KEY", "FINGERPRINT_KEY", "LINK_KEY", "JOURNAL_KEY", "SECRET_KEY")
WORDS = "seventeen violet umbrellas"
ADDED = "nineteen yellow lighthouses"
LINK = "https://elsewhere.example/albums/quiet-river-4471"
PSEUDONYM = "pseudonym-of-a-reporter-5512"
REASONS = "twelve silver bicycles"
ANSWER = "eleven green harbours"
PATIENCE = 120.0  # seconds: other tests may have the machine
TOTP = "/account/2fa/totp/activate/"
CSRF = re.compile(r'csrfmiddlewaretoken" value="([^"]+)"')


def gone_through(home: house.House) -> dict[str, bytes]:
    """Upload, report, write, decide, sign in; answers with everything a thief must not find, by name."""
    plaza = json.loads((home.place.folder / "plaza.json").read_text())
    picture = jpeg(photograph("coffee"))
    key = {"Authorization": f"Bearer {plaza['key']}"}
    api = httpx.Client(base_url=f"{home.console}/api/v1", headers=key, timeout=PATIENCE)
    _post(api, "p1", picture)
    _post(api, "p2", jpeg(resized(photograph("coffee"), 0.7), 70))
    only_told = fingerprints.of_image(jpeg(photograph("rocket"))).pdq.hex()
    said = {"account_id": "bas", "fingerprints": [{"kind": "pdq", "value": only_told, "quality": 100}]}
    api.post("/uploads/check", json=said).raise_for_status()
    body = {"item_ids": ["p1"], "harm": "NCII", "words": WORDS, "reporter_ref": PSEUDONYM}
    receipt = api.post("/reports", json=body, headers={"Idempotency-Key": "once-1"}).json()["receipt"]
    form = {"door": "me", "once": "v" * 32, "links": LINK, "words": WORDS}
    page = httpx.post(f"{home.portal}/en/report", data=form, timeout=PATIENCE).text
    (second,) = re.findall(r'name="receipt" value="([^"]+)"', page)
    said = {"receipt": second, "words": ADDED}
    assert WORDS in httpx.post(f"{home.portal}/en/follow", data=said, timeout=PATIENCE).text
    staff = _decide(home)
    secret = plaza["webhook_secret"]
    return {
        "words": WORDS.encode(),
        "added words": ADDED.encode(),
        "reasons": REASONS.encode(),
        "answer": ANSWER.encode(),
        "link": b"quiet-river-4471",
        "pseudonym": PSEUDONYM.encode(),
        "receipt": receipt.encode(),
        "receipt with dashes": receipt.replace(" ", "-").encode(),
        "second receipt": second.encode(),
        "second receipt with dashes": second.replace(" ", "-").encode(),
        "once": b"v" * 32,
        "fingerprint that was only told": bytes.fromhex(only_told),
        "api key": plaza["key"].encode(),
        "webhook secret": secret.removeprefix("whsec_").encode(),
        "webhook secret's bytes": base64.b64decode(secret.removeprefix("whsec_")),
        "sign-in link": home.sign_in["tomas"].rsplit("/", 1)[1].encode(),
        **{f"picture at {at}": picture[at : at + 24] for at in range(1000, len(picture) - 24, 20_000)},
        **_computed(fingerprints.of_image(picture)),
        **staff,
        **private(home),
    }


def _post(api: httpx.Client, item_id: str, picture: bytes) -> None:
    """A post, checked and registered as a platform does."""
    check = api.post("/uploads/check", files={"media": ("a.jpg", picture)}, data={"account_id": "ana"}).json()
    item = {"url": f"http://plaza.example/{item_id}", "account_id": "ana", "posted_at": "2026-11-21T12:00:00Z"}
    api.put(f"/items/{item_id}", json=item | {"check_id": check["check_id"]}).raise_for_status()


def _computed(made: ImageFingerprints) -> dict[str, bytes]:
    """What was computed of a picture: exact, and by which it is recognised."""
    turned = {f"pdq, turned {place}": form for place, form in enumerate(made.turned)}
    descriptor = {"descriptor": made.descriptor[64:96]} if made.descriptor else {}
    assert made.windows
    return {"sha256": made.sha256, "windows": made.windows[200:232], **turned, **descriptor}


def _decide(home: house.House) -> dict[str, bytes]:
    """Mina removes what was reported, with reasons; she sets up an authenticator app, Tomas only begins to."""
    found = {}
    for name in ("mina", "tomas"):
        with httpx.Client(base_url=home.console, follow_redirects=True, timeout=PATIENCE) as browser:
            _submit(browser, home.sign_in[name])
            if name == "mina":
                for case in set(re.findall(r"/cases/[0-9a-f-]{36}", browser.get("/").text)):
                    _rule(browser, case)
            page = browser.get(TOTP).text  # each time another secret
            secret = re.search(r"[A-Z2-7]{32}", html.unescape(page))
            assert secret
            found[f"{name}'s authenticator secret"] = secret[0].encode()
            if name == "mina":
                _activate(browser, secret[0], page)
            found[f"{name}'s session"] = browser.cookies["sessionid"].encode()
    assert home.query("SELECT count(*) FROM banks_entry") == [(1,)]
    assert home.query("SELECT count(*) FROM mfa_authenticator")[0][0] >= 1
    return found


def _activate(browser: httpx.Client, secret: str, page: str) -> None:
    """Type the app's code; once more where it became another one while it was on its way."""
    refused = True
    while refused:
        now = list(counters())
        code = format_hotp_value(hotp_value(secret, now[-1]))
        refused = "activate" in str(_submit(browser, TOTP, {"code": code}, page).url)
        assert not refused or now != list(counters()), "the code was refused while it was right"


def _rule(browser: httpx.Client, case: str) -> None:
    page = browser.get(case).text
    said = dict.fromkeys(re.findall(r'name="(item-[0-9a-f-]+)"', page), "remove")
    said |= {"ground": "law", "provision": "x", "reasons": REASONS, "answer": ANSWER, "statement": "Not allowed."}
    for _ in range(20):  # what follows is shown again as long as something changes meanwhile
        shown = _submit(browser, f"{case}/decide", said, page).text
        seen = dict(re.findall(r'name="(seen)" value="([0-9a-f]+)"', shown))
        if not seen:
            return
        said |= seen
    raise AssertionError(f"{case} changes all the time")


def _submit(browser: httpx.Client, address: str, said: dict[str, str] | None = None, page: str = "") -> httpx.Response:
    token = CSRF.search(page or browser.get(address).text)
    assert token
    headers = {"Referer": str(browser.base_url)}
    return browser.post(address, data=(said or {}) | {"csrfmiddlewaretoken": token[1]}, headers=headers)


def private(home: house.House) -> dict[str, bytes]:
    """Every private key of the house, as it is written and as bytes."""
    given = read((home.place.folder / "keys" / "app.env").read_text())
    given |= read((home.place.folder / "keys" / "worker.env").read_text())
    found = {}
    for name in KEYS:
        value = given[f"STAYDOWN_{name}"]
        found[name] = value.encode()
        if re.fullmatch(r"[0-9a-f]{64}", value):
            found[f"{name} as bytes"] = bytes.fromhex(value)
    return found
