"""Sessions: a new key at every sign-in, 12 hours idle, 7 days in all, ended elsewhere by their owner."""

from datetime import timedelta

import pytest
from django.test import Client

from muniment.accounts.models import Session
from muniment.accounts.types import ABSOLUTE, IDLE
from muniment.core.clock import frozen, now
from tests.accounts.signing_in import is_signed_in, sign_in
from tests.cast import PASSWORD, Person

NEW = "another quiet room at dawn"


@pytest.fixture
def browsers(bob: Person) -> list[Client]:
    """Two browsers that Bob is signed in with."""
    made = [Client(), Client()]
    for client in made:
        assert sign_in(client, bob.user.email).status_code == 302
    return made


def test_a_key_planted_before_the_sign_in_is_worth_nothing_after(bob: Person) -> None:
    """Attacker: plants a session key in Bob's browser and waits for him to sign in (session fixation)."""
    client = Client()
    sign_in(client, bob.user.email, "wrong")
    client.session.save()
    planted = client.session.session_key or ""
    client.cookies["sessionid"] = planted
    sign_in(client, bob.user.email)
    assert is_signed_in(client)
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_signed_in(thief)


def test_idle_for_twelve_hours(browsers: list[Client]) -> None:
    start = now()
    with frozen(start + IDLE - timedelta(minutes=1)):
        assert is_signed_in(browsers[0])
    with frozen(start + IDLE + timedelta(minutes=1)):
        assert is_signed_in(browsers[0])
        assert not is_signed_in(browsers[1])


def test_seven_days_at_most_however_busy(browsers: list[Client]) -> None:
    start = now()
    for hours in range(6, int(ABSOLUTE.total_seconds() // 3600), 6):
        with frozen(start + timedelta(hours=hours)):
            assert is_signed_in(browsers[0])
    with frozen(start + ABSOLUTE + timedelta(minutes=1)):
        assert not is_signed_in(browsers[0])


def test_sign_out_ends_this_one_alone(browsers: list[Client]) -> None:
    stolen = Client()
    stolen.cookies["sessionid"] = browsers[0].cookies["sessionid"].value
    assert is_signed_in(stolen)
    browsers[0].post("/sign-out")
    assert not is_signed_in(stolen)
    assert is_signed_in(browsers[1])


def test_ending_the_others(browsers: list[Client]) -> None:
    browsers[0].post("/profile/sessions/end-others")
    assert is_signed_in(browsers[0])
    assert not is_signed_in(browsers[1])


def test_a_new_password_ends_the_others(bob: Person, browsers: list[Client]) -> None:
    form = {"current": PASSWORD, "new": NEW, "again": NEW}
    assert browsers[0].post("/profile/security", form).status_code == 302
    assert is_signed_in(browsers[0])
    assert not is_signed_in(browsers[1])
    assert Session.objects.filter(user=bob.user).count() == 1  # the other is not only void but gone
    assert sign_in(Client(), bob.user.email, PASSWORD).status_code == 422
    assert sign_in(Client(), bob.user.email, NEW).status_code == 302


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "wrong", "new": NEW, "again": NEW}, "This is not your current password."),
        ({"current": PASSWORD, "new": "short", "again": "short"}, "at least 12"),
        ({"current": PASSWORD, "new": "password1234", "again": "password1234"}, "too common"),
        ({"current": PASSWORD, "new": "bob@example.org", "again": "bob@example.org"}, "too similar"),
        ({"current": PASSWORD, "new": NEW, "again": NEW + "!"}, "differ"),
    ],
)
def test_a_password_that_is_refused(bob: Person, browsers: list[Client], form: dict[str, str], sentence: str) -> None:
    response = browsers[0].post("/profile/security", form)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert is_signed_in(browsers[1])
    assert sign_in(Client(), bob.user.email, PASSWORD).status_code == 302


def test_a_suspended_person_is_out_with_the_next_request(bob: Person, browsers: list[Client]) -> None:
    assert is_signed_in(browsers[0])
    bob.user.is_active = False
    bob.user.save()
    assert not is_signed_in(browsers[0])
