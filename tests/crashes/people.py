"""The people of the journey, over HTTP: each acts again and again, tries again until told that it is done, writes it down."""

import hashlib
import html
import io
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx
import numpy as np
from PIL import Image

from tests.crashes.book import Book, Decided, Told
from tests.house import House

PATIENCE = 300.0  # seconds after which somebody who tries again and again has been let down
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class LetDown(AssertionError):
    """Somebody tried again and again and was never answered."""


def motif(number: int) -> Image.Image:
    """A benign picture with a fingerprint of its own: soft random shapes."""
    rng = np.random.default_rng(number)
    return Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)).resize(
        (320, 320), Image.Resampling.BICUBIC
    )


def saved(number: int, quality: int = 90, size: int = 320) -> bytes:
    """A motif as somebody saved it."""
    buffer = io.BytesIO()
    motif(number).resize((size, size)).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


class Browser:
    """Cookies, forms and patience."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.client = httpx.Client(timeout=60, trust_env=False)
        self.page = ""

    def once(self, method: str, url: str, **sent: object) -> httpx.Response | None:
        """One request; None when nobody answered, or only that they cannot now."""
        try:
            answer = self.client.request(method, url, **sent)  # type: ignore[arg-type]  # httpx's own keywords
        except httpx.TransportError as error:
            self.world.failed(f"{type(error).__name__}")
            return None
        self.page = html.unescape(answer.text)
        if answer.status_code >= 500:
            self.world.failed(f"{answer.status_code} {method} {re.sub(r'[0-9a-f-]{16,}', '…', httpx.URL(url).path)}")
            return None
        return answer

    def until_answered(self, method: str, url: str, **sent: object) -> httpx.Response:
        """Try until somebody answers. Only for what may be sent twice."""
        latest = time.monotonic() + PATIENCE
        while (answer := self.once(method, url, **sent)) is None:
            if time.monotonic() > latest:
                raise LetDown(f"{method} {url}")
            time.sleep(0.1)
        return answer


@dataclass
class World:
    """What everybody shares: where things are, what was acknowledged, and whether it goes on."""

    house: House
    book: Book
    over: threading.Event
    motifs: "Motifs"

    def failed(self, what: str) -> None:
        with self.book.lock:
            self.book.failed[what] += 1

    def trouble(self, what: str) -> None:
        with self.book.lock:
            self.book.troubles.append(what)


class Motifs:
    """Hands out new motifs, and older ones to be copied."""

    def __init__(self) -> None:
        self._lock, self._last = threading.Lock(), 0

    def new(self) -> int:
        with self._lock:
            self._last += 1
            return self._last

    def known(self, rng: random.Random) -> int:
        with self._lock:
            return rng.randint(max(1, self._last - 12), max(1, self._last))


class Person(threading.Thread):
    """Somebody who acts until the world is over, then finishes what they are at."""

    def __init__(self, world: World, name: str, rng: random.Random) -> None:
        super().__init__(name=name, daemon=True)
        self.world, self.rng, self.browser = world, rng, Browser(world)
        self.book, self.house = world.book, world.house
        self.error: BaseException | None = None
        self.arrived = False

    def run(self) -> None:
        try:
            self.arrive()
            self.arrived = True
            while not self.world.over.is_set():
                self.act()
                time.sleep(self.rng.uniform(0.02, 0.2))
        except BaseException as error:  # noqa: BLE001  raised where the test waits
            self.error = error
        finally:
            self.browser.client.close()

    def arrive(self) -> None:
        """What is done once."""

    def act(self) -> None:
        raise NotImplementedError


class Poster(Person):
    """Posts pictures, and copies of them, on Plaza."""

    def arrive(self) -> None:
        self.browser.until_answered("POST", f"{self.house.plaza}/sign-in", data={"name": self.name})

    def act(self) -> None:
        copied = self.rng.random() < 0.4
        number = self.world.motifs.known(self.rng) if copied else self.world.motifs.new()
        picture = saved(number, self.rng.randint(60, 95), self.rng.choice([296, 304, 312, 320]) if copied else 320)
        answer = self.browser.once(
            "POST",
            f"{self.house.plaza}/posts",
            data={"caption": f"motif {number}"},
            files={"picture": ("picture.jpg", picture, "image/jpeg")},
        )
        if answer is None:  # not acknowledged: it may be there or not
            return
        if answer.status_code == 303:
            found = re.search(r"/posts/([0-9a-f]+)$", answer.headers["location"])
            if found:
                with self.book.lock:
                    self.book.posts[found[1]] = str(number)
        elif answer.status_code != 422:
            self.world.trouble(f"posting: {answer.status_code}")


class Reporter(Person):
    """Reports posts with Plaza's button and the portal's form, follows, and adds words."""

    def arrive(self) -> None:
        self.receipts: list[str] = []

    def act(self) -> None:
        if self.receipts and self.rng.random() < 0.25:
            self._add_words()
            return
        with self.book.lock:
            posts = list(self.book.posts)
        if not posts:
            return
        post = posts[-1] if self.rng.random() < 0.6 else self.rng.choice(posts)
        if self.rng.random() < 0.2:
            self._by_the_platform(post)
        else:
            self._in_two_clicks(post)

    def _in_two_clicks(self, post: str) -> None:
        link = self.browser.until_answered("POST", f"{self.house.plaza}/posts/{post}/report")
        if link.status_code == 404:  # hidden meanwhile
            return
        address = link.headers["location"]
        self.browser.until_answered("GET", address)
        once = re.search(r'name="once" value="([^"]+)"', self.browser.page)
        if once is None:
            self.world.trouble(f"no form at {address}: {self.browser.page[:200]}")
            return
        door = self.rng.choices(["me", "saw", "child"], [7, 2, 1])[0]
        words = self._words() if self.rng.random() < 0.5 else ""
        form = {"once": once[1], "door": door, "words": words}
        receipt = self._sent(address, form)
        if self.rng.random() < 0.3 and self._sent(address, form) != receipt:
            self.world.trouble("the same form, sent twice, gave two receipts")
        self._keep(Told(receipt, (post,), words))

    def _sent(self, address: str, form: dict[str, str]) -> str:
        answer = self.browser.until_answered("POST", address, data=form)
        found = re.search(r'name="receipt" value="([^"]+)"', self.browser.page)
        if answer.status_code != 200 or found is None:
            raise LetDown(f"a report was answered {answer.status_code}: {self.browser.page[:500]}")
        return found[1]

    def _by_the_platform(self, post: str) -> None:
        """The platform's own report button: POST /reports with an idempotency key."""
        words = self._words()
        answer = self.browser.until_answered(
            "POST",
            f"{self.house.console}/api/v1/reports",
            json={"item_ids": [post], "harm": "NCII", "flags": [], "words": words},
            headers=key_of(self.house) | {"Idempotency-Key": hashlib.sha256(words.encode()).hexdigest()},
        )
        if answer.status_code != 201:
            self.world.trouble(f"reporting by the API: {answer.status_code} {answer.text[:200]}")
            return
        self._keep(Told(answer.json()["receipt"], (post,), words))

    def _keep(self, told: Told) -> None:
        self.receipts.append(told.receipt)
        with self.book.lock:
            self.book.reports.append(told)

    def _add_words(self) -> None:
        receipt, words = self.rng.choice(self.receipts), self._words()
        form = {"receipt": receipt, "words": words}
        answer = self.browser.until_answered("POST", f"{self.house.portal}/en/follow", data=form)
        if answer.status_code != 200 or words not in self.browser.page:
            self.world.trouble(f"words added: {answer.status_code}")
            return
        with self.book.lock:
            self.book.added.append((receipt, words))

    def _words(self) -> str:
        return f"words {self.rng.getrandbits(64):x}"


