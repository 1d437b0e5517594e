"""How this deployment's indexes are spread, as its setting says."""

from dataclasses import dataclass


class BadSpread(ValueError):
    """A cluster is address=HOST:PORT,store=s3://bucket/prefix,shards=4,replicas=2: of Ray's head, and of sealed segments.
    Without shards and replicas there are two of each.
    """


@dataclass(frozen=True, slots=True)
class Spread:
    """Ray's head, the object store for segments, and how many shards an index has, each in how many processes."""

    address: str
    store: str
    shards: int = 2
    replicas: int = 2

    @classmethod
    def read(cls, text: str) -> "Spread | None":
        """Of the setting's text; None where it is empty: each program then has its indexes in its own memory.

        Raises `BadSpread`.
        """
        if not text.strip():
            return None
        given = dict(each.strip().partition("=")[::2] for each in text.split(","))
        numbers = {name: given.pop(name, "2") for name in ("shards", "replicas")}
        if (
            set(given) != {"address", "store"}
            or not all(given.values())
            or not given["address"].rpartition(":")[2].isdigit()
        ):
            raise BadSpread(f"{text}: {BadSpread.__doc__}")
        if not all(number.isdigit() and 0 < int(number) < 1000 for number in numbers.values()):
            raise BadSpread(f"{text}: {BadSpread.__doc__}")
        return cls(given["address"], given["store"], int(numbers["shards"]), int(numbers["replicas"]))
