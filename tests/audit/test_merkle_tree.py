"""The tree equals RFC 6962: published vectors, and the recursive definition for every small size."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit import merkle
from muniment.audit.verifier import EMPTY_ROOT, Frontier, is_included, leaf_hash, node_hash

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "merkle.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]
SIZE = 70


def defined(leaves: list[bytes]) -> bytes:
    """MTH, word for word as in RFC 6962, section 2.1 (leaves are hashed already)."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(defined(leaves[:k]), defined(leaves[k:]))


def stored(leaves: list[bytes]) -> merkle.Nodes:
    tree = Frontier()
    nodes = {(level, index): node for level, index, node in merkle.grow(tree, leaves)}
    return lambda level, index: leaves[index] if level == 0 else nodes[level, index]


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    tree = Frontier()
    merkle.grow(tree, LEAVES[:size])
    assert tree.root().hex() == VECTORS["roots"][size]
    assert merkle.root(size, stored(LEAVES)).hex() == VECTORS["roots"][size]


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_published_inclusion_proofs(vector: dict[str, object]) -> None:
    index, size, proof = int(str(vector["index"])), int(str(vector["size"])), vector["proof"]
    made = merkle.inclusion(index, size, stored(LEAVES))
    assert [step.hex() for step in made] == proof
    assert is_included(LEAVES[index], index, size, made, bytes.fromhex(VECTORS["roots"][size]))


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_published_consistency_proofs(vector: dict[str, object]) -> None:
    old, new, proof = int(str(vector["old"])), int(str(vector["new"])), vector["proof"]
    made = merkle.consistency(old, new, stored(LEAVES))
    assert [step.hex() for step in made] == proof
    roots = [bytes.fromhex(root) for root in VECTORS["roots"]]
    assert merkle.is_consistent(old, new, roots[old], roots[new], made)


def test_every_size_equals_the_definition_and_goes_on_from_its_frontier() -> None:
    leaves = leaves_of(SIZE)
    nodes = stored(leaves)
    for size in range(SIZE + 1):
        assert merkle.root(size, nodes) == defined(leaves[:size])
        tree = merkle.frontier(size, nodes)
        assert tree.root() == defined(leaves[:size])
        merkle.grow(tree, leaves[size:])
        assert tree.root() == defined(leaves)


def test_every_inclusion_proof_verifies_for_its_leaf_and_no_other() -> None:
    leaves = leaves_of(SIZE)
    nodes = stored(leaves)
    for size in range(1, SIZE + 1):
        root = merkle.root(size, nodes)
        for index in range(size):
            proof = merkle.inclusion(index, size, nodes)
            assert is_included(leaves[index], index, size, proof, root)
            assert not is_included(leaves[index - 1] if size > 1 else leaf_hash(b""), index, size, proof, root)
            assert not is_included(leaves[index], index, size, [*proof, EMPTY_ROOT], root)
            assert not is_included(leaves[index], size, size, proof, root)


def test_every_consistency_proof_verifies_for_its_trees_and_no_other() -> None:
    leaves = leaves_of(40)
    nodes = stored(leaves)
    roots = [merkle.root(size, nodes) for size in range(41)]
    for new in range(41):
        for old in range(new + 1):
            proof = merkle.consistency(old, new, nodes)
            assert merkle.is_consistent(old, new, roots[old], roots[new], proof)
            assert not merkle.is_consistent(old, new, leaf_hash(b""), roots[new], proof)
            assert old == 0 or not merkle.is_consistent(old, new, roots[old], leaf_hash(b""), proof)
            assert not merkle.is_consistent(old, new, roots[old], roots[new], [*proof, EMPTY_ROOT])
            assert old == new or not merkle.is_consistent(new, old, roots[new], roots[old], proof)


@given(st.lists(st.binary(max_size=4), max_size=200))
def test_growing_in_steps_equals_growing_at_once(entries: list[bytes]) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    tree = Frontier()
    for leaf in leaves:
        merkle.grow(tree, [leaf])
    assert tree.root() == defined(leaves)


def test_a_proof_of_what_is_not_there_is_not_made() -> None:
    nodes = stored(leaves_of(4))
    with pytest.raises(ValueError, match="not in the tree"):
        merkle.inclusion(4, 4, nodes)
    with pytest.raises(ValueError, match="not a prefix"):
        merkle.consistency(5, 4, nodes)