def key_of(house: House) -> dict[str, str]:
    """The header with Plaza's own key."""
    known = json.loads((house.place.folder / "plaza.json").read_text(encoding="utf-8"))
    return {"Authorization": f"Bearer {known['key']}"}


class Moderator(Person):
    """Decides what waits in the queue: rulings, second opinions, copies, held uploads, stronger entries."""

    def arrive(self) -> None:
        link = self.house.sign_in[self.name]
        self.browser.until_answered("GET", link)
        self._post(link, {})
        self._open(f"{self.house.console}/")

    def act(self) -> None:
        page = self._open(f"{self.house.console}/")
        cases = re.findall(r'href="(/cases/[0-9a-f-]+)"', page)
        if not cases:
            return
        case = self.rng.choice(cases[:6])
        page = self._case(case)
        acts: list[Callable[[], None]] = []
        if f'action="{case}/decide"' in page:
            acts.append(lambda: self._decide(case, page))
        if f'action="{case}/second"' in page:
            acts.append(lambda: self._second(case))
        if 'name="copy"' in page:
            acts.append(lambda: self._copies(case, page))
        if f'action="{case}/uploads/' in page:
            acts.append(lambda: self._upload(case, page))
        if 'value="raise"' in page and self.rng.random() < 0.5:
            acts.append(lambda: self._raise(case, page))
        if acts:
            self.rng.choice(acts)()

    def _decide(self, case: str, page: str) -> None:
        items = sorted(set(re.findall(r'name="item-([0-9a-f-]{36})"', page)))
        choices = {item: self.rng.choices(["remove", "keep", "label"], [7, 2, 1])[0] for item in items}
        answer = f"answer {self.rng.getrandbits(64):x}"
        words = {
            "ground": "law",
            "provision": "art. 226-2-1",
            "reasons": "Seen and weighed.",
            "answer": answer,
            "statement": "Not allowed.",
        }
        form = {f"item-{item}": ruling for item, ruling in choices.items()} | words
        if self._post(f"{self.house.console}{case}/decide", form) is None:
            return
        form |= dict(re.findall(r'name="(seen)" value="([0-9a-f]+)"', self.browser.page))
        if self._acknowledged(case, "decide", form, ("Decided.", "Proposed.")):
            with self.book.lock:
                self.book.decisions.append(Decided(case.rsplit("/", 1)[1], choices, answer))

    def _second(self, case: str) -> None:
        if self._acknowledged(case, "second", {"word": "agree"}):
            with self.book.lock:
                self.book.seconded.add(case.rsplit("/", 1)[1])

    def _copies(self, case: str, page: str) -> None:
        ids = re.findall(r'name="copy" value="([0-9a-f-]{36})"', page)
        act = "remove" if self.rng.random() < 0.85 else "release"
        if self._acknowledged(case, "copies", {"copy": ids, "act": act}):
            self._wrote(self.book.copies, ids, act)

    def _upload(self, case: str, page: str) -> None:
        (check, *_) = re.findall(rf'action="{case}/uploads/([0-9a-f-]+)"', page)
        word = "block" if self.rng.random() < 0.7 else "allow"
        if self._acknowledged(case, f"uploads/{check}", {"word": word}):
            self._wrote(self.book.uploads, [check], word)

    def _raise(self, case: str, page: str) -> None:
        entries = re.findall(rf'action="{case}/entries/([0-9a-f-]+)"(?:(?!</form>).)*value="raise"', page, re.DOTALL)
        if entries and self._acknowledged(case, f"entries/{entries[0]}", {"word": "raise"}):
            with self.book.lock:
                self.book.raised.add(entries[0])

    def _wrote(self, where: dict[str, str], ids: Iterable[str], word: str) -> None:
        with self.book.lock:
            where.update(dict.fromkeys(ids, word))

    def _acknowledged(self, case: str, act: str, form: dict[str, object], signs: tuple[str, ...] = ()) -> bool:
        """Press a button once, and read on the page that follows whether it was taken."""
        answer = self._post(f"{self.house.console}{case}/{act}", form)
        if answer is None or answer.status_code != 302:
            return False
        page = self._case(case)  # empty: it belongs to another case now, and nobody read that this was done
        return any(sign in page for sign in signs) if signs or not page else 'class="messages"' not in page

    def _post(self, url: str, form: dict[str, object]) -> httpx.Response | None:
        token = CSRF.search(self.browser.page)
        data = form | ({"csrfmiddlewaretoken": token[1]} if token else {})
        return self.browser.once("POST", url, data=data, headers={"Referer": url})

    def _case(self, case: str) -> str:
        """Its page; nothing, where it was joined to another since the queue was read."""
        return self._open(self.house.console + case, instead="/cases/")

    def _open(self, url: str, instead: str = "") -> str:
        """The page there; nothing, where one is led to `instead`."""
        answer = self.browser.until_answered("GET", url)
        if instead and answer.status_code == 302 and answer.headers["location"].startswith(instead):
            return ""
        if answer.status_code != 200 or "Sign out" not in self.browser.page:
            raise LetDown(f"{self.name}: {url} answered {answer.status_code} {answer.headers.get('location', '')}")
        return self.browser.page


class Visitor(Person):
    """Looks at the feed."""

    def act(self) -> None:
        self.browser.until_answered("GET", f"{self.house.plaza}/")
        time.sleep(self.rng.uniform(0.3, 0.8))
