"""The first journey, played by itself over HTTP against the running demo: `make demo STORY=1`.

Every step is checked where it happens (on Plaza's pages, on the reporter's page, in the console) and timed there; one
that does not happen ends the story with an error.
"""

import html
import io
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import httpx
import skimage.data
from PIL import Image

PATIENCE = 60.0  # seconds: what happens at once, happens so on a busy machine too, but later


class Urls(Protocol):
    """Where the demo's programs are."""

    plaza: str
    portal: str
    console: str
    sign_in: dict[str, str]


class DidNotHappen(AssertionError):
    """A step of the story did not happen."""


@dataclass
class Teller:
    """Prints each step with the time it took."""

    started: float = field(default_factory=time.perf_counter)
    steps: int = 0

    def step(self, said: str, true: Callable[[], bool]) -> None:
        began = time.perf_counter()
        while not true():
            if time.perf_counter() - began > PATIENCE:
                raise DidNotHappen(f"{said} (waited {PATIENCE:.0f} s)")
            time.sleep(0.005)
        self.steps += 1
        took = (time.perf_counter() - began) * 1000
        print(f"  {self.steps:2}. {said:<86} {took:7.0f} ms", flush=True)


class Browser:
    """A person's browser: cookies, forms, and pages as text."""

    def __init__(self) -> None:
        self.client = httpx.Client(follow_redirects=True, timeout=60, trust_env=False)
        self.page = ""
        self.url = ""

    def go(self, url: str) -> int:
        return self._took(self.client.get(url))

    def send(self, url: str, data: dict[str, object], files: dict[str, object] | None = None) -> int:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        if token:
            data = {**data, "csrfmiddlewaretoken": token[1]}
        return self._took(self.client.post(url, data=data, files=files, headers={"Referer": self.url}))  # type: ignore[arg-type]

    def _took(self, answer: httpx.Response) -> int:
        self.page, self.url = html.unescape(answer.text), str(answer.url)
        return answer.status_code

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.page, re.DOTALL)
        if found is None:
            raise DidNotHappen(f"{pattern!r} is not on {self.url}")
        return found[1]


class Person(Browser):
    """Somebody on Plaza."""

    def __init__(self, urls: Urls, name: str) -> None:
        super().__init__()
        self.plaza = urls.plaza
        self.go(f"{self.plaza}/sign-in")
        self.send(self.url, {"name": name})

    def posts(self, picture: bytes, caption: str) -> bool:
        """Post a picture; whether it went live."""
        self.send(f"{self.plaza}/posts", {"caption": caption}, {"picture": ("picture.jpg", picture, "image/jpeg")})
        return "/posts/" in self.url


def play(urls: Urls) -> None:
    """Play the journey. Raises `DidNotHappen` at the first step that did not."""
    run = f"{secrets.token_hex(2)}"
    tell = Teller()
    print("\n  The story of one picture\n")
    arno, bas, carla = (Person(urls, f"{name}_{run}") for name in ("arno", "bas", "carla"))
    post, copy, other = _published(tell, arno, bas, carla)
    her, receipt = _reported(tell, urls, post)
    _hidden(tell, urls, her, receipt, post, other)
    mina, case = _decided(tell, urls)
    _copies(tell, mina, case, copy)
    _stays_down(tell, urls, carla, mina, case)
    _told(tell, urls, her, receipt)
    _wrongly_accused(tell, urls, run, mina)
    took = time.perf_counter() - tell.started
    print(f"\n  All {tell.steps} steps really happened, in {took:.1f} s.\n")


def _published(tell: Teller, arno: Person, bas: Person, carla: Person) -> tuple[str, str, str]:
    tell.step("arno posts a picture on Plaza", lambda: arno.posts(_jpeg(_coffee()), "look"))
    tell.step("bas posts a copy of it, resized and saved again", lambda: bas.posts(_jpeg(_coffee(0.7), 70), "seen"))
    tell.step("carla posts something else", lambda: carla.posts(_jpeg(_photograph("rocket")), "a rocket"))
    return arno.url, bas.url, carla.url


def _reported(tell: Teller, urls: Urls, post: str) -> tuple[Browser, str]:
    her = Browser()

    def reports() -> bool:
        her.go(post)
        her.send(f"{post}/report", {})  # the first click
        once = her.find(r'name="once" value="([^"]+)"')
        return her.send(her.url, {"once": once, "door": "me"}) == 200  # the second

    tell.step("She presses Report, then “an intimate image of me”: two clicks, no name asked", reports)
    return her, her.find(r'name="receipt" value="([^"]+)"')


def _hidden(tell: Teller, urls: Urls, her: Browser, receipt: str, post: str, other: str) -> None:
    stranger = Browser()
    picture = post.replace("/posts/", "/pictures/")
    tell.step("Post and picture are gone for everyone (time since her click)", lambda: stranger.go(post) == 404)
    tell.step("… the picture's own address, too", lambda: stranger.go(picture) == 404)
    tell.step("… and nothing else is", lambda: stranger.go(other) == 200)
    tell.step("Her page says that it is hidden", lambda: _follow(urls, her, receipt, 'data-step="hidden"'))


def _follow(urls: Urls, her: Browser, receipt: str, sign: str) -> bool:
    her.send(f"{urls.portal}/en/follow", {"receipt": receipt})
    return sign in her.page


