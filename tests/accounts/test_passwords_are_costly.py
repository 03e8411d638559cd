"""The cost of a password as the product sets it, beside the cheap one that tests use."""

import ast
import inspect

from django.conf import settings

from muniment.accounts import hashers
from muniment.accounts.hashers import ArgonHasher


def declared() -> dict[str, int]:
    """The parameters as written in the source: the fixture `cheap_hashing` has changed the class itself."""
    tree = ast.parse(inspect.getsource(hashers.ArgonHasher))
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    named = [(node.targets[0], node.value) for node in assigned]
    return {target.id: ast.literal_eval(value) for target, value in named if isinstance(target, ast.Name)}


def test_argon2id_with_the_parameters_of_the_decision() -> None:
    """RFC 9106's second recommended option: 64 MiB, three passes."""
    assert declared() == {"memory_cost": 65_536, "time_cost": 3, "parallelism": 2}
    assert settings.PASSWORD_HASHERS == ["muniment.accounts.hashers.ArgonHasher"]


def test_a_real_hash_says_so_and_verifies() -> None:
    class Real(ArgonHasher):
        memory_cost, time_cost, parallelism = 65_536, 3, 2

    encoded = Real().encode("a quiet reading room at dusk", Real().salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=65536,t=3,p=2$")
    assert Real().verify("a quiet reading room at dusk", encoded)
    assert not Real().verify("a quiet reading room at dawn", encoded)
