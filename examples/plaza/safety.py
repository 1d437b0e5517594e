"""How Plaza protects the people on it: everything that passes between Plaza and Staydown, in one place."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from standardwebhooks import Webhook, WebhookVerificationError
from staydown_client import Refused, Staydown, Unavailable, Unknown
from store import Post, Store

VIEWS_STEP = 10  # Staydown is told of views now and then, not of each
NEXT = {"allow": "cleared", "label": "cleared", "hold": "checking", "block": "refused"}
log = logging.getLogger("plaza.safety")


class Unreadable(Exception):
    """This webhook is not one of those agreed with Staydown; nothing was done."""


class Safety:
    def __init__(self, store: Store, staydown: Staydown, secret: str, url: str) -> None:
        self.store, self.staydown, self.url = store, staydown, url.rstrip("/")
        self._webhook = Webhook(secret)
        self._turn, self._queue = threading.Lock(), threading.Semaphore(2)

    def settle(self, post_id: str) -> None:
        """Bring a post as far as Staydown lets it. Raises `Unavailable`: it then waits, seen by nobody."""
        if not self.store.claim(post_id):
            return
        try:
            for state, step in (("waiting", self._check), ("cleared", self._register), ("deleting", self._forget)):
                for post in self.store.posts("id = ? AND state = ?", post_id, state):
                    step(post)
        finally:
            self.store.unclaim(post_id)

    def _check(self, post: Post) -> None:
        try:
            check = self.staydown.check_upload((self.store.pictures / post["id"]).read_bytes(), post["account"], "post")
        except Refused as refusal:
            self.store.move(post, "refused", note=str(refusal))
            return
        label = (check.labels or ["sensitive"])[0] if check.verdict == "label" else None
        self.store.move(post, NEXT[check.verdict], check_id=check.check_id, label=label)

    def _register(self, post: Post) -> None:
        """Tell Staydown before anybody sees the post, so that nobody can report an item that Staydown does not know.

        The answer may say that it was banked since its check; it then never goes up. If an order has hidden it in
        the meantime, `move` leaves it hidden.
        """
        facts = {"account_id": post["account"], "posted_at": post["posted_at"], "check_id": post["check_id"] or ""}
        try:
            state = self.staydown.register_item(
                post["id"], url=f"{self.url}/posts/{post['id']}", audience="everyone", **facts
            )
        except Unknown:
            self.store.move(post, "waiting", check_id=None)  # it waited so long that its check is forgotten: ask again
            raise
        except Refused as refusal:
            raise Unavailable(f"item {post['id']}: {refusal}") from refusal
        self.store.move(post, state)

    def _forget(self, post: Post) -> None:
        with suppress(Unknown):
            self.staydown.forget_item(post["id"])
        self.store.move(post, "gone")

    def catch_up_soon(self) -> None:
        """Do what is owed to Staydown, without keeping the visitor waiting."""
        threading.Thread(target=self.catch_up, daemon=True).start()

    def catch_up(self) -> None:
        """Settle what waits, tell views, erase what is old: one thread at it, one behind it, so nothing is missed."""
        if not self._queue.acquire(blocking=False):
            return
        try:
            with self._turn:
                for post in self.store.posts("state IN ('waiting', 'cleared', 'deleting')"):
                    self._try(self.settle, post["id"])
                for post in self.store.posts("state = 'up' AND views >= views_told + ?", VIEWS_STEP):
                    self._try(self._tell_views, post)
                self.store.forget_old()
        finally:
            self._queue.release()

    def _tell_views(self, post: Post) -> None:
        self.staydown.tell_views(post["id"], post["views"])
        self.store.change("UPDATE posts SET views_told = ? WHERE id = ?", post["views"], post["id"])

    def _try[T](self, step: Callable[[T], None], about: T) -> None:
        try:
            step(about)
        except (Unavailable, Refused) as reason:
            log.warning("Staydown: %s; Plaza tries again later", reason)

    def signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Staydown signed these bytes within the last five minutes (Standard Webhooks v1)."""
        try:
            self._webhook.verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):
            return False
        return True

    def carry_out(self, body: bytes) -> str:
        """Apply the order in a webhook. Raises `Unreadable` for one that is not as agreed."""
        try:
            message = json.loads(body)
            outcome = self.store.apply(message["type"], message["data"])
        except (LookupError, TypeError, ValueError) as error:
            raise Unreadable from error
        self.catch_up_soon()
        return outcome

    def evidence(self, kind: str, reference: str) -> tuple[bytes, str] | None:
        """The original bytes and type of an item or of a check's upload, in any state, while they are kept."""
        column = {"item": "id", "check": "check_id"}[kind]
        for post in self.store.posts(f"{column} = ?", reference):
            if (path := self.store.pictures / post["id"]).exists():
                return path.read_bytes(), post["media_type"]
        return None
