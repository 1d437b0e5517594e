"""The same script is known again by its digests, whoever it was sent to, and other words are not."""

import hashlib

from staydown.recognition import scripts
from staydown.recognition.scripts import ALWAYS_SEEN, SHINGLE, shingles

SCRIPT = (
    "Listen carefully. I have all your pictures and the list of your friends. Send 300 euros to @quickcash_77 before "
    "20:00 or everybody at your school will see them, and do not try to block me."
)
TO_ANOTHER = SCRIPT.replace("300 euros", "450 euros").replace("@quickcash_77", "@goldpay").replace("20:00", "6pm")


def digests(text: str) -> set[bytes]:
    return {each.digest for each in shingles(text)}


def test_a_script_is_the_same_with_another_amount_another_name_and_other_words_around_it() -> None:
    one = digests(f"He wrote to me yesterday:\n{SCRIPT}\nI am so afraid.")
    other = digests(f"someone i do not know sent this to my son >> {TO_ANOTHER.upper()} << please help us quickly")

    assert len(one & other) >= 3


def test_disguised_letters_do_not_hide_it() -> None:
    assert digests(SCRIPT) & digests(SCRIPT.replace("e", "é").replace("o", "о"))  # the second is a Cyrillic letter


def test_two_people_with_words_of_their_own_share_nothing() -> None:
    one = "I will post your pictures unless you pay me, and your mother will be the first to see them, believe me"
    other = "If you do not send the money tonight I share the video with your class, I am not joking with you at all"

    assert not digests(one) & digests(other)


def test_twelve_words_in_a_row_are_always_seen_and_seven_never() -> None:
    told = [f"w{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    for start in range(len(told) - ALWAYS_SEEN + 1):
        run = " ".join(told[start : start + ALWAYS_SEEN])
        assert digests(f"x y z {run} u v") & digests(f"{run} s t r q p")
        few = " ".join(told[start : start + SHINGLE - 1])
        assert not digests(f"x y z {few} u v") & digests(f"k l {few} s t r q p")


def test_it_says_where_in_the_text_the_words_stand() -> None:
    said = f"He wrote: {SCRIPT}"
    first = shingles(said)[0]

    assert said[first.start : first.end].lower().split()[0] in said.lower()
    assert first.digest == shingles(said[first.start : first.end])[0].digest


def test_few_words_have_no_script_and_a_long_text_has_a_bounded_one() -> None:
    assert shingles("") == () == shingles("pay or I post them")
    assert len(shingles(" ".join(hashlib.sha256(bytes([i % 256, i // 256])).hexdigest().translate(
        str.maketrans("0123456789", "ghijklmnop")) for i in range(3000)))) <= scripts.MOST  # fmt: skip
