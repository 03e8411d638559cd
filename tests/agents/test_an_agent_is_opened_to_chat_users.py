"""An owner opens an agent to people outside the team who sign in by one of its connections."""

from typing import Any

import pytest
from django.test import Client

from muniment.agents.errors import OpeningRefusedError
from muniment.agents.models import Agent, ChatOpening
from muniment.agents.services import (
    OpeningDraft,
    change_opening,
    close_to_chat_users,
    create_agent,
    open_to_chat_users,
)
from muniment.agents.types import MaskingMode, OpeningState
from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now
from muniment.core.errors import NotFoundError, PermissionDeniedError
from tests.cast import Person
from tests.sso.team_with_chat import Asking, opened
from tests.sso.team_with_chat import consent as consent  # noqa: PLC0414 - fixtures
from tests.sso.team_with_provider import SamlTeam, connect_saml
from tests.sso.team_with_provider import acme as acme  # noqa: PLC0414
from tests.sso.team_with_provider import keys_are_made_once as keys_are_made_once  # noqa: PLC0414

STAFF = OpeningDraft(groups=["staff"])
LIVE = OpeningDraft(groups=["staff"], state=OpeningState.LIVE)


@pytest.fixture(autouse=True)
def quick(keys_are_made_once: None) -> None:
    """For every test here."""


