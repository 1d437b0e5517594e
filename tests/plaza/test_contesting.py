"""Who does not agree that a post of his was removed says so on Plaza, and reads there what became of it."""

from .conftest import FakeStaydown, Plaza


def removed(plaza: Plaza) -> str:
    plaza.post(plaza.visitor("ada"))
    post_id = str(plaza.newest()["id"])
    plaza.order("order.remove", item_id=post_id)
    return post_id


def test_the_author_of_a_removed_post_contests_that_once_and_reads_the_answer(
    plaza: Plaza, staydown: FakeStaydown
) -> None:
    post_id, ada = removed(plaza), plaza.visitor("ada")
    assert "Ask another person to decide" in ada.get("/people/ada").text
    assert ada.post(f"/posts/{post_id}/contest", data={"words": "that is my cat"}).status_code == 303
    (said,) = staydown.contested.values()
    assert said["words"] == "that is my cat"
    page = ada.get("/people/ada").text
    assert "Another person will decide again." in page and "Ask another person" not in page
    assert ada.post(f"/posts/{post_id}/contest", data={"words": "again"}).status_code == 409
    said |= {"state": "upheld", "answer": "We looked again & it stays so."}
    assert "We looked again &amp; it stays so." in ada.get("/people/ada").text
    plaza.order("order.restore", item_id=post_id)
    assert plaza.visitor().get(f"/posts/{post_id}").status_code == 200


def test_nobody_contests_for_somebody_else_and_a_silent_staydown_loses_nothing(
    plaza: Plaza, staydown: FakeStaydown
) -> None:
    post_id = removed(plaza)
    for name in ("bob", ""):
        assert plaza.visitor(name).post(f"/posts/{post_id}/contest", data={}).status_code == 404
    staydown.down = True
    assert plaza.visitor("ada").post(f"/posts/{post_id}/contest", data={}).status_code == 503
    staydown.down = False
    assert plaza.visitor("ada").post(f"/posts/{post_id}/contest", data={}).status_code == 303
    staydown.down = True
    assert "Another person will decide again." in plaza.visitor("ada").get("/people/ada").text
