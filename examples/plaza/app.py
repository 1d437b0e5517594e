"""Plaza, a small social network, as an example of how to plug in Staydown. The safety part is all in safety.py."""

import argparse
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, session, url_for
from safety import Safety, Unreadable
from staydown_client import Refused, Staydown, Unavailable
from store import VISIBLE, Post, Store
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as Answer

NAME = re.compile(r"[a-z0-9_]{2,20}")
TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}
UNREACHABLE = "The report page cannot be reached right now. Please try again in a minute. In danger, call 112."
CANNOT_POST = "Your account cannot post at the moment."
NOT_PUBLISHED = "This picture cannot be published on Plaza."
LANGUAGES = ("en", "fr")  # of the report pages
pages = Blueprint("pages", __name__)


def create_app(config: Mapping[str, str] = os.environ) -> Flask:
    """Plaza as a WSGI application; README.md lists what `config` holds."""
    app, store = Flask(__name__), Store(Path(config["PLAZA_DATA"]))
    staydown = Staydown(config["STAYDOWN_API"], config["STAYDOWN_KEY"])
    safety = Safety(store, staydown, config["STAYDOWN_WEBHOOK_SECRET"], config["PLAZA_URL"])
    app.extensions["safety"] = safety
    app.secret_key = store.session_key
    app.config |= {"SESSION_COOKIE_NAME": "plaza", "SESSION_COOKIE_SAMESITE": "Lax", "MAX_CONTENT_LENGTH": 32 * 2**20}
    app.config["SESSION_COOKIE_SECURE"] = config["PLAZA_URL"].startswith("https:")
    api = urlsplit(config["STAYDOWN_API"])
    app.config["PORTAL"] = config.get("STAYDOWN_PORTAL") or f"{api.scheme}://{api.hostname}:*"
    app.register_blueprint(pages)
    safety.catch_up_soon()
    return app


def plaza() -> Safety:
    safety: Safety = current_app.extensions["safety"]
    return safety


def me() -> str:
    name = session.get("name") or abort(403, "Please sign in first.")
    return str(name)


def visible(post_id: str) -> Post:
    """The post if everybody may see it; otherwise 404, for its author too, and the same for its picture's address."""
    found = plaza().store.posts(f"id = ? AND {VISIBLE}", post_id)
    return found[0] if found else abort(404)


@pages.before_app_request
def only_from_our_own_pages() -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)


@pages.after_app_request
def strict(answer: Response) -> Response:
    forms = f"form-action 'self' {current_app.config['PORTAL']}"  # the Report form is sent on to the report pages
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; img-src 'self'; style-src 'self'; {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"  # what is hidden is hidden in caches too
    return answer


@pages.app_errorhandler(HTTPException)
def problem(error: HTTPException) -> tuple[str, int]:
    missing = "This page does not exist, or no longer." if error.code == 404 else error.description
    return render_template("message.html", sentence=missing), error.code or 500


@pages.get("/")
def feed() -> str:
    plaza().catch_up_soon()
    return render_template("feed.html", posts=plaza().store.posts(VISIBLE))


@pages.get("/people/<name>")
def profile(name: str) -> str:
    store, own = plaza().store, session.get("name") == name
    posts = store.posts(
        "account = ? AND state NOT IN ('deleting', 'gone')" if own else f"account = ? AND {VISIBLE}", name
    )
    standing = store.standing(name)
    if standing == "unknown" or (standing == "ended" and not own):
        abort(404)
    return render_template("profile.html", name=name, own=own, posts=posts, standing=standing)


@pages.get("/posts/<post_id>")
def post_page(post_id: str) -> str:
    post = visible(post_id)
    plaza().store.change("UPDATE posts SET views = views + 1 WHERE id = ?", post["id"])
    return render_template("post.html", post=post)


@pages.get("/pictures/<post_id>")
def picture(post_id: str) -> Response:
    post = visible(post_id)
    return Response((plaza().store.pictures / post["id"]).read_bytes(), content_type=post["media_type"])


@pages.post("/posts")
def publish() -> Answer | tuple[str, int]:
    store, name, sent = plaza().store, me(), request.files["picture"].read()
    if store.standing(name) != "good":
        abort(403, CANNOT_POST)
    media_type = next((known for start, known in TYPES.items() if sent.startswith(start)), "application/octet-stream")
    post_id = store.new_post(name, request.form["caption"].strip()[:500], sent, media_type)
    try:
        plaza().settle(post_id)
    except Unavailable:
        current_app.logger.warning("post %s waits for Staydown", post_id)
    (post,) = store.posts("id = ?", post_id)
    if post["state"] == "refused":
        return render_template("message.html", sentence=post["note"] or NOT_PUBLISHED), 422
    live = url_for("pages.post_page", post_id=post_id) if post["state"] == "up" else None
    return redirect(live or url_for("pages.profile", name=name), 303)


@pages.post("/posts/<post_id>/report")
def report(post_id: str) -> Answer:
    wanted = (code[:2].lower() for code in request.accept_languages.values())
    language = next((code for code in wanted if code in LANGUAGES), LANGUAGES[0])
    try:
        return redirect(plaza().staydown.report_link(visible(post_id)["id"], language), 303)
    except (Unavailable, Refused):
        abort(503, UNREACHABLE)


@pages.post("/posts/<post_id>/delete")
def delete(post_id: str) -> Answer:
    for post in plaza().store.posts("id = ? AND account = ? AND state <> 'gone'", post_id, me()):
        plaza().store.move(post, "deleting")
    plaza().catch_up_soon()
    return redirect(url_for("pages.profile", name=me()), 303)


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer | str:
    if request.method == "GET":
        return render_template("sign_in.html")
    name = request.form["name"].strip().lower()
    if not NAME.fullmatch(name):
        abort(400, "A name has 2 to 20 letters, digits or underscores.")
    plaza().store.change("INSERT OR IGNORE INTO accounts (name) VALUES (?)", name)
    session["name"] = name
    return redirect(url_for("pages.feed"), 303)


@pages.post("/sign-out")
def sign_out() -> Answer:
    session.clear()
    return redirect(url_for("pages.feed"), 303)


@pages.post("/staydown/webhooks")
def webhooks() -> dict[str, str]:
    body = request.get_data()
    if not plaza().signed(body, dict(request.headers)):
        abort(403, "This webhook is not signed by Staydown.")
    try:
        return {"outcome": plaza().carry_out(body)}
    except Unreadable as error:
        abort(400, str(error.__doc__))


@pages.get("/staydown/evidence/<any(item, check):kind>/<reference>")
def evidence(kind: str, reference: str) -> Response:
    if not plaza().signed(request.path.encode(), dict(request.headers)):
        abort(403, "This request is not signed by Staydown.")
    media, media_type = plaza().evidence(kind, reference) or abort(404)
    return Response(media, content_type=media_type)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Serve Plaza on this machine only.")
    arguments.add_argument("--port", type=int, default=8702)
    make_server("127.0.0.1", arguments.parse_args().port, create_app(), threaded=True).serve_forever()
