"""Attacker: wants a proof for an entry that was never recorded.

Move: offers the two hashes below an inner node as if they were an entry (second preimage: without prefixes the hash of
that "entry" is the node), or an inner node as a leaf of a smaller tree.
Guarantee: leaves are hashed with 0x00 and nodes with 0x01 before them (RFC 6962), so neither proof verifies.
"""

from hashlib import sha256

import pytest

from muniment.audit import merkle
from muniment.audit.verifier import Frontier, is_included, leaf_hash, node_hash

LEAVES = [leaf_hash(str(number).encode()) for number in range(4)]
ROOT = node_hash(node_hash(LEAVES[0], LEAVES[1]), node_hash(LEAVES[2], LEAVES[3]))


def test_the_honest_proof_verifies() -> None:
    proof = [LEAVES[1], node_hash(LEAVES[2], LEAVES[3])]
    assert is_included(leaf_hash(b"0"), 0, 4, proof, ROOT)


@pytest.mark.parametrize("prefix", [b"", b"\x00", b"\x01"])
def test_two_hashes_do_not_pass_for_an_entry(prefix: bytes) -> None:
    forged = prefix + LEAVES[0] + LEAVES[1]
    assert not is_included(leaf_hash(forged), 0, 2, [node_hash(LEAVES[2], LEAVES[3])], ROOT)
    if prefix == b"\x01":  # hashed without the prefix of a leaf it would have passed: the prefix is what refuses it
        assert is_included(sha256(forged).digest(), 0, 2, [node_hash(LEAVES[2], LEAVES[3])], ROOT)


def test_a_tree_of_nodes_has_another_root_than_the_tree_of_their_entries() -> None:
    whole, forged = Frontier(), Frontier()
    merkle.grow(whole, LEAVES)
    merkle.grow(forged, [leaf_hash(LEAVES[0] + LEAVES[1]), leaf_hash(LEAVES[2] + LEAVES[3])])
    assert whole.root() == ROOT
    assert forged.root() != ROOT