@pytest.fixture
def agent(transactional_db: None, alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Handbook")


def open_it(person: Person, agent: Agent, acme: SamlTeam, draft: OpeningDraft = STAFF) -> ChatOpening:
    return open_to_chat_users(actor=person.actor, agent=agent, connection=acme.connection.pk, draft=draft)


def test_it_begins_as_a_draft_for_the_groups_that_are_named(alice: Person, agent: Agent, acme: SamlTeam) -> None:
    made = open_it(alice, agent, acme, OpeningDraft(groups=[" staff ", "", "students", "staff"]))
    assert (made.state, made.everybody, made.groups) == ("draft", False, ["staff", "students"])


def test_for_nobody_it_is_not_opened(alice: Person, agent: Agent, acme: SamlTeam) -> None:
    with pytest.raises(OpeningRefusedError, match="Name the groups"):
        open_it(alice, agent, acme, OpeningDraft())
    assert open_it(alice, agent, acme, OpeningDraft(everybody=True)).everybody


def test_it_cannot_go_live_while_nothing_asks_for_consent(alice: Person, agent: Agent, acme: SamlTeam) -> None:
    with pytest.raises(OpeningRefusedError, match="asks people outside the team for consent"):
        open_it(alice, agent, acme, LIVE)
    made = open_it(alice, agent, acme)
    with pytest.raises(OpeningRefusedError):
        change_opening(actor=alice.actor, agent=agent, opening=made.pk, draft=LIVE)
    assert ChatOpening.objects.get().state == OpeningState.DRAFT


def test_with_consent_it_goes_live_and_back(alice: Person, agent: Agent, acme: SamlTeam, consent: Asking) -> None:
    made = open_it(alice, agent, acme)
    address = f"/chat/{agent.pk}"
    assert Client().get(address).status_code == 404
    change_opening(actor=alice.actor, agent=agent, opening=made.pk, draft=LIVE)
    assert Client().get(address).status_code == 200
    change_opening(actor=alice.actor, agent=agent, opening=made.pk, draft=STAFF)
    assert Client().get(address).status_code == 404


def test_an_agent_that_masks_nothing_does_not(alice: Person, acme: SamlTeam, consent: Asking) -> None:
    plain = create_agent(actor=alice.actor, name="Plain", masking=MaskingMode.OFF)
    with pytest.raises(OpeningRefusedError, match="does not mask all"):
        open_it(alice, plain, acme, LIVE)
    assert open_it(alice, plain, acme).state == OpeningState.DRAFT


def test_a_personal_one_does_not_either(alice: Person, acme: SamlTeam, consent: Asking) -> None:
    own = create_agent(actor=alice.actor, name="Mine", personal=True)
    with pytest.raises(OpeningRefusedError, match="is personal"):
        open_it(alice, own, acme, LIVE)
    assert open_it(alice, own, acme).state == OpeningState.DRAFT


def test_once_for_each_connection(alice: Person, agent: Agent, acme: SamlTeam) -> None:
    open_it(alice, agent, acme)
    with pytest.raises(OpeningRefusedError, match="already"):
        open_it(alice, agent, acme)
    other = connect_saml(alice, name="Other")
    open_it(alice, agent, other)
    assert agent.chat_openings.count() == 2


def test_too_many_groups_are_refused(alice: Person, agent: Agent, acme: SamlTeam) -> None:
    for groups in ([f"group {number}" for number in range(101)], ["g" * 256]):
        with pytest.raises(OpeningRefusedError, match="up to 100 groups"):
            open_it(alice, agent, acme, OpeningDraft(groups=groups))


def test_owners_open_it_and_builders_take_it_back(alice: Person, bob: Person, agent: Agent, acme: SamlTeam) -> None:
    with pytest.raises(PermissionDeniedError, match="Only an owner"):
        open_it(bob, agent, acme)
    made = open_it(alice, agent, acme)
    with pytest.raises(PermissionDeniedError):
        change_opening(actor=bob.actor, agent=agent, opening=made.pk, draft=OpeningDraft(everybody=True))
    close_to_chat_users(actor=bob.actor, agent=agent, opening=made.pk)
    assert not ChatOpening.objects.exists()


def test_connections_and_openings_of_others_are_not_there(
    alice: Person, mallory: Person, agent: Agent, acme: SamlTeam
) -> None:
    foreign = connect_saml(mallory, name="Hers")
    with pytest.raises(NotFoundError):
        open_it(alice, agent, foreign)
    made, other = open_it(alice, agent, acme), create_agent(actor=alice.actor, name="Other")
    with pytest.raises(NotFoundError):
        close_to_chat_users(actor=alice.actor, agent=other, opening=made.pk)
    with pytest.raises(NotFoundError):
        close_to_chat_users(actor=mallory.actor, agent=agent, opening=made.pk)
    assert ChatOpening.objects.count() == 1


def test_the_share_page_prepares_and_shows_it(alice: Person, agent: Agent, acme: SamlTeam) -> None:
    page = f"{agent.url}/people"
    sent: dict[str, Any] = {"connection": acme.connection.pk, "whom": "groups", "groups": "staff\r\nstudents"}
    assert "Chat users" in alice.client.get(page).content.decode()
    assert alice.client.post(f"{agent.url}/chat-users", sent)["Location"] == page
    made = ChatOpening.objects.get()
    text = alice.client.get(page).content.decode()
    assert "Draft: nobody comes in yet" in text
    assert "consent" in text
    assert f"/chat/{agent.pk}" in text
    alice.client.post(f"{agent.url}/chat-users/{made.pk}", {"whom": "everybody", "groups": "", "state": "live"})
    assert "consent" in alice.client.get(page).content.decode()
    made.refresh_from_db()
    assert (made.everybody, made.state) == (False, "draft")
    alice.client.post(f"{agent.url}/chat-users/{made.pk}", {"whom": "everybody", "groups": ""})
    made.refresh_from_db()
    assert made.everybody
    alice.client.post(f"{agent.url}/chat-users/{made.pk}/close")
    assert not ChatOpening.objects.exists()


def test_builders_see_it_and_may_take_it_back(alice: Person, bob: Person, agent: Agent, acme: SamlTeam) -> None:
    page = f"{agent.url}/people"
    assert "Chat users" not in bob.client.get(page).content.decode()
    made = open_it(alice, agent, acme)
    text = bob.client.get(page).content.decode()
    assert "Only these groups:" in text
    assert f"{made.pk}/close" in text
    assert 'name="groups"' not in text


def test_the_live_switch_is_offered_with_consent(alice: Person, agent: Agent, acme: SamlTeam, consent: Asking) -> None:
    made = open_it(alice, agent, acme)
    page = f"{agent.url}/people"
    assert "Live: they come in" in alice.client.get(page).content.decode()
    alice.client.post(f"{agent.url}/chat-users/{made.pk}", {"whom": "groups", "groups": "staff", "state": "live"})
    made.refresh_from_db()
    assert made.state == "live"


def test_safety_says_who_asks_from_outside(alice: Person, agent: Agent, acme: SamlTeam, consent: Asking) -> None:
    made = open_it(alice, agent, acme)
    assert "Chat users of Acme" not in alice.client.get(f"{agent.url}/safety").content.decode()
    change_opening(actor=alice.actor, agent=agent, opening=made.pk, draft=LIVE)
    assert "Chat users of Acme ask it" in alice.client.get(f"{agent.url}/safety").content.decode()


def test_it_is_in_the_log(alice: Person, agent: Agent, acme: SamlTeam, consent: Asking) -> None:
    made = opened(alice, agent, acme).opening
    change_opening(actor=alice.actor, agent=agent, opening=made, draft=OpeningDraft(everybody=True))
    close_to_chat_users(actor=alice.actor, agent=agent, opening=made)
    checkpoint_now()
    found = Entry.objects.filter(kind__startswith="agent:chat_opening:").order_by("pk")
    assert [(one.kind, one.subject) for one in found] == [
        (f"agent:chat_opening:{act}", made) for act in ("created", "changed", "closed")
    ]
