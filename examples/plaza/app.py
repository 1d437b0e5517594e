"""Plaza, a small social network, as an example of how to plug in Staydown. The safety part is all in safety.py."""

import argparse
import os
import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from safety import Safety
from staydown_client import Refused, Staydown, Unavailable
from store import Post, Store
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response as Answer

TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}
STATEMENTS = """SELECT words, at FROM (SELECT account, words, at FROM statements UNION ALL SELECT account, words, at FROM notices)
    WHERE account = ? AND words IS NOT NULL ORDER BY at DESC LIMIT 50"""
VISIBLE = "id = ? AND visible"  # otherwise 404, for its author too, and the same for its picture's address
CSP = (
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
)
LOOKS = " script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self';"  # where the device looks
plaza: Safety = LocalProxy(lambda: current_app.extensions["safety"])  # type: ignore[assignment]
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
    app.config["PORTAL"] = config["STAYDOWN_PORTAL"]
    app.config["DEVICE"] = config.get("PLAZA_DEVICE", "")
    app.register_blueprint(pages)
    threading.Thread(target=safety.keep_up, daemon=True).start()
    return app


def the_post(where: str, *references: str) -> Post:
    found = plaza.store.posts(where, *references)
    return found[0] if found else abort(404)


def picture_of(post: Post) -> Response:
    return Response(plaza.store.picture(post), content_type=post["media_type"])


@pages.app_context_processor
def the_reader() -> dict[str, bool]:
    device_looks = bool(current_app.config["DEVICE"])
    return {"under_age": plaza.store.is_under_age(session.get("name", "")), "device_looks": device_looks}


@pages.after_app_request
def strict(answer: Response) -> Response:
    policy = CSP + current_app.config["PORTAL"]  # the Report form is sent on there
    answer.headers["Content-Security-Policy"] = f"{policy};{LOOKS}" if current_app.config["DEVICE"] else policy
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "pages.device":
        answer.headers["Cache-Control"] = "no-store"  # what is hidden is hidden in caches too
    return answer


@pages.app_errorhandler(HTTPException)
def problem(error: HTTPException) -> tuple[str, int]:
    return render_template("message.html", sentence=error.description), error.code or 500


@pages.get("/")
def feed() -> str:
    return render_template("feed.html", posts=plaza.store.posts("visible"))


@pages.get("/people/<name>")
def profile(name: str) -> str:
    store, own = plaza.store, session.get("name") == name
    if own:
        with suppress(Unavailable, Refused):  # then he sees what was known last
            plaza.news_of_complaints(name)
    standing, posts = store.standing(name), store.posts("account = ? AND (visible OR ?)", name, own)
    if standing in ("unknown", "ended") and not own:
        abort(404)
    told = store.run(STATEMENTS, name) if own else []
    return render_template("profile.html", name=name, own=own, posts=posts, standing=standing, statements=told)


@pages.get("/posts/<post_id>")
def post_page(post_id: str) -> str:
    post = the_post(VISIBLE, post_id)
    plaza.store.run("UPDATE posts SET views = views + 1 WHERE id = ?", post_id)
    return render_template("post.html", post=post)


@pages.get("/pictures/<post_id>")
def picture(post_id: str) -> Response:
    shown, media_type = plaza.shown_to(session.get("name", ""), the_post(VISIBLE, post_id))
    return Response(shown, content_type=media_type)


@pages.get("/device/<name>")
def device(name: str) -> Response:
    """What lets a person's own device look (browser/README.md); only where Plaza was given it."""
    folder = current_app.config["DEVICE"]
    return send_from_directory(folder, name, max_age=86_400) if folder else abort(404)


@pages.post("/posts")
def publish() -> Answer:
    store, name, sent = plaza.store, session.get("name", ""), request.files["picture"].read()
    if store.standing(name) != "good":
        abort(403, "Your account cannot post at the moment." if name else "Please sign in first.")
    media_type = next((known for start, known in TYPES.items() if sent.startswith(start)), "application/octet-stream")
    post_id = store.new_post(name, request.form["caption"].strip()[:500], sent, media_type)
    with suppress(Unavailable, Refused):  # it waits, seen by nobody; the next round of catching up tries again
        plaza.settle(post_id)
    post = the_post("id = ?", post_id)
    if post["state"] == "refused":
        abort(422, post["note"] or "This picture cannot be published on Plaza.")
    own = url_for("pages.profile", name=name)
    return redirect(url_for("pages.post_page", post_id=post_id) if post["visible"] else own, 303)


def language_of_the_reader() -> str:
    return "fr" if str(request.accept_languages.best).startswith("fr") else "en"


@pages.post("/posts/<post_id>/contest")
def contest(post_id: str) -> Answer:
    name = session.get("name", "")
    post = the_post("id = ? AND account = ?", post_id, name)
    try:
        plaza.contest(post, request.form.get("words", "")[:20_000], language_of_the_reader())
    except Refused as refusal:
        abort(409, str(refusal))
    except Unavailable:
        abort(503, "This could not be passed on right now. Please try again in a minute.")
    return redirect(url_for("pages.profile", name=name), 303)


@pages.post("/posts/<post_id>/report")
def report(post_id: str) -> Answer:
    language = language_of_the_reader()
    try:
        return redirect(plaza.staydown.report_link(the_post(VISIBLE, post_id)["id"], language), 303)
    except (Unavailable, Refused):
        abort(503, "The report page cannot be reached right now. Please try again in a minute. In danger, call 112.")


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer | str:
    name = request.form.get("name", "").strip().lower()
    if not re.fullmatch("[a-z0-9_]{2,20}", name):
        return render_template("sign_in.html")
    plaza.store.run("INSERT OR IGNORE INTO accounts (name) VALUES (?)", name)
    if request.form.get("under_age"):
        plaza.store.run("INSERT OR IGNORE INTO under_age (name) VALUES (?)", name)
    session["name"] = name
    return redirect(url_for("pages.feed"), 303)


@pages.post("/staydown/webhooks")
def webhooks() -> dict[str, str]:
    body = request.get_data()
    if not plaza.signed(body, dict(request.headers)):
        abort(403, "This webhook is not signed by Staydown.")
    return {"outcome": plaza.carry_out(body) or abort(400, "This is not an order agreed with Staydown.")}


@pages.get("/staydown/evidence/<any(item, check, page):kind>/<reference>")
def evidence(kind: str, reference: str) -> Response:
    if not plaza.signed(request.path.encode(), dict(request.headers)):
        abort(403, "This request is not signed by Staydown.")
    if kind == "page":
        return Response(render_template("post.html", post=the_post("id = ?", reference)))
    return picture_of(the_post("id = ?" if kind == "item" else "check_id = ?", reference))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Serve Plaza on this machine only.")
    arguments.add_argument("--port", type=int, default=8702)
    create_app().run("127.0.0.1", arguments.parse_args().port)
