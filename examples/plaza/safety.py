"""How Plaza protects the people on it: everything that passes between Plaza and Staydown, in one place."""

import json
import logging
import threading
import time
from collections.abc import Mapping

from standardwebhooks import Webhook, WebhookVerificationError
from staydown_client import Refused, Staydown, Unavailable, Unknown
from store import Post, Store

NEXT = {"allow": "cleared", "label": "cleared", "hold": "checking", "block": "refused"}
log = logging.getLogger("plaza.safety")


class Safety:
    def __init__(self, store: Store, staydown: Staydown, secret: str, url: str) -> None:
        self.store, self.staydown, self.url = store, staydown, url.rstrip("/")
        self._webhook = Webhook(secret)
        self._turns = [threading.Lock() for _ in range(64)]

    def settle(self, post_id: str) -> None:
        """Bring a post as far as Staydown lets it. Raises `Unavailable` or `Refused`: it then waits, seen by nobody."""
        steps = {"state = 'waiting'": self._check, "state = 'cleared'": self._register, "visible": self._tell_views}
        with self._turns[hash(post_id) % len(self._turns)]:  # so that nothing is asked twice at the same time
            for condition, step in steps.items():
                for post in self.store.posts(f"id = ? AND owed AND {condition}", post_id):
                    step(post)

    def _check(self, post: Post) -> None:
        try:
            picture, account = self.store.picture(post), post["account"]
            check_id, verdict, labels = self.staydown.check_upload(picture, account, surface="post")
        except Refused as refusal:
            self.store.move(post, "refused", note=str(refusal))
            return
        label = (labels or ["sensitive"])[0] if verdict == "label" else None
        self.store.move(post, NEXT[verdict], check_id=check_id, label=label)

    def _register(self, post: Post) -> None:
        """Tell Staydown before anybody sees the post: nobody shall report an item that Staydown does not know."""
        facts = {"account_id": post["account"], "posted_at": post["posted_at"], "check_id": post["check_id"]}
        url = f"{self.url}/posts/{post['id']}"
        try:
            state = self.staydown.register_item(post["id"], url=url, audience="everyone", **facts)
        except Unknown:
            state = "waiting"  # it waited so long that its check is forgotten: ask again
        self.store.move(post, state)  # held if it was banked since its check; what an order has hidden stays hidden

    def _tell_views(self, post: Post) -> None:
        self.staydown.tell_views(post["id"], post["views"])
        self.store.run("UPDATE posts SET views_told = ? WHERE id = ?", post["views"], post["id"])

    def keep_up(self) -> None:
        """Catch up every few seconds, for as long as Plaza runs."""
        while True:
            try:
                self.catch_up()
            except Exception:  # whatever it was, the next round comes
                log.exception("catching up stopped; Plaza tries again")
            time.sleep(2)

    def catch_up(self) -> None:
        """Do what is owed to Staydown, and erase what is old."""
        for post in self.store.posts("owed"):
            try:
                self.settle(post["id"])
            except (Unavailable, Refused) as reason:
                log.warning("Staydown about post %s: %s; Plaza tries again", post["id"], reason)
        self.store.run("DELETE FROM posts WHERE id IN (SELECT id FROM posted WHERE over)")  # and their pictures

    def signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Staydown signed these bytes within the last five minutes (Standard Webhooks v1)."""
        try:
            self._webhook.verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):
            return False
        return True

    def carry_out(self, body: bytes) -> str | None:
        """Apply the order in a webhook; answer its outcome, or None if it is not as agreed and nothing was done."""
        try:
            message = json.loads(body)
            return self.store.apply(message["type"], message["data"])
        except (LookupError, TypeError, ValueError):
            return None
