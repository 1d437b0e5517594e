"""Links and account names in whatever somebody pasted: a list, an e-mail, a whole conversation. Nothing is fetched."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST = 200  # links and names in one report
LONGEST = 2000  # characters of a link

_BETWEEN = re.compile(r"[\s<>\"|`«»“”„]+")
_AROUND = ".,;:!?…'’‘*_"
_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}(:\d{1,5})?", re.IGNORECASE)
_NAME = re.compile(r"@[\w.-]{2,60}(@[\w.-]{3,120})?")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text names: `links` as addresses with their scheme, `names` of accounts without the first @; each once."""

    links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.links) + len(self.names)


def search(text: str) -> Pasted:
    """What `text` names, in its order. Words that are neither are left alone."""
    words = [_bare(word) for word in _BETWEEN.split(text) if len(word) <= LONGEST]
    links = (link for word in words if (link := _link(word)))
    names = (word[1:] for word in words if _NAME.fullmatch(word))
    return Pasted(tuple(dict.fromkeys(links)), tuple(dict.fromkeys(names)))


def _bare(word: str) -> str:
    """A word without the punctuation of the sentence around it. Brackets that belong to an address stay."""
    before = ""
    while before != word:
        before, word = word, word.strip(_AROUND)
        for opening, closing in ("()", "[]", "{}"):
            word = word.removeprefix(opening) if word.count(opening) > word.count(closing) else word
            word = word.removesuffix(closing) if word.count(closing) > word.count(opening) else word
            word = word[1:-1] if word[:1] == opening and word[-1:] == closing else word
    return word


def _link(word: str) -> str:
    """The word as an address; nothing where it is none."""
    lowered = word.lower()
    if lowered.startswith(("http://", "https://")):
        return word if _has_host(word) else ""
    host = word.partition("/")[0]
    written_out = lowered.startswith("www.") or "/" in word
    return f"https://{word}" if written_out and _HOST.fullmatch(host) else ""


def _has_host(link: str) -> bool:
    try:
        return bool(urlsplit(link).hostname)
    except ValueError:
        return False
