"""The log's tree: hashes of RFC 9162 at every size, and proofs that nothing else passes."""

import hashlib
from collections.abc import Sequence

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting import merkle
from voting.merkle import Tree, full_nodes, is_consistent, is_included, leaf_hash

# The entries and roots that tests of Certificate Transparency share (RFC 6962 hashes alike).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


class Stored:
    """A log in memory that keeps what the database keeps: entries, and nodes of full subtrees."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.read = 0

    def add(self, entries: Sequence[bytes]) -> None:
        size, added = len(self.entries), [leaf_hash(entry) for entry in entries]
        for height, first, row in full_nodes(size, added, self.tiles):
            self.nodes |= {(height, first + at): value for at, value in enumerate(row)}
        self.entries += entries

    def tiles(self, height: int, index: int) -> list[bytes]:
        self.read += 1
        numbers = range(index * merkle.TILE, (index + 1) * merkle.TILE)
        if height == 0:
            return [leaf_hash(entry) for entry in self.entries[numbers.start : numbers.stop]]
        return [self.nodes[height, at] for at in numbers if (height, at) in self.nodes]

    def tree(self, size: int | None = None) -> Tree:
        return Tree(len(self.entries) if size is None else size, self.tiles)


def log_of(number: int, batch: int = 1_000) -> Stored:
    """Entries 0, 1, 2 …, added in batches of this size."""
    stored = Stored()
    for start in range(0, number, batch):
        stored.add([entry(at) for at in range(start, min(start + batch, number))])
    return stored


def entry(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


@pytest.fixture(scope="module")
def oracle() -> pymerkle.InmemoryTree:
    """Another program's tree over 1,300 entries."""
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(1_300):
        tree.append_entry(entry(number))
    return tree


@pytest.fixture(scope="module")
def log() -> Stored:
    return log_of(1_300, batch=37)


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_known_examples(size: int) -> None:
    stored = Stored()
    stored.add(ENTRIES[:size])

    assert stored.tree().root().hex() == ROOTS[size]


def test_proofs_are_those_of_the_known_examples() -> None:
    stored = Stored()
    stored.add(ENTRIES)

    assert [value.hex()[:8] for value in stored.tree(8).inclusion(5)] == [
        "bc1a0643", "ca854ea1", "d37ee418",
    ]  # fmt: skip
    assert [value.hex()[:8] for value in stored.tree(8).consistency(6)] == [
        "0ebc5d34", "ca854ea1", "d37ee418",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(data=st.data(), size=st.integers(1, 1_300))
def test_another_program_has_the_same_root_and_proofs(
    oracle: pymerkle.InmemoryTree, log: Stored, data: st.DataObject, size: int
) -> None:
    position = data.draw(st.integers(0, size - 1), label="position")
    first = data.draw(st.integers(1, size), label="first")
    tree = log.tree(size)

    assert tree.root() == oracle.get_root(size)
    # Its paths begin with the leaf itself; its proofs of consistency are of another form.
    assert tree.inclusion(position) == oracle.prove_inclusion(position + 1, size).path[1:]
    proof = tree.consistency(first)
    assert is_consistent(first, size, oracle.get_root(first), tree.root(), proof)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), size=st.integers(1, 1_300))
def test_a_leaf_is_proven_at_its_place_in_its_tree_and_nothing_else_is(
    log: Stored, data: st.DataObject, size: int
) -> None:
    position = data.draw(st.integers(0, size - 1), label="position")
    tree = log.tree(size)
    root, proof, mine = tree.root(), tree.inclusion(position), log.entries[position]

    assert is_included(mine, position, size, proof, root)
    assert not is_included(entry(9_999), position, size, proof, root)
    assert not is_included(mine, position, size, proof, entry(9_999))
    assert not is_included(mine, position, size, [*proof, root], root)
    assert not is_included(mine, -1, size, proof, root)
    assert not is_included(mine, size, size, proof, root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1), label="changed")
        assert not is_included(mine, position, size, proof[:-1], root)
        assert not is_included(mine, position, size, flipped(proof, at), root)
        assert not is_included(mine, position ^ 1, size, proof, root)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), size=st.integers(2, 1_300))
def test_a_log_that_was_rewritten_is_not_consistent(
    log: Stored, data: st.DataObject, size: int
) -> None:
    first = data.draw(st.integers(1, size - 1), label="first")
    old, new = log.tree(first).root(), log.tree(size).root()
    proof = log.tree(size).consistency(first)

    assert is_consistent(first, size, old, new, proof)
    assert not is_consistent(first, size, entry(9_999), new, proof)
    assert not is_consistent(first, size, old, entry(9_999), proof)
    assert not is_consistent(first, size, old, new, proof[:-1])
    assert not is_consistent(first, size, old, new, [*proof, new])
    at = data.draw(st.integers(0, len(proof) - 1), label="changed")
    assert not is_consistent(first, size, old, new, flipped(proof, at))


def test_every_log_grows_from_the_empty_one_and_stays_what_it_is(log: Stored) -> None:
    root = log.tree().root()

    assert is_consistent(0, 1_300, merkle.EMPTY_ROOT, root, [])
    assert not is_consistent(0, 1_300, root, root, [])
    assert is_consistent(1_300, 1_300, root, root, [])
    assert not is_consistent(1_300, 1_300, root, entry(0), [])
    assert not is_consistent(1_300, 1_299, root, root, [root])


@settings(max_examples=25, deadline=None)
@given(batches=st.lists(st.integers(0, 400), max_size=6))
def test_the_batches_in_which_a_log_grew_do_not_matter(log: Stored, batches: list[int]) -> None:
    stored = Stored()
    for number in batches:
        stored.add(log.entries[len(stored.entries) : len(stored.entries) + number])

    size = len(stored.entries)
    assert stored.tree().root() == log_of(size).tree().root()


def test_a_large_log_is_proven_from_a_few_tiles() -> None:
    stored = log_of(70_000, batch=10_000)
    stored.read = 0
    tree = stored.tree()

    proof = tree.inclusion(66_000)

    assert is_included(entry(66_000), 66_000, 70_000, proof, tree.root())
    assert stored.read <= 6
    assert max(height for height, _ in stored.nodes) == 2


@pytest.mark.parametrize("position", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_proof(position: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        log_of(3).tree().inclusion(position)


@pytest.mark.parametrize("first", [0, 4])
def test_a_tree_that_never_was_has_no_proof(first: int) -> None:
    with pytest.raises(ValueError, match="no such earlier tree"):
        log_of(3).tree().consistency(first)


def flipped(proof: list[bytes], at: int) -> list[bytes]:
    """The proof with one bit changed."""
    value = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    return [*proof[:at], value, *proof[at + 1 :]]
