"""The words of a receipt: that they are unmistakable, that a slip is found, and that they are read kindly."""

import math
import random
import re
from collections.abc import Iterator

import pytest

from staydown.vault import spoken
from staydown.vault.spoken import DRAWN, LANGUAGES, WORDS, NotAReceipt, Slip

RNG = random.Random(26)
# How roughly each language is heard: what sounds alike is written alike. In their order.
HEARD = {
    "en": "ph>f kn>n wr>r gh> wh>w (?:ck|qu|q|c(?![eiyh]))>k c(?=[eiy])>s x>ks z>s tch>ch dge>j (?:ai|ay|ei|ey)>a "
    "(?:ee|ea|ie|y)>i (?:oa|ow|ou|oo|ew|ue)>u (?:er|or|ar|re)$>r (?:le|el|al|il)$>l e$>",
    "fr": "ph>f h> (?:eau|au)>o (?:[ae]i[nm]|[iy][nm](?![aeiouyn])|un(?![aeiouy]))>1 [ae][nm](?![aeiouymn])>2 "
    "on(?![aeiouyn])>3 (?:ai|ei|et$|er$|ez$|es$)>e ou>w (?:qu|q|k|c(?![eiyh]))>k c(?=[eiy])>s (?:ss|z|x)>s "
    "(?:g(?=[eiy])e?|j)>j eu>e y>i (?<=.)(?:(?<!e)[tdxspz]+|es?)$>",
    "nl": "(?:ij|ei|y)>i (?:ou|au)>u ch>g c(?=[eiy])>s (?:c|qu)>k (?:ph|v)>f z>s (?:dt|th|d$)>t b$>p x>ks ie>i",
    "de": "(?:ei|ai|ey)>1 eu>2 (?:ie|y)>i (?:ph|v)>f (?:ck|c(?!h)|qu)>k (?:tz|z)>s x>ks (?:dt|th|d$)>t b$>p g$>k "
    "h(?=[^aeiou]|$)> sch>5 ae>e",
}


def heard(word: str, language: str) -> str:
    for rule in HEARD[language].split():
        written, sound = rule.rsplit(">", 1)
        word = re.sub(written, sound, word)
    return re.sub(r"(.)\1", r"\1", word)


def one_slip(word: str) -> Iterator[str]:
    """Everything that is one letter left out, changed, added, or two neighbours turned away from a word."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    for at in range(len(word) + 1):
        yield word[:at] + word[at + 1 :]
        yield from (word[:at] + letter + word[at:] for letter in letters)
        yield from (word[:at] + letter + word[at + 1 :] for letter in letters)
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_list_is_taken_for_another_by_eye_or_ear(language: str):
    words = spoken.words(language)
    assert len(words) == len(set(words)) == WORDS
    assert list(words) == sorted(words)
    assert all(re.fullmatch("[a-z]{4,8}", word) for word in words)
    assert len({word[:4] for word in words}) == WORDS, "the first four letters name a word"
    assert len({heard(word, language) for word in words}) == WORDS, "no two are heard alike"
    known = set(words)
    assert not [(word, slip) for word in words for slip in one_slip(word) if slip != word and slip in known]


def test_how_much_there_is_to_guess_is_said_and_the_check_finds_every_slip_of_one_word():
    assert all(WORDS % each for each in range(2, math.isqrt(WORDS) + 1)), "prime"
    print(f"{DRAWN} words of {WORDS}: {DRAWN * math.log2(WORDS):.1f} bits")
    assert DRAWN * math.log2(WORDS) > 60


def drawn(language: str) -> list[str]:
    return spoken.drawn(RNG.getrandbits(256), language).split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_read_however_they_were_typed(language: str):
    words = drawn(language)
    said = " ".join(words)
    numbered = "\n".join(f"{place}. {word.capitalize()}" for place, word in enumerate(words, 1))
    accents = said.replace("e", "é").replace("u", "ü")
    shortest = " ".join(word[:4] for word in words)
    for typed in (said, said.upper(), numbered, accents, shortest, ", ".join(words), "-".join(words), f"  {said}\t\n"):
        assert spoken.read(typed) == said


def test_every_wrong_word_and_every_two_that_changed_places_are_noticed():
    for _ in range(200):
        words = drawn("nl")
        place, other = RNG.sample(range(7), 2)
        wrong, turned = words.copy(), words.copy()
        wrong[place] = RNG.choice([word for word in spoken.words("nl") if word != words[place]])
        turned[place], turned[other] = turned[other], turned[place]
        for typed in (wrong, turned if words[place] != words[other] else wrong):
            with pytest.raises(NotAReceipt):
                spoken.read(" ".join(typed))


def slip(typed: str) -> tuple[Slip, tuple[int, ...]]:
    with pytest.raises(NotAReceipt) as found:
        spoken.read(typed)
    return found.value.slip, found.value.places


def test_what_is_told_of_a_slip_is_where_to_look():
    words = spoken.drawn(2**100 + 26, "en").split()
    assert slip(" ".join(words[:6])) == (Slip.COUNT, ())
    assert slip(" ".join([*words[:2], "qqqq", *words[3:]])) == (Slip.UNKNOWN, (3,))
    assert slip(" ".join([*words[:2], words[3], words[2], *words[4:]])) == (Slip.ORDER, (3, 4))
    words = spoken.drawn(spoken.words("en").index("garden") * WORDS**4, "en").split()
    assert words[4] == "garden"
    heard_wrong = [*words[:4], "garment", *words[5:]]
    assert slip(" ".join(heard_wrong)) == (Slip.WORD, (5,))
    assert slip(" ".join([*words[:4], "zucchini", *words[5:]])) == (Slip.SOME, ())
