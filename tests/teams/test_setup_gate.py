"""Until somebody owns the installation every page but setup and health leads to setup; afterwards there is no setup."""

import pytest
from django.test import Client

from muniment.teams.selectors import operator_actor
from muniment.teams.services import issue_setup_link
from tests.cast import PASSWORD, Person


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/sign-in", "/profile", "/agents", "/no/such/page", "/metrics"])
def test_everything_leads_to_setup(address: str) -> None:
    for answer in (Client().get(address), Client().post(address)):
        assert (answer.status_code, answer["Location"]) == (302, "/setup")


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "statuses"), [("/setup", {200}), ("/healthz", {200}), ("/readyz", {200, 503})])
def test_setup_and_health_are_open(address: str, statuses: set[int]) -> None:
    assert Client().get(address).status_code in statuses


def test_once_claimed_there_is_no_setup(alice: Person) -> None:
    for client in (Client(), alice.client):
        assert client.get("/setup").status_code == 404
        assert client.post("/setup", {"token": "x"}).status_code == 404
    assert Client().get("/")["Location"] == "/sign-in?next=/"


@pytest.mark.django_db
def test_the_gate_opens_in_the_same_process() -> None:
    client = Client()
    assert client.get("/profile")["Location"] == "/setup"
    token = issue_setup_link(actor=operator_actor(None)).partition("#")[2]
    form = {"token": token, "team": "T", "email": "a@example.org", "password": PASSWORD, "password_again": PASSWORD}
    assert client.post("/setup", form).status_code == 302
    assert client.get("/profile", follow=True).status_code == 200
