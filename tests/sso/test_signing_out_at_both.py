"""Signing out here signs out at the provider; signing out there ends the sessions it opened here, and no others."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from lxml import etree

from muniment.core.clock import now
from muniment.sso.models import SamlProvider
from muniment.sso.saml.logout import logout_by_redirect, logout_request, logout_response
from muniment.sso.saml.types import EMAIL
from muniment.sso.saml_speaking import sls_url
from tests.cast import PASSWORD, Person
from tests.sso.provider import ENTITY_ID, key_pair
from tests.sso.team_with_provider import SamlTeam, in_session, led_to, message_in

pytestmark = pytest.mark.django_db
SLO_URL = "https://idp.acme.example/slo"


@pytest.fixture(autouse=True)
def knows_where(acme: SamlTeam) -> None:
    SamlProvider.objects.update(slo_redirect=SLO_URL)
    acme.connection.refresh_from_db()


def asks(acme: SamlTeam, name_id: str, index: str = "_session-1", *, key: str = "provider") -> str:
    """The address by which the provider has the browser ask us."""
    message = logout_request(
        entity_id=ENTITY_ID,
        destination=sls_url(acme.connection.pk),
        name_id=name_id,
        name_id_format=EMAIL,
        session_index=index,
        now=now(),
    )
    return here(logout_by_redirect(message, key=key_pair(key), relay_state="back").address)


def here(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_the_provider_ends_the_session_it_opened(acme: SamlTeam, bob: Person) -> None:
    browser, other = Client(), Client()
    acme.sign_in(browser, bob.user.email)
    other.post("/sign-in", {"email": bob.user.email, "password": PASSWORD})
    answer = Client().get(asks(acme, bob.user.email))  # without a cookie, as from a frame of the provider's
    assert led_to(answer).startswith(f"{SLO_URL}?SAMLResponse=")
    assert browser.get("/agents").status_code == 302
    assert other.get("/agents").status_code == 200


@pytest.mark.parametrize(("name_id", "index"), [("carol@example.org", "_session-1"), ("bob@example.org", "_session-2")])
def test_other_names_and_indexes_end_nothing(acme: SamlTeam, bob: Person, name_id: str, index: str) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    assert browser.get(asks(acme, name_id, index)).status_code == 200
    assert browser.get("/agents").status_code == 200


@pytest.mark.parametrize("length", [255, 256, 3000])
def test_an_index_of_any_length_names_its_session_alone(acme: SamlTeam, bob: Person, length: int) -> None:
    """As the digests that some providers send, which begin alike."""
    one, other = Client(), Client()
    first, second = ("x" * (length - 1) + end for end in "ab")
    acme.sign_in(one, bob.user.email, session_index=first)
    acme.sign_in(other, bob.user.email, session_index=second)
    assert Client().get(asks(acme, bob.user.email, first)).status_code == 200
    assert one.get("/agents").status_code == 302
    assert other.get("/agents").status_code == 200
    asked = message_in(led_to(other.post("/sign-out")), "SAMLRequest")
    assert asked.findtext("{*}SessionIndex") == second


def test_a_request_of_somebody_else_or_one_used_before_ends_nothing(acme: SamlTeam, bob: Person) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    assert browser.get(asks(acme, bob.user.email, key="foreign")).status_code == 400
    unsigned = asks(acme, bob.user.email).partition("&SigAlg")[0]
    assert browser.get(unsigned).status_code == 400
    assert browser.get("/agents").status_code == 200
    once = asks(acme, bob.user.email)
    assert Client().get(once).status_code == 200  # positive control
    acme.sign_in(browser, bob.user.email)
    assert Client().get(once).status_code == 400
    assert browser.get("/agents").status_code == 200


def test_signing_out_here_asks_the_provider_to_as_well(acme: SamlTeam, bob: Person) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    address = led_to(browser.post("/sign-out"))
    assert in_session(browser) is None
    request = message_in(address, "SAMLRequest")
    assert request.findtext("{*}NameID") == bob.user.email
    assert request.findtext("{*}SessionIndex") == "_session-1"
    answer = here(answered(acme, request))
    assert "Here, and at your provider" in browser.get(answer).content.decode()
    assert browser.get(answer).status_code == 400  # one answer, once


def test_an_answer_that_nobody_asked_for_says_nothing(acme: SamlTeam, bob: Person) -> None:
    browser = Client()
    acme.sign_in(browser, bob.user.email)
    request = message_in(led_to(browser.post("/sign-out")), "SAMLRequest")
    assert Client().get(here(answered(acme, request))).status_code == 400


def test_who_came_by_a_password_signs_out_here_alone(acme: SamlTeam, bob: Person) -> None:
    browser = Client()
    browser.post("/sign-in", {"email": bob.user.email, "password": PASSWORD})
    assert browser.post("/sign-out")["Location"] == "/sign-in"


def answered(acme: SamlTeam, request: etree._Element) -> str:
    message = logout_response(
        entity_id=ENTITY_ID,
        destination=sls_url(acme.connection.pk),
        request_id=request.get("ID") or "",
        done=True,
        now=now(),
    )
    return logout_by_redirect(message, key=key_pair("provider")).address
