import pytest

from tests.sso.provider import key_pair
from tests.sso.signing_in import oidc  # noqa: F401 - a fixture
from tests.sso.team_with_provider import acme  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
def keys_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a second to make; tests/sso/test_requests_are_signed.py sees one that is made."""
    pair = key_pair("ours")
    monkeypatch.setattr("muniment.sso.connections.make_key_pair", lambda _name: (pair.private, pair.certificate))
