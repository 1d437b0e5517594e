"""What one address may send, and what more than that costs. In memory only, under a key that dies with the hour.

Many people share an address: a school, a telephone network, a service that hides addresses. So a report over the limit
is not refused: the device works for some seconds (ALTCHA, a proof of work that asks no other site anything) or, where no
script runs, the person presses again some minutes later. After the hour everybody starts anew.
"""

import base64
import hmac
import json
import secrets
import threading
import time
from collections import Counter

from altcha.v1 import ChallengeOptions, Payload, create_challenge, verify_solution

WORK = 60_000  # numbers that a device tries at most: some seconds on a telephone
STEP = 60  # seconds from one turn of an address to the next, where no script runs
_TEXTS = ("algorithm", "challenge", "salt", "signature")


class Hourly:
    """How many reports each address sent this hour, and what was asked of those who sent more (decision 20)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start(time.monotonic())

    def _start(self, now: float) -> None:
        self._until = now + 3600
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()
        self._turns: Counter[bytes] = Counter()
        self._used: set[str] = set()

    def count(self, address: str, now: float) -> int:
        """Count one more from `address` and answer how many there were this hour."""
        with self._lock:
            if now >= self._until:
                self._start(now)
            name = self._name(address)
            self._counts[name] += 1
            return self._counts[name]

    def challenge(self) -> str:
        """A proof of work to ask for, as JSON (ALTCHA 1: the number whose SHA-256 after a salt is the challenge)."""
        return json.dumps(create_challenge(ChallengeOptions(max_number=WORK, hmac_key=self._key.hex())).to_dict())

    def is_solved(self, proof: str) -> bool:
        """Whether a proof of work is one of this hour's, right, and used for the first time."""
        said = _read(proof)
        if said is None or not verify_solution(said, self._key.hex())[0]:
            return False
        return self._first(said.challenge)

    def turn(self, address: str, now: float) -> str:
        """The next turn of an address: when it is, signed."""
        with self._lock:
            name = self._name(address)
            self._turns[name] += 1
            at = min(now + STEP * self._turns[name], self._until)
            return self._signed(f"{int(at)}.{self._turns[name]}", name)

    def waits(self, turn: str, address: str, now: float) -> float | None:
        """The seconds until a turn comes; None for one that is not this address's of this hour."""
        text, _, _mac = turn.rpartition(".")
        if not text or not hmac.compare_digest(self._signed(text, self._name(address)).encode(), turn.encode()):
            return None
        return max(0.0, float(text.partition(".")[0]) - now)

    def takes(self, turn: str, address: str, now: float) -> bool:
        """Whether a turn has come, and is used for the first time."""
        return self.waits(turn, address, now) == 0 and self._first(turn)

    def _first(self, token: str) -> bool:
        with self._lock:
            fresh = token not in self._used
            self._used.add(token)
            return fresh

    def _name(self, address: str) -> bytes:
        return hmac.digest(self._key, address.encode(), "sha256")[:16]

    def _signed(self, text: str, name: bytes) -> str:
        return f"{text}.{hmac.digest(self._key, name + text.encode(), 'sha256').hex()}"


def _read(proof: str) -> Payload | None:
    """What a device says it solved; None where it is nothing of the kind."""
    try:
        said = json.loads(base64.b64decode(proof, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in _TEXTS):
        return None
    if type(said.get("number")) is not int or said["algorithm"] != "SHA-256":
        return None
    return Payload(*(said[name] for name in ("algorithm", "challenge", "number", "salt", "signature")))
