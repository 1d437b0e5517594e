"""The index over several machines: shards of it, each by several processes, asked as if they were one.

Not part of `matching`, which is pure: this reaches other machines (Ray) and opens sealed segments (`vault`). Only
`actors`, `asking` and `cluster` import Ray, so a deployment without the extra `[cluster]` does without it.
"""

from staydown.cluster.spread import BadSpread, Spread

__all__ = ["BadSpread", "Spread"]
