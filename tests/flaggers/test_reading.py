"""Lists as they are sent: what is wrong is named by its line, and nothing is guessed."""

import pytest

from staydown.flaggers import reading
from staydown.flaggers.errors import NotALine, TooMany
from staydown.flaggers.reading import Flag
from staydown.regimes.harms import Harm, Tri


def test_a_table_is_read_with_its_heading_in_any_order():
    text = '\ufeffharm,place,words\nNCII,https://a.example/1,"her words, quoted"\nCSAM,plaza/@bob,\n'
    assert reading.table(text) == (
        Flag("https://a.example/1", Harm.NCII, words="her words, quoted"),
        Flag("plaza/@bob", Harm.CSAM, Tri.UNKNOWN),
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("place\nhttps://a.example/1\n", 0),
        ("place,harm,secret\nhttps://a.example/1,NCII,x\n", 0),
        ("place,harm\nhttps://a.example/1,NCII\nnowhere,NCII\n", 2),
        ("place,harm\nhttps://a.example/1,SPAM\n", 1),
        ("place,harm,minor\nhttps://a.example/1,NCII,perhaps\n", 1),
        ("place,harm\njavascript:alert(1),NCII\n", 1),
    ],
)
def test_what_is_wrong_is_named_by_its_line(text: str, number: int):
    with pytest.raises(NotALine) as refused:
        reading.table(text)
    assert refused.value.number == number


def test_a_list_has_between_one_and_a_thousand_lines():
    line = {"place": "https://a.example/1", "harm": "NCII"}
    assert len(reading.flags([line] * reading.MOST)) == reading.MOST
    for count in (0, reading.MOST + 1):
        with pytest.raises(TooMany):
            reading.flags([line] * count)
