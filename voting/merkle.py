"""The tree of RFC 9162, section 2.1: its root, proofs of inclusion and consistency, their checks.

The hash of a full subtree never changes, so those of 256 leaves, of 256 times 256 and so on are
stored with the log. A tree reads its nodes in tiles, rows of at most 256 neighbours: in a log of a
million leaves a root or a proof takes three of them. Pure functions over bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
TILE_BITS = 8
TILE = 1 << TILE_BITS
Tiles = Callable[[int, int], Sequence[bytes]]
"""`tiles(height, index)`: the hashes of the full subtrees of 256**height leaves, from the one with
number 256 * index on, as many as there are and at most 256. At height 0 they are leaf hashes."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The tree over the first `size` leaves, read through `tiles`; each tile is read once."""

    def __init__(self, size: int, tiles: Tiles) -> None:
        self.size, self._tiles = size, tiles
        self._read: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self) -> bytes:
        """RFC 9162, 2.1.1."""
        return self._hash(0, self.size) if self.size else EMPTY_ROOT

    def inclusion(self, position: int) -> list[bytes]:
        """The proof that this leaf is in the tree, the nearest sibling first. RFC 9162, 2.1.3.1."""
        if not 0 <= position < self.size:
            raise ValueError("There is no leaf at this position.")
        start, end, proof = 0, self.size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if position < middle:
                proof.append(self._hash(middle, end))
                end = middle
            else:
                proof.append(self._hash(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, first: int) -> list[bytes]:
        """The proof that the tree over the first `first` leaves grew into this one. 2.1.4.1."""
        if not 0 < first <= self.size:
            raise ValueError("There is no such earlier tree.")
        start, end, proof = 0, self.size, []
        while end != first:
            middle = start + _split(end - start)
            if first <= middle:
                proof.append(self._hash(middle, end))
                end = middle
            else:
                proof.append(self._hash(start, middle))
                start = middle
        if start:
            proof.append(self._hash(start, end))
        return proof[::-1]

    def _hash(self, start: int, end: int) -> bytes:
        """The hash over these leaves, which are one subtree of the whole."""
        number = end - start
        if number & (number - 1) == 0:
            return self._full(number.bit_length() - 1, start)
        middle = start + _split(number)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _full(self, level: int, start: int) -> bytes:
        """The hash of the full subtree of 2**level leaves that begins with leaf `start`."""
        height, above = divmod(level, TILE_BITS)
        first = start >> (TILE_BITS * height)
        key = (height, first >> TILE_BITS)
        if key not in self._read:
            self._read[key] = self._tiles(*key)
        within = first & (TILE - 1)
        return _fold(self._read[key][within : within + (1 << above)])


def full_nodes(
    size: int, added: Sequence[bytes], tiles: Tiles
) -> Iterator[tuple[int, int, Sequence[bytes]]]:
    """The nodes to store when leaves are added: height, number of the first, hashes in order.

    `size` is that of the tree before, which `tiles` reads; `added` are leaf hashes.
    """
    height, before, row = 0, size, list(added)
    while row:
        standing = list(tiles(height, before >> TILE_BITS))[: before & (TILE - 1)]
        row = standing + row
        height, before = height + 1, before >> TILE_BITS
        row = [_fold(row[at : at + TILE]) for at in range(0, len(row) - TILE + 1, TILE)]
        if row:
            yield height, before, row


def is_included(
    entry: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from this entry at this position to the root. RFC 9162, 2.1.3.2."""
    if not 0 <= position < size:
        return False
    at, last, value = position, size - 1, leaf_hash(entry)
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            value = node_hash(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and value == root


def is_consistent(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the first tree grew into the second. RFC 9162, 2.1.4.2; all grow from the empty."""
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if first == second:
        return not proof and first_root == second_root
    if not first < second or not proof:
        return False
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(number: int) -> int:
    """The largest power of two that is smaller than this number."""
    return 1 << ((number - 1).bit_length() - 1)


def _fold(row: Sequence[bytes]) -> bytes:
    """The hash of the full subtree over this row, whose length is a power of two."""
    while len(row) > 1:
        row = [node_hash(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
    return row[0]
