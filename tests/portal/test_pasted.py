import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown.portal.pasted import LONGEST, Pasted, search


@pytest.mark.parametrize(
    ("text", "links", "names"),
    [
        ("it is at https://a.example/x, and nowhere else", ["https://a.example/x"], []),
        ("see www.foo.example.", ["https://www.foo.example"], []),
        ("plaza.example/posts/1!", ["https://plaza.example/posts/1"], []),
        ("(https://a.example/x_(1))", ["https://a.example/x_(1)"], []),
        ("« https://a.example/é?b=c#d »", ["https://a.example/é?b=c#d"], []),
        ("<a href='https://a.example/1'>https://a.example/1</a>", ["https://a.example/1"], []),
        ("@bob wrote to @carla@social.example: send more", [], ["bob", "carla@social.example"]),
        (
            "https://a.example/1 https://a.example/1\nhttps://a.example/2",
            ["https://a.example/1", "https://a.example/2"],
            [],
        ),
        ("and/or 5/6 he said... me@home.example", [], []),
        ("https:// http://", [], []),
        ("https://a.example/" + "x" * LONGEST, [], []),
    ],
)
def test_links_and_names_are_found_in_what_people_paste(text: str, links: list[str], names: list[str]):
    assert search(text) == Pasted(tuple(links), tuple(names))


@given(st.text(max_size=500))
def test_whatever_is_pasted_is_read(text: str):
    assert all(link.startswith(("http://", "https://", "HTTP", "Http")) or "://" in link for link in search(text).links)


def test_a_very_long_text_is_read_in_one_go():
    assert len(search("a." * 50_000).links) == 0
    assert len(search("(" * 100_000)) == 0
