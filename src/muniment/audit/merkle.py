"""Proofs out of an RFC 6962 Merkle tree of which the complete subtrees are at hand; pure, no storage.

`Nodes` answers the hash of the complete subtree of 2^level leaves that begins at leaf index * 2^level. Every proof
asks for O(log n) of them. Verification of inclusion is in `verifier`, the file that auditors run.
"""

from collections.abc import Callable, Iterable, Sequence

from muniment.audit.verifier import EMPTY_ROOT, Frontier, node_hash

Nodes = Callable[[int, int], bytes]


def root(size: int, nodes: Nodes) -> bytes:
    return subtree(0, size, nodes) if size else EMPTY_ROOT


def subtree(low: int, high: int, nodes: Nodes) -> bytes:
    """MTH(D[low:high]) of RFC 6962, section 2.1; `low` is a multiple of the power of two that holds high - low."""
    split = _split(high - low)
    if split == high - low:
        return nodes(split.bit_length() - 1, low // split)
    return node_hash(subtree(low, low + split, nodes), subtree(low + split, high, nodes))


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962, section 2.1.1."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _below(high - low)
        if index < middle:
            path.append(subtree(middle, high, nodes))
            high = middle
        else:
            path.append(subtree(low, middle, nodes))
            low = middle
    return path[::-1]


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962, section 2.1.2. Empty for equal sizes and for an empty old tree."""
    if not 0 <= old <= new:
        raise ValueError("the old tree is not a prefix of the new one")
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while 0 < old < new and old != high:
        middle = low + _below(high - low)
        if old <= middle:
            path.append(subtree(middle, high, nodes))
            high = middle
        else:
            path.append(subtree(low, middle, nodes))
            low, whole = middle, False
    if 0 < old < new and not whole:
        path.append(subtree(low, high, nodes))
    return path[::-1]


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with the tree of `old` leaves. RFC 9162, section 2.1.4.2."""
    if old in {new, 0}:
        return 0 <= old <= new and not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not 0 < old < new or not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(step, first), node_hash(step, second)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == new_root


def frontier(size: int, nodes: Nodes) -> Frontier:
    """What appending to a tree of `size` leaves needs: one complete subtree for each bit of the size."""
    peaks, low = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            peaks.append(nodes(level, low >> level))
            low += 1 << level
    return Frontier(size, peaks)


def grow(tree: Frontier, leaves: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
    """Appends leaf hashes. Returns the inner nodes that became complete: (level from 1 on, index, hash)."""
    made = []
    for leaf in leaves:
        place = tree.size
        for level, node in enumerate(tree.append(leaf), start=1):
            made.append((level, place >> level, node))
    return made


def _split(size: int) -> int:
    """The largest power of two that is at most `size`."""
    return 1 << (size.bit_length() - 1)


def _below(size: int) -> int:
    """The largest power of two that is smaller than `size` (RFC 6962's k)."""
    return 1 << ((size - 1).bit_length() - 1)