def _signed_in(urls: Urls, who: str) -> Browser:
    browser = Browser()
    browser.go(urls.sign_in[who])
    browser.send(browser.url, {})
    if "Queue" not in browser.page:
        raise DidNotHappen(f"{who} is signed in")
    return browser


def _open_case(urls: Urls, staff: Browser) -> str:
    staff.go(f"{urls.console}/")
    case = urls.console + staff.find(r'href="(/cases/[0-9a-f-]+)"(?:(?!</tr>).)*Decide')
    staff.go(case)
    return case


def _rule(staff: Browser, case: str, ruling: str, answer: str) -> bool:
    item = staff.find(r'name="(item-[0-9a-f-]+)"')
    words = {
        "ground": "law",
        "provision": "Criminal code, art. 226-2-1",
        "reasons": "Seen and weighed.",
        "answer": answer,
        "statement": "A person looked at your post. It is not allowed.",
    }
    staff.send(f"{case}/decide", {item: ruling, **words})
    seen = staff.find(r'name="seen" value="([0-9a-f]+)"')
    return staff.send(f"{case}/decide", {item: ruling, **words, "seen": seen}) == 200 and "Decided." in staff.page


def _decided(tell: Teller, urls: Urls) -> tuple[Browser, str]:
    mina = _signed_in(urls, "mina")
    case = _open_case(urls, mina)
    tell.step(
        "mina, a moderator, decides: remove it with every copy",
        lambda: _rule(mina, case, "remove", "It is removed. You did nothing wrong."),
    )
    return mina, case


def _copies(tell: Teller, mina: Browser, case: str, copy: str) -> None:
    stranger = Browser()
    tell.step("The sweep finds bas's copy and hides it (time since the decision)", lambda: stranger.go(copy) == 404)
    tell.step("mina sees the copy, already chosen", lambda: mina.go(case) == 200 and 'name="copy"' in mina.page)
    chosen = mina.find(r'name="copy" value="([0-9a-f-]+)"')
    tell.step(
        "… and removes it with one click",
        lambda: (
            mina.send(f"{case}/copies", {"copy": chosen, "act": "remove"}) == 200 and 'name="copy"' not in mina.page
        ),
    )


def _stays_down(tell: Teller, urls: Urls, carla: Person, mina: Browser, case: str) -> None:
    again = _jpeg(_part(_coffee(0.9)), 55)
    tell.step(
        "carla uploads a part of it: held, nobody sees it",
        lambda: not carla.posts(again, "mine") and "Being checked" in carla.page,
    )
    tomas = _signed_in(urls, "tomas")
    tomas.go(case)
    entry = tomas.find(r'action="(/cases/[0-9a-f-]+/entries/[0-9a-f-]+)"')
    tell.step(
        "tomas, a second person, confirms: from now on what resembles it is blocked",
        lambda: tomas.send(urls.console + entry, {"word": "raise"}) == 200 and "blocks what" in tomas.page,
    )
    blocked = _jpeg(_coffee(0.8), 60)
    tell.step(
        "carla tries once more with all of it, saved differently: refused at once",
        lambda: not carla.posts(blocked, "mine") and "cannot be published" in carla.page,
    )
    flower = _jpeg(_photograph("chelsea"))
    tell.step("An unrelated picture still passes", lambda: carla.posts(flower, "a cat"))


def _told(tell: Teller, urls: Urls, her: Browser, receipt: str) -> None:
    signs = ("removed", "decided", "watching")
    tell.step(
        "Her page told each step",
        lambda: all(_follow(urls, her, receipt, f'data-step="{sign}"') for sign in signs),
    )
    tell.step(
        "… and counts the copies: 1 removed, 2 stopped before anyone saw them",
        lambda: _follow(urls, her, receipt, 'data-count="removed">1<') and 'data-count="stopped">2<' in her.page,
    )
    tell.step("… and has our answer", lambda: _follow(urls, her, receipt, "You did nothing wrong."))


def _wrongly_accused(tell: Teller, urls: Urls, run: str, mina: Browser) -> None:
    dora, stranger = Person(urls, f"dora_{run}"), Browser()
    tell.step("dora posts a picture of hers", lambda: dora.posts(_jpeg(_photograph("retina")), "mine"))
    post, accuser = dora.url, _reported(tell, urls, dora.url)
    tell.step("dora's post is hidden (time since the click)", lambda: stranger.go(post) == 404)
    case = _open_case(urls, mina)
    tell.step("mina finds nothing wrong with it", lambda: _rule(mina, case, "keep", "It shows nothing of the kind."))
    tell.step("dora's post is back (time since the decision)", lambda: stranger.go(post) == 200)
    tell.step("… and who reported it is told", lambda: _follow(urls, *accuser, 'data-step="put_back"'))


def _photograph(name: str) -> Image.Image:
    return Image.fromarray(getattr(skimage.data, name)()).convert("RGB")


def _coffee(factor: float = 1.0) -> Image.Image:
    picture = _photograph("coffee")
    return picture.resize((int(picture.width * factor), int(picture.height * factor)))


def _part(picture: Image.Image) -> Image.Image:
    """The picture without an eighth at each side."""
    width, height = picture.size
    return picture.crop((width // 8, height // 8, width - width // 8, height - height // 8))


def _jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
