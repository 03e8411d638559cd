"""A team is opened by its provider only: who may switch it on, whom it shuts out, and who is kept for a bad day."""

import pytest
from django.test import Client

from muniment.accounts.errors import FactorNeededError
from muniment.accounts.models import Passkey, Session, User
from muniment.accounts.services import remove_passkey
from muniment.core.clock import now
from muniment.core.errors import PermissionDeniedError
from muniment.core.ids import new_id
from muniment.teams.errors import SsoOnlyError
from muniment.teams.models import Membership, SignInPolicy
from muniment.teams.services import add_member, set_break_glass, set_sso_only
from muniment.teams.types import Role
from tests.cast import PASSWORD, Person, signed_in
from tests.sso.team_with_provider import SamlTeam

pytestmark = pytest.mark.django_db
ONLY = "/profile/sso/only"


def passkey(user: User, *, used: bool = True) -> None:
    """As if one had been added, and used a moment ago."""
    handle, used_at = new_id().encode(), now() if used else None
    Passkey.objects.create(user=user, name="key", handle=handle, credential=b"x", counter=0, used_at=used_at)


@pytest.fixture
def kept(alice: Person) -> Person:
    passkey(alice.user)
    set_break_glass(actor=alice.actor, user=alice.user, on=True)
    return alice


def switch_on(acme: SamlTeam, owner: Person) -> Client:
    browser = Client()
    acme.sign_in(browser, owner.user.email)
    assert browser.post(ONLY, {"on": "1"})["Location"] == ONLY
    return browser


def password_session(user: User) -> Client:
    browser = Client()
    browser.post("/sign-in", {"email": user.email, "password": PASSWORD})
    assert browser.get("/agents").status_code == 200
    return browser


def test_it_shuts_out_whoever_came_another_way(acme: SamlTeam, kept: Person, bob: Person, mallory: Person) -> None:
    add_member(actor=mallory.actor, team=mallory.team, user=bob.user, role=Role.MEMBER)
    by_password = password_session(bob.user)
    by_password.post("/team/switch", {"team": kept.team.pk})
    assert kept.team.name in by_password.get("/agents").content.decode()
    browser = switch_on(acme, kept)
    assert SignInPolicy.objects.get(team=kept.team).sso_only
    assert browser.get("/members").status_code == 200
    page = by_password.get("/agents").content.decode()  # the account stays usable for Mallory's team
    assert mallory.team.name in page
    assert kept.team.name not in page
    assert by_password.post("/team/switch", {"team": kept.team.pk}).status_code == 404
    again = password_session(bob.user)
    assert kept.team.name not in again.get("/agents").content.decode()
    by_provider = Client()
    acme.sign_in(by_provider, bob.user.email)
    assert kept.team.name in by_provider.get("/agents").content.decode()  # positive control


def test_who_is_kept_gives_up_any_passkey_but_the_last(acme: SamlTeam, kept: Person) -> None:
    passkey(kept.user)
    first, last = Passkey.objects.filter(user=kept.user).order_by("pk")
    switch_on(acme, kept)
    remove_passkey(actor=kept.actor, user=kept.user, passkey=first.pk)
    with pytest.raises(FactorNeededError):
        remove_passkey(actor=kept.actor, user=kept.user, passkey=last.pk)
    set_sso_only(actor=kept.actor, on=False, by_provider=False)
    remove_passkey(actor=kept.actor, user=kept.user, passkey=last.pk)
    assert not Passkey.objects.filter(user=kept.user).exists()


def test_sessions_of_who_is_nowhere_else_end(acme: SamlTeam, kept: Person, bob: Person) -> None:
    by_password = password_session(bob.user)
    switch_on(acme, kept)
    assert not Session.objects.filter(session_key=by_password.session.session_key).exists()
    assert by_password.get("/agents").status_code == 302


def test_who_is_kept_comes_in_by_the_passkey_and_not_by_the_password(acme: SamlTeam, kept: Person) -> None:
    switch_on(acme, kept)
    browser = signed_in(kept.user)
    assert browser.get("/members").status_code != 200
    session = browser.session
    session["passkey"] = True  # as a sign-in by passkey leaves it: tests/journeys/test_passkeys.py
    session.save()
    assert browser.get("/members").status_code == 200


def test_it_takes_an_owner_who_came_by_the_provider_a_moment_ago(acme: SamlTeam, kept: Person) -> None:
    by_password = signed_in(kept.user)
    session = by_password.session
    session["confirmed"] = now().isoformat()
    session.save()
    by_password.post(ONLY, {"on": "1"})
    assert not SignInPolicy.objects.filter(sso_only=True).exists()
    assert "Come by the provider first" in by_password.get(ONLY).content.decode()
    switch_on(acme, kept)
    assert SignInPolicy.objects.filter(sso_only=True).exists()  # positive control


def test_it_takes_somebody_kept_whose_passkey_was_tried(alice: Person) -> None:
    with pytest.raises(SsoOnlyError, match="Keep an owner"):
        set_sso_only(actor=alice.actor, on=True, by_provider=True)
    passkey(alice.user, used=False)
    set_break_glass(actor=alice.actor, user=alice.user, on=True)
    with pytest.raises(SsoOnlyError, match="tried the passkey"):
        set_sso_only(actor=alice.actor, on=True, by_provider=True)
    Passkey.objects.update(used_at=now())
    set_sso_only(actor=alice.actor, on=True, by_provider=True)
    with pytest.raises(SsoOnlyError, match="Somebody has to be kept"):
        set_break_glass(actor=alice.actor, user=alice.user, on=False)
    set_sso_only(actor=alice.actor, on=False, by_provider=False)
    set_break_glass(actor=alice.actor, user=alice.user, on=False)
    assert not Membership.objects.filter(break_glass=True).exists()


def test_only_owners_with_a_passkey_are_kept(alice: Person, bob: Person) -> None:
    with pytest.raises(SsoOnlyError, match="no passkey"):
        set_break_glass(actor=alice.actor, user=alice.user, on=True)
    passkey(bob.user)
    with pytest.raises(SsoOnlyError, match="Only an owner"):
        set_break_glass(actor=alice.actor, user=bob.user, on=True)
    with pytest.raises(PermissionDeniedError):
        set_break_glass(actor=bob.actor, user=bob.user, on=True)
    with pytest.raises(PermissionDeniedError):
        set_sso_only(actor=bob.actor, on=False, by_provider=True)


def test_the_last_connection_stays_while_the_provider_alone_opens_the_team(acme: SamlTeam, kept: Person) -> None:
    browser = switch_on(acme, kept)
    address = f"/profile/sso/connections/{acme.connection.pk}"
    browser.post(f"{address}/switch")
    browser.post(f"{address}/delete")
    acme.connection.refresh_from_db()
    assert acme.connection.is_on
    browser.post(ONLY, {})
    browser.post(f"{address}/delete")  # positive control
    assert browser.get("/profile/sso").status_code in {302, 200}
    assert not type(acme.connection).objects.filter(pk=acme.connection.pk).exists()
