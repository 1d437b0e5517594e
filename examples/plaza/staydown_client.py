"""A client of Staydown's platform API. Copy this file into your own service; it needs httpx and nothing else."""

from typing import Any

import httpx

VERDICTS = {"allow", "label", "hold", "block"}
REFUSALS = {
    400,
    409,
    413,
    415,
    422,
}  # about this very request; any other 4xx is about your key, your address or your pace


class Unavailable(Exception):
    """Staydown gave no answer to act on. Keep what you have, show it to nobody, and try again later."""


class Unknown(Unavailable):
    """Staydown does not know this item, or no longer knows this check: checks that became nothing are forgotten."""


class Refused(Exception):
    """Staydown cannot take this (too large, empty, or too late). The text is meant for the person."""


class Staydown:
    """One platform's connection; safe to share between threads."""

    def __init__(self, api: str, key: str) -> None:
        headers, timeout = {"Authorization": f"Bearer {key}"}, httpx.Timeout(10, connect=3)
        self._http = httpx.Client(base_url=api.rstrip("/"), headers=headers, timeout=timeout, trust_env=False)

    def check_upload(
        self, media: bytes, account_id: str, surface: str, audience: str = ""
    ) -> tuple[str, str, list[str]]:
        """Ask about media before anybody sees it. Returns the check's id, its verdict and its labels."""
        form = {"account_id": account_id, "surface": surface, "audience": audience}
        said = self._ask("POST", "/uploads/check", data=form, files={"media": ("media", media)})
        if said.get("verdict") not in VERDICTS or not said.get("check_id"):
            raise Unavailable("an answer without a verdict")
        return said["check_id"], said["verdict"], said.get("labels", [])

    def register_item(self, item_id: str, **facts: str) -> str:
        """Tell of an item: url, account_id, posted_at, audience, check_id. Returns its state: up, held or removed."""
        state = self._ask("PUT", f"/items/{item_id}", json=facts).get("state")
        if state not in {"up", "held", "removed"}:
            raise Unavailable("an answer without a state")
        return str(state)

    def tell_views(self, item_id: str, views: int) -> None:
        self._ask("PATCH", f"/items/{item_id}", json={"views": views})

    def statement(self, statement_id: str) -> str:
        """What whom an order restricts is to read: facts, reasons, and what can be done against it."""
        return str(self._ask("GET", f"/statements/{statement_id}")["words"])

    def notice(self, notice_id: str) -> str:
        """What whose post an authority ordered removed is to read."""
        return str(self._ask("GET", f"/notices/{notice_id}")["words"])

    def notice_given(self, notice_id: str) -> None:
        """Tell that the account can read it now."""
        self._ask("POST", f"/notices/{notice_id}/confirm")

    def report_link(self, item_id: str, language: str) -> str:
        """A one-item address of the report pages, to send the person to."""
        return str(self._ask("POST", "/report-links", json={"item_id": item_id, "language": language})["url"])

    def contest(self, item_id: str, account_id: str, words: str, language: str) -> dict[str, Any]:
        """Pass on what somebody says against the removal of his own post: complaint_id, state, answer, due_at."""
        said = {"item_id": item_id, "account_id": account_id, "words": words, "language": language}
        return self._ask("POST", "/complaints", json=said)

    def complaint(self, complaint_id: str) -> dict[str, Any]:
        """What became of it: open, upheld or reversed, with the answer to show."""
        return self._ask("GET", f"/complaints/{complaint_id}")

    def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **content)
            said = answer.json() if answer.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(type(error).__name__) from error
        if answer.status_code in REFUSALS:
            raise Refused(said.get("detail") or said.get("title") or "This could not be read.")
        if not answer.is_success:
            raise (Unknown if answer.status_code == 404 else Unavailable)(f"status {answer.status_code}")
        return dict(said)
