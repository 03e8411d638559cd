"""What an owner reads of the team's connections on My profile, Single sign-on."""

import pytest

from muniment.sso.services import create_connection
from muniment.sso.types import Protocol
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("protocol", Protocol)
@pytest.mark.usefixtures("keys_are_made_once")
def test_each_says_by_its_name_how_it_speaks(alice: Person, protocol: Protocol) -> None:
    create_connection(actor=alice.actor, protocol=protocol, name="House")
    page = alice.client.get("/profile/sso").content.decode()
    assert f'<span class="quiet">{"SAML 2.0" if protocol is Protocol.SAML else "OpenID Connect"}</span>' in page
