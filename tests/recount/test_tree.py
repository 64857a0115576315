"""The tree of the log, against the definition in RFC 9162 and against pymerkle."""

import pymerkle
from hypothesis import given, settings
from hypothesis import strategies as st

import recount
from tests.recount.logs import proof_of, root_of


def test_the_tests_own_tree_is_that_of_the_standard() -> None:
    """Roots of the first leaves in the tests of certificate transparency."""
    assert root_of([]).hex().startswith("e3b0c442")
    assert root_of([""]).hex().startswith("6e340b9cffb37a98")
    assert root_of(["", "00"]).hex().startswith("fac54203e7cc696c")


@settings(max_examples=40, deadline=None)
@given(size=st.integers(0, 70), data=st.data())
def test_roots_and_proofs_are_those_of_two_other_programs(size: int, data: st.DataObject) -> None:
    leaves = [recount.leaf_hash(bytes([at])) for at in range(size)]
    tree, library = recount.Tree(), pymerkle.InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        tree.append(leaf)
        library.append_entry(leaf)

    texts = [leaf.hex() for leaf in leaves]
    assert tree.root() == root_of(texts).hex()
    if size:
        assert tree.root() == library.get_root().hex()
        position = data.draw(st.integers(0, size - 1))
        proof = [bytes.fromhex(one) for one in proof_of(position, texts)]
        leaf = recount.leaf_hash(leaves[position])
        assert recount.climb(leaf, position, size, proof).hex() == tree.root()
        other = data.draw(st.integers(0, size - 1))
        if other != position:
            assert recount.climb(leaf, other, size, proof).hex() != tree.root()
