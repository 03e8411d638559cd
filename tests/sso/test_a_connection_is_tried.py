"""A trial shows what arrives and what would happen, and signs nobody in."""

from typing import Any

import pytest
from django.test import Client

from muniment.accounts.models import Session, User
from muniment.sso import letting_in
from muniment.sso.models import Connection, Identity, TakenStatement
from tests.cast import PASSWORD, Person
from tests.sso.team_with_provider import SamlTeam, asked_in, in_session

pytestmark = pytest.mark.django_db


def tried(acme: SamlTeam, owner: Client, email: str, **changes: object) -> str:
    page = owner.post(f"/profile/sso/connections/{acme.connection.pk}/try")
    answer = acme.arrive(owner, acme.answer(asked_in(page.content.decode()), email, **changes))
    assert answer["Location"] == f"/profile/sso/connections/{acme.connection.pk}/trial"
    return str(owner.get(answer["Location"]).content.decode())


def test_a_trial_says_who_arrives_and_what_would_happen(acme: SamlTeam, alice: Person, bob: Person) -> None:
    Connection.objects.update(is_on=False)
    sessions = Session.objects.count()
    page = tried(acme, alice.client, bob.user.email)
    assert "The connection works" in page
    assert "A member with this address would be signed in" in page
    assert "Eve Employee" in page
    assert "displayName" in page
    assert in_session(alice.client) == alice.user
    assert Session.objects.count() == sessions + 1  # that of Alice's own browser
    assert not Identity.objects.exists()
    assert not TakenStatement.objects.exists()


def test_a_trial_says_why_nobody_would_be_let_in_and_where_that_is_mended(acme: SamlTeam, alice: Person) -> None:
    page = tried(acme, alice.client, "eve@example.org")
    assert "They would read: “You are not a member of this team" in page
    assert '<a href="/profile/sso/people">People and groups</a>' in page
    page = tried(acme, alice.client, "eve@other.example")
    assert "in no domain that your team has proven" in page
    assert '<a href="/profile/sso">Your domain</a>' in page
    assert not User.objects.filter(email__startswith="eve").exists()


def test_a_trial_says_what_is_wrong_with_the_message(acme: SamlTeam, alice: Person) -> None:
    assert "meant for another service" in tried(acme, alice.client, "eve@example.org", audience="https://other.example")


def test_an_answer_to_a_trial_signs_nobody_in_elsewhere(acme: SamlTeam, alice: Person, bob: Person) -> None:
    page = alice.client.post(f"/profile/sso/connections/{acme.connection.pk}/try")
    stranger = Client()
    form = acme.answer(asked_in(page.content.decode()), bob.user.email)
    assert acme.arrive(stranger, form).status_code == 400
    assert in_session(stranger) is None


def test_only_an_owner_tries(acme: SamlTeam, bob: Person, mallory: Person) -> None:
    address = f"/profile/sso/connections/{acme.connection.pk}/try"
    assert bob.client.post(address).status_code == 403
    assert mallory.client.post(address).status_code == 404


def test_who_came_by_it_confirms_at_the_provider(acme: SamlTeam, alice: Person) -> None:
    browser = Client()
    acme.sign_in(browser, alice.user.email)
    session = browser.session
    del session["provider_confirmed"]
    session.save()
    led = browser.get("/keys/new", follow=True)
    assert led.redirect_chain[-1][0].startswith("/sso/confirm")
    asked = asked_in(led.content.decode())
    assert asked.force
    back = acme.arrive(browser, acme.answer(asked, alice.user.email, authn_instant=0))
    assert back["Location"] == "/keys/new"
    assert browser.get("/keys/new").status_code == 200


@pytest.mark.parametrize("changes", [{"name_id": "somebody else"}, {"authn_instant": -3600}])
def test_another_person_or_an_old_sign_in_confirms_nothing(
    acme: SamlTeam, alice: Person, changes: dict[str, object]
) -> None:
    browser = Client()
    acme.sign_in(browser, alice.user.email)
    session = browser.session
    del session["provider_confirmed"]
    session.save()
    asked = asked_in(browser.get("/keys/new", follow=True).content.decode())
    assert acme.arrive(browser, acme.answer(asked, alice.user.email, **changes)).status_code == 403
    assert browser.get("/keys/new").status_code == 302


def test_a_session_that_ended_meanwhile_is_not_confirmed(
    acme: SamlTeam, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when the request began."""
    browser = Client()
    acme.sign_in(browser, alice.user.email)
    asked = asked_in(browser.get("/sso/confirm").content.decode())

    def ending(**_named: Any) -> None:
        Session.objects.filter(user=alice.user).delete()

    monkeypatch.setattr(letting_in, "confirm_by_provider", ending)
    assert acme.arrive(browser, acme.answer(asked, alice.user.email, authn_instant=0)).status_code == 400


def test_a_password_session_is_not_confirmed_by_the_provider(acme: SamlTeam, alice: Person) -> None:
    browser = Client()
    browser.post("/sign-in", {"email": alice.user.email, "password": PASSWORD})
    assert browser.get("/sso/confirm")["Location"] == "/profile/security"
