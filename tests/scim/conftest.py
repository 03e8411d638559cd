import pytest

from tests.accounts.mail_received import mail  # noqa: F401 - a fixture
from tests.cast import Person
from tests.scim.provider import Provider, provider_of


@pytest.fixture
def provider(alice: Person) -> Provider:
    """Of Alice's team, which has proven example.com: the cast lives at example.org."""
    return provider_of(alice, "example.com", "example.org")
