"""Nobody sees an upload before Staydown has said that it may be seen."""

import sqlite3
import time
from pathlib import Path

import pytest

from .conftest import FakeStaydown, Plaza, photograph


def test_an_allowed_picture_is_registered_and_seen_by_everybody(plaza: Plaza, staydown: FakeStaydown) -> None:
    assert plaza.post(plaza.visitor("ada")).status_code == 303
    post = plaza.newest()
    assert post["state"] == "up"
    assert staydown.items[post["id"]]["url"] == f"http://127.0.0.1:8702/posts/{post['id']}"
    assert staydown.items[post["id"]]["account_id"] == "ada"
    stranger = plaza.visitor()
    assert f"/pictures/{post['id']}" in stranger.get("/").text
    picture = stranger.get(f"/pictures/{post['id']}")
    assert (picture.data, picture.content_type) == (photograph(), "image/jpeg")
    assert picture.headers["Cache-Control"] == "no-store"


def test_a_labelled_picture_goes_up_blurred(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.verdict = "label"
    plaza.post(plaza.visitor("ada"))
    assert (plaza.newest()["state"], plaza.newest()["label"]) == ("up", "sensitive")
    assert f'id="reveal-{plaza.newest()["id"]}"' in plaza.visitor().get("/").text


def test_who_is_under_age_stays_so_whoever_signs_in_again_by_that_name(plaza: Plaza) -> None:
    plaza.app.test_client().post("/sign-in", data={"name": "tim", "under_age": "yes"})
    plaza.visitor("tim")
    assert [row["name"] for row in plaza.rows("SELECT name FROM under_age")] == ["tim"]


def test_a_held_upload_waits_for_a_person_and_only_its_author_knows(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.verdict = "hold"
    ada = plaza.visitor("ada")
    assert plaza.post(ada).headers["Location"].startswith("/people/ada")
    post = plaza.newest()
    assert post["state"] == "checking"
    assert "Being checked" in ada.get("/people/ada").text
    assert post["id"] not in plaza.visitor("bob").get("/people/ada").text
    for client in (ada, plaza.visitor()):
        assert client.get(f"/posts/{post['id']}").status_code == 404
        assert client.get(f"/pictures/{post['id']}").status_code == 404
        assert post["id"] not in client.get("/").text
    assert staydown.items == {}


def test_a_person_allows_a_held_upload_and_it_goes_up(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.verdict = "hold"
    plaza.post(plaza.visitor("ada"))
    check_id = plaza.newest()["check_id"]
    assert plaza.order("check.resolved", check_id=check_id, resolution="allow").json == {"outcome": "applied"}
    plaza.eventually("SELECT 1 FROM posts WHERE state = 'up'")
    assert staydown.items[plaza.newest()["id"]]["check_id"] == check_id
    assert plaza.order("check.resolved", check_id=check_id, resolution="block").json == {"outcome": "superseded"}


def test_a_person_blocks_a_held_upload_and_it_is_dropped(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.verdict = "hold"
    ada = plaza.visitor("ada")
    plaza.post(ada)
    check_id = plaza.newest()["check_id"]
    assert plaza.order("check.resolved", check_id=check_id, resolution="block").json == {"outcome": "applied"}
    assert plaza.newest()["state"] == "refused"
    assert "Not published" in ada.get("/people/ada").text
    assert plaza.order("check.resolved", check_id="unknown", resolution="allow").json == {"outcome": "gone"}


def test_a_blocked_upload_is_refused_in_one_neutral_sentence(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.verdict = "block"
    answer = plaza.post(plaza.visitor("ada"))
    assert answer.status_code == 422
    assert "This picture cannot be published on Plaza." in answer.text
    assert plaza.visitor().get(f"/pictures/{plaza.newest()['id']}").status_code == 404


def test_an_empty_file_is_refused_with_the_sentence_of_the_api(plaza: Plaza) -> None:
    answer = plaza.post(plaza.visitor("ada"), b"")
    assert answer.status_code == 422
    assert "the file is missing or empty" in answer.text


@pytest.mark.parametrize("media", [b"not a picture", photograph()[:300]])
def test_a_damaged_picture_waits_for_a_person_like_every_held_upload(plaza: Plaza, media: bytes) -> None:
    ada = plaza.visitor("ada")
    assert plaza.post(ada, media).status_code == 303
    assert plaza.newest()["state"] == "checking"
    assert plaza.visitor().get(f"/pictures/{plaza.newest()['id']}").status_code == 404
    plaza.order("check.resolved", check_id=plaza.newest()["check_id"], resolution="block")
    assert "Not published" in ada.get("/people/ada").text


def test_without_staydown_the_post_waits_and_goes_up_later(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.down = True
    ada = plaza.visitor("ada")
    assert plaza.post(ada).status_code == 303
    post_id = plaza.newest()["id"]
    assert plaza.newest()["state"] == "waiting"
    assert "Being checked" in ada.get("/people/ada").text
    assert plaza.visitor().get(f"/pictures/{post_id}").status_code == 404
    staydown.down = False  # nobody has to visit for it to go up
    plaza.eventually("SELECT 1 FROM posts WHERE state = 'up'")
    assert plaza.visitor().get(f"/pictures/{post_id}").status_code == 200
    assert len(staydown.checks) == 1


@pytest.mark.parametrize(
    ("key", "url"), [("STAYDOWN_KEY", "sd_live_wrong"), ("STAYDOWN_API", "http://127.0.0.1:9/api/v1")]
)
def test_a_wrong_key_or_address_publishes_nothing(config: dict[str, str], tmp_path: Path, key: str, url: str) -> None:
    from app import create_app

    wrong = Plaza(create_app(config | {key: url}), tmp_path / "plaza.sqlite3")
    wrong.post(wrong.visitor("ada"))
    wrong.app.extensions["safety"].catch_up()
    assert wrong.newest()["state"] == "waiting"


def test_an_item_banked_since_its_check_never_goes_up(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.state = "held"
    plaza.post(plaza.visitor("ada"))
    post = plaza.newest()
    assert (post["state"], post["sequence"]) == ("held", 0)
    assert plaza.visitor().get(f"/posts/{post['id']}").status_code == 404
    assert plaza.order("order.hold", item_id=post["id"]).json == {"outcome": "applied"}, "its order still counts"
    assert plaza.order("order.release", item_id=post["id"]).json == {"outcome": "applied"}
    assert plaza.visitor().get(f"/posts/{post['id']}").status_code == 200


def test_a_hold_that_overtakes_the_registrations_answer_stays(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.before_registering = lambda item: plaza.order("order.hold", item_id=item)
    plaza.post(plaza.visitor("ada"))
    assert plaza.newest()["state"] == "held"


def test_views_are_told_now_and_then_not_each(plaza: Plaza, staydown: FakeStaydown) -> None:
    plaza.post(plaza.visitor("ada"))
    post_id = plaza.newest()["id"]
    for _ in range(19):
        plaza.visitor().get(f"/posts/{post_id}")
    plaza.eventually("SELECT 1 FROM posts WHERE views_told >= 10")
    plaza.app.extensions["safety"].catch_up()
    assert len(staydown.views) == 1
    assert staydown.views[0][0] == post_id
    assert staydown.views[0][1] >= 10


def test_catching_up_goes_on_after_a_round_that_failed(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.down = True
    plaza.post(plaza.visitor("ada"))
    with sqlite3.connect(plaza.file) as db:
        db.execute("ALTER TABLE accounts RENAME TO away")
        db.commit()
        time.sleep(2.5)
        db.execute("ALTER TABLE away RENAME TO accounts")
    db.close()
    staydown.down = False
    plaza.eventually("SELECT 1 FROM posts WHERE state = 'up'")


def test_a_check_that_staydown_has_forgotten_is_asked_for_again(plaza: Plaza, staydown: FakeStaydown) -> None:
    staydown.verdict = "hold"
    plaza.post(plaza.visitor("ada"))
    staydown.verdict, staydown.checks[0] = "allow", staydown.checks[0] + "-forgotten"
    plaza.order("check.resolved", check_id=plaza.newest()["check_id"], resolution="allow")
    plaza.eventually("SELECT 1 FROM posts WHERE state = 'up'")
    assert len(staydown.checks) == 2
