"""Nobody makes an account alone, and a sign-in leads nowhere but here."""

import pytest
from django.test import Client

from tests.accounts.signing_in import sign_in
from tests.cast import Person


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/email/",
        "/signup/",
        "/login/",
        "/password/reset/",
        "/admin/",
    ],
)
def test_addresses_of_allauth_are_not_there(alice: Person, address: str) -> None:
    form = {"email": "new@example.org", "password1": "long enough to be one", "password2": "long enough to be one"}
    for client in (Client(), alice.client):
        assert client.get(address).status_code == 404
        assert client.post(address, form).status_code == 404


@pytest.mark.parametrize(
    "wished",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        " //evil.example",
        "/%09/evil.example\t",
        "profile",
    ],
)
def test_only_addresses_of_this_server_follow_a_sign_in(alice: Person, wished: str) -> None:
    """Attacker: sends Alice a link to our sign-in page that leads to his own afterwards (open redirect)."""
    location = sign_in(Client(), alice.user.email, next=wished)["Location"]
    assert location == "/" or location.startswith("/%09/")
    assert sign_in(Client(), alice.user.email, next="/profile?tab=1")["Location"] == "/profile?tab=1"


@pytest.mark.parametrize("address", ["/", "/profile", "/profile/security"])
def test_a_page_asks_to_sign_in_first_and_leads_back(alice: Person, address: str) -> None:
    response = Client().get(address)
    assert (response.status_code, response["Location"]) == (302, f"/sign-in?next={address}")
    assert alice.client.get(address, follow=True).status_code == 200


def test_a_form_from_elsewhere_is_refused(alice: Person) -> None:
    """Attacker: a page of his sends our forms from Alice's browser (CSRF)."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    assert client.post("/profile", {"name": "Owned"}).status_code == 403
    page = client.get("/profile", follow=True)
    token = page.context["csrf_token"]
    assert client.post("/profile", {"name": "Alice A.", "csrfmiddlewaretoken": str(token)}).status_code == 302
