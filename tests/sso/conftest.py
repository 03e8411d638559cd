import pytest

from tests.sso.signing_in import oidc  # noqa: F401 - a fixture
from tests.sso.team_with_chat import chat, consent  # noqa: F401 - fixtures
from tests.sso.team_with_provider import acme, keys_are_made_once  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def quick(keys_are_made_once: None) -> None:  # noqa: F811
    """For every test here."""
