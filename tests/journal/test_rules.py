"""The tree's arithmetic: against the RFC's own definition, and against published test vectors."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staydown.journal import errors, proofs, rules

settings.register_profile("however busy the machine", deadline=None)
settings.load_profile("however busy the machine")

# The inputs and roots of Certificate Transparency's reference tests (github.com/google/certificate-transparency,
# merkletree tests; the same tree as RFC 9162).
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [rules.leaf_hash(n.to_bytes(4)) for n in range(count)]


def root_by_definition(hashes: list[bytes]) -> bytes:
    """`MTH` as RFC 9162, section 2.1.1, writes it."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return rules.node_hash(root_by_definition(hashes[:k]), root_by_definition(hashes[k:]))


def test_the_roots_are_those_of_the_published_vectors() -> None:
    tree = rules.Frontier(0, [])
    for data, root in zip(INPUTS, ROOTS, strict=True):
        tree.append(rules.leaf_hash(data))
        assert tree.root().hex() == root


@given(st.integers(0, 300))
def test_the_growing_tree_is_the_rfcs_tree(count: int) -> None:
    assert proofs.tree_root(leaves(count)) == root_by_definition(leaves(count))


@given(st.integers(0, 100))
def test_a_stored_tree_grows_on(count: int) -> None:
    tree = rules.Frontier(0, [])
    for leaf in leaves(count):
        tree = rules.Frontier.from_bytes(tree.size, tree.to_bytes())
        tree.append(leaf)
    assert tree.root() == root_by_definition(leaves(count))
    assert len(tree.peaks) == count.bit_count()


@given(st.data(), st.integers(1, 130))
def test_an_inclusion_proof_shows_its_leaf_and_no_other(data: st.DataObject, count: int) -> None:
    index = data.draw(st.integers(0, count - 1))
    hashes = leaves(count)
    root, proof = proofs.tree_root(hashes), proofs.inclusion_proof(hashes, index)
    assert proofs.includes(root, count, index, hashes[index], proof)
    assert not proofs.includes(root, count, index, rules.leaf_hash(b"forged"), proof)
    assert not proofs.includes(root, count, index, hashes[index], [*proof, bytes(32)])
    assert not proofs.includes(bytes(32), count, index, hashes[index], proof)
    for other in range(count):
        assert proofs.includes(root, count, other, hashes[index], proof) == (other == index)


@given(st.data(), st.integers(1, 130))
def test_a_consistency_proof_shows_that_nothing_was_changed(data: st.DataObject, count: int) -> None:
    earlier = data.draw(st.integers(1, count))
    hashes = leaves(count)
    before, after = (earlier, proofs.tree_root(hashes[:earlier])), (count, proofs.tree_root(hashes))
    proof = proofs.consistency_proof(hashes, earlier)
    assert proofs.is_consistent(before, after, proof)
    assert not proofs.is_consistent((earlier, bytes(32)), after, proof)
    assert not proofs.is_consistent(before, (count, bytes(32)), proof)
    assert not proofs.is_consistent(before, after, [*proof, bytes(32)])
    assert not proof or not proofs.is_consistent(before, after, proof[:-1])


@given(st.data(), st.integers(2, 60))
def test_a_changed_history_has_no_consistency_proof(data: st.DataObject, count: int) -> None:
    earlier, changed = data.draw(st.integers(1, count - 1)), data.draw(st.integers(0, count - 1))
    hashes = leaves(count)
    before = (earlier, proofs.tree_root(hashes[:earlier]))
    hashes[changed] = rules.leaf_hash(b"forged")
    proof = proofs.consistency_proof(hashes, earlier)
    assert proofs.is_consistent(before, (count, proofs.tree_root(hashes)), proof) == (changed >= earlier)


@pytest.mark.parametrize(("count", "index"), [(0, 0), (3, 3), (3, -1)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(count: int, index: int) -> None:
    with pytest.raises(IndexError):
        proofs.inclusion_proof(leaves(count), index)
    with pytest.raises(IndexError):
        proofs.consistency_proof(leaves(count), count + 1)


def test_a_moment_reads_alike_wherever_it_was_kept() -> None:
    paris = datetime(2026, 11, 21, 3, 0, tzinfo=timezone(timedelta(hours=1)))
    assert rules.moment(paris) == "2026-11-21T02:00:00.000000+00:00"
    assert rules.moment(datetime(2026, 11, 21, 2, 0, 0, 7, tzinfo=UTC)) == "2026-11-21T02:00:00.000007+00:00"
    with pytest.raises(errors.NotAFact):
        rules.moment(datetime(2026, 11, 21, 2, 0))


class Ground(StrEnum):
    CSAM = "CSAM"


def test_facts_are_what_every_database_gives_back_alike() -> None:
    said = rules.checked({"n": 2**70, "word": "é", "none": None, "list": (1, {"a": True}), "ground": Ground.CSAM})
    assert rules.canonical(said) == (
        '{"ground":"CSAM","list":[1,{"a":true}],"n":1180591620717411303424,"none":null,"word":"é"}'.encode()
    )


@pytest.mark.parametrize("fact", [1.5, float("nan"), "\0", b"", {1: 2}, {"a": 0.1}, [object()], datetime.now(UTC)])
def test_other_facts_are_refused(fact: object) -> None:
    with pytest.raises(errors.NotAFact):
        rules.checked({"fact": fact})


def test_a_commitment_without_its_salt_tells_nothing() -> None:
    act = b"the same act"
    assert rules.commitment(bytes(32), act) != rules.commitment(b"1" * 32, act)


@given(st.integers(1, 70), st.data())
def test_proofs_of_several_leaves_are_those_of_each(count: int, data: st.DataObject) -> None:
    hashes = leaves(count)
    indices = data.draw(st.lists(st.integers(0, count - 1), unique=True))
    assert proofs.inclusion_proofs(hashes, indices) == {i: proofs.inclusion_proof(hashes, i) for i in indices}
    with pytest.raises(IndexError):
        proofs.inclusion_proofs(hashes, [count])
