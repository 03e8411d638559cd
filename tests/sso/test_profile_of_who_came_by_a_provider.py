"""What a session that a provider opened cannot change is not offered in it."""

import pytest
from django.test import Client

from tests.cast import Person
from tests.sso.team_with_provider import SamlTeam

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_address_is_changed_in_a_session_of_ones_own(acme: SamlTeam, bob: Person) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    assert 'href="/profile/email"' not in browser.get("/profile").content.decode()
    assert browser.get("/profile/email").status_code == 403
    assert 'href="/profile/email"' in bob.client.get("/profile").content.decode()
    assert bob.client.get("/profile/email").status_code in {200, 302}  # or the password is asked for again
