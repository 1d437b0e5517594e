"""How Plaza protects the people on it: everything that passes between Plaza and Staydown, in one place."""

import io
import json
import logging
import threading
from collections.abc import Mapping

from PIL import Image, ImageOps
from standardwebhooks import Webhook, WebhookVerificationError
from staydown_client import Refused, Staydown, Unavailable, Unknown
from store import Post, Store

VEIL = (12, 12)  # pixels of a sensitive picture that somebody under age is shown
NEXT = {"allow": "cleared", "label": "cleared", "hold": "checking", "block": "refused"}
log = logging.getLogger("plaza.safety")


class Safety:
    def __init__(self, store: Store, staydown: Staydown, secret: str, url: str) -> None:
        self.store, self.staydown, self.url = store, staydown, url.rstrip("/")
        self._webhook = Webhook(secret)
        self._turns = [threading.Lock() for _ in range(64)]
        self.over = threading.Event()

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
            check_id, verdict, labels = self.staydown.check_upload(
                picture, account, surface="post", audience="everyone"
            )
        except Refused as refusal:
            self.store.move(post, "refused", note=str(refusal))
            return
        label = labels[0] if labels else "sensitive" if verdict == "label" else None  # also for when a held one goes up
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

    def shown_to(self, account: str, post: Post) -> tuple[bytes, str]:
        """The picture of a post as somebody sees it. A sensitive one reaches nobody under age: a style sheet that blurs it
        would have sent it all the same.
        """
        original = self.store.picture(post)
        if not (post["label"] and self.store.is_under_age(account)):
            return original, post["media_type"]
        with Image.open(io.BytesIO(original)) as picture:
            small = ImageOps.exif_transpose(picture).convert("RGB").resize(VEIL, Image.Resampling.BOX)
        veiled = io.BytesIO()
        small.resize((480, 480), Image.Resampling.BICUBIC).save(veiled, "JPEG")
        return veiled.getvalue(), "image/jpeg"

    def contest(self, post: Post, words: str, language: str) -> None:
        """Pass on that somebody does not agree with the removal of his post. Raises `Unavailable` or `Refused`."""
        said = self.staydown.contest(post["id"], post["account"], words, language)
        sql = "INSERT OR IGNORE INTO complaints (post_id, complaint_id, state) VALUES (?, ?, ?)"
        self.store.run(sql, post["id"], said["complaint_id"], said["state"])

    def news_of_complaints(self, account: str) -> None:
        """Ask what became of somebody's complaints, before he is shown his posts."""
        sql = """SELECT post_id, complaint_id FROM complaints JOIN posts ON posts.id = post_id
            WHERE account = ? AND complaints.state = 'open'"""
        for row in self.store.run(sql, account):
            said = self.staydown.complaint(row["complaint_id"])
            changed = "UPDATE complaints SET state = ?, answer = ? WHERE post_id = ?"
            self.store.run(changed, said["state"], said["answer"], row["post_id"])

    def keep_up(self) -> None:
        """Catch up every few seconds, until Plaza is over."""
        while not self.over.is_set():
            try:
                self.catch_up()
            except Exception:  # whatever it was, the next round comes
                log.exception("catching up stopped; Plaza tries again")
            self.over.wait(2)

    def catch_up(self) -> None:
        """Do what is owed to Staydown, and erase what is old."""
        for post in self.store.posts("owed"):
            try:
                self.settle(post["id"])
            except (Unavailable, Refused) as reason:
                log.warning("Staydown about post %s: %s; Plaza tries again", post["id"], reason)
        for row in self.store.run("SELECT statement_id FROM statements WHERE words IS NULL LIMIT 100"):
            self._fetch_statement(row["statement_id"])
        for row in self.store.run("SELECT notice_id FROM notices WHERE NOT given LIMIT 100"):
            self._give_notice(row["notice_id"])
        self.store.run("DELETE FROM posts WHERE id IN (SELECT id FROM posted WHERE over)")  # and their pictures

    def _fetch_statement(self, statement_id: str) -> None:
        try:
            words = self.staydown.statement(statement_id)
        except (Unavailable, Refused) as reason:
            log.warning("Staydown about statement %s: %s; Plaza tries again", statement_id, reason)
            return
        self.store.run("UPDATE statements SET words = ? WHERE statement_id = ?", words, statement_id)

    def _give_notice(self, notice_id: str) -> None:
        """Fetch the words, so that the account reads them on its page; only then tell Staydown that they were given."""
        try:
            words = self.staydown.notice(notice_id)
            self.store.run("UPDATE notices SET words = ? WHERE notice_id = ?", words, notice_id)
            self.staydown.notice_given(notice_id)
        except Unknown:  # its order was taken back
            self.store.run("DELETE FROM notices WHERE notice_id = ?", notice_id)
        except (Unavailable, Refused) as reason:
            log.warning("Staydown about notice %s: %s; Plaza tries again", notice_id, reason)
        else:
            self.store.run("UPDATE notices SET given = 1 WHERE notice_id = ?", notice_id)

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
            if message["type"] == "notice.uploader":
                return self.store.remember_notice(message["data"])
            return self.store.apply(message["type"], message["data"])
        except (LookupError, TypeError, ValueError):
            return None
