"""What shards answer, and what their answers are together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from staydown.matching import Matches


@dataclass(frozen=True, slots=True)
class Behind:
    """A replica that has not followed as far as was asked, and whether it has looked for a segment since it began."""

    generation: int
    looked: bool


def together(answers: Mapping[int, Matches], shards: int, generation: int) -> Matches:
    """What a whole index found: complete when every one of its shards answered completely for that generation.

    What is in an incomplete answer was found; what is not in it is unknown, and must not be allowed.
    """
    known = [each for each in answers.values() if each.generation >= generation]
    complete = len(known) == shards and all(each.complete for each in known)
    reached = min((each.generation for each in known), default=generation)
    return merged(known, reached, complete)


def merged(found: list[Matches], generation: int, complete: bool) -> Matches:
    """All matches, by query, distance, id. An id is in one shard only, so none is there twice."""
    if not found:
        none = Matches.none(generation)
        return Matches(none.query, none.id, none.distance, generation, complete)
    query, ids, near = (np.concatenate([getattr(each, name) for each in found]) for name in ("query", "id", "distance"))
    order = np.lexsort((ids, near, query))
    return Matches(query[order], ids[order], near[order], generation, complete)
