"""Proofs about the journal's tree that a stranger can check (RFC 9162, sections 2.1.3 and 2.1.4). Pure.

An inclusion proof shows that one leaf is in the tree of a signed head; a consistency proof shows that a later head's
tree begins with an earlier one's: nothing was changed or taken away between them.
"""

from collections.abc import Sequence

from staydown.journal.rules import Frontier, node_hash


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    tree = Frontier(0, [])
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """`PATH(index, leaves)`. Raises `IndexError`."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), tree_root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), tree_root(leaves[:split])]


def inclusion_proofs(leaves: Sequence[bytes], indices: Sequence[int]) -> dict[int, list[bytes]]:
    """`inclusion_proof` of several leaves, with each node hashed once. Raises `IndexError`."""
    if any(not 0 <= index < len(leaves) for index in indices):
        raise IndexError(indices)
    paths: dict[int, list[bytes]] = {index: [] for index in indices}
    row, level = list(leaves), 0
    while len(row) > 1:
        for index, path in paths.items():
            beside = (index >> level) ^ 1
            if beside < len(row):  # the last node of an odd row goes up as it is
                path.append(row[beside])
        pairs = [node_hash(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)]
        row, level = pairs + ([row[-1]] if len(row) & 1 else []), level + 1
    return paths


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """`PROOF(earlier, leaves)`, for 0 < earlier <= len(leaves). Raises `IndexError`."""
    if not 0 < earlier <= len(leaves):
        raise IndexError(earlier)
    return _subproof(leaves, earlier, whole=True)


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that `leaf` is at `index` in the tree of `size` leaves with `root` (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, hashed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            hashed = node_hash(sibling, hashed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and hashed == root


def is_consistent(earlier: tuple[int, bytes], later: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree `later` (size, root) begins with the tree `earlier` (2.1.4.2)."""
    (size_before, root_before), (size_after, root_after) = earlier, later
    if size_before == size_after:
        return not proof and root_before == root_after
    if not 0 < size_before < size_after:
        return False
    steps = [root_before, *proof] if size_before & (size_before - 1) == 0 else list(proof)
    if not steps:
        return False
    return _walk(size_before - 1, size_after - 1, steps) == (root_before, root_after)


def _walk(before: int, after: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that the steps lead to; None where there are too many or too few."""
    while before & 1:
        before, after = before >> 1, after >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if after == 0:
            return None
        if before & 1 or before == after:
            old, new = node_hash(step, old), node_hash(step, new)
            while not before & 1 and before:
                before, after = before >> 1, after >> 1
        else:
            new = node_hash(new, step)
        before, after = before >> 1, after >> 1
    return (old, new) if after == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _subproof(leaves: Sequence[bytes], earlier: int, *, whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if whole else [tree_root(leaves)]
    split = _split(len(leaves))
    if earlier <= split:
        return [*_subproof(leaves[:split], earlier, whole=whole), tree_root(leaves[split:])]
    return [*_subproof(leaves[split:], earlier - split, whole=False), tree_root(leaves[:split])]
