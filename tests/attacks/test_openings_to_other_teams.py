"""Attacker: Mallory, who writes a row into the database. Move: opens Alice's agent to the chat users of her provider.
Guarantee: G-156. An opening counts for a connection of the agent's own team alone."""

from dataclasses import replace

import pytest
from django.test import Client

from muniment.agents.models import ChatOpening
from muniment.agents.types import OpeningState
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.models import ChatUser
from muniment.sso.services import let_chat
from muniment.sso.types import Statement
from tests.cast import Person
from tests.sso.provider import Provider
from tests.sso.team_with_chat import Chat
from tests.sso.team_with_provider import connect_saml, prove

pytestmark = pytest.mark.usefixtures("keys_are_made_once")


def test_an_opening_to_another_team_is_none_whatever_the_database_says(chat: Chat, mallory: Person) -> None:
    """The row is as the good one is, but for the team: it is shown to nobody, and lets in nobody who was sent."""
    prove(mallory.team, "mallory.example")
    hers = connect_saml(mallory, name="Next Door", provider=Provider("other"))
    row = {"agent": chat.agent, "connection": hers.connection, "everybody": True, "state": OpeningState.LIVE}
    ChatOpening.objects.create(**row)
    page = Client().get(chat.address).content.decode()
    assert "Sign in with Acme" in page  # the good one
    assert "Next Door" not in page
    refused = Client().post(f"{chat.address}/sign-in", {"connection": hers.connection.pk})
    assert refused.status_code == 422
    said = Statement("eve", "eve@mallory.example", email_verified=True, name="", groups=("staff",), attributes={})
    with pytest.raises(NotLetInError) as error:
        let_chat(connection=hers.connection, said=said, agent=chat.agent.pk)
    assert error.value.refused is Refused.NOT_FOR_YOU
    assert not ChatUser.objects.exists()
    own = replace(said, email="eve@example.org")
    assert let_chat(connection=chat.saml.connection, said=own, agent=chat.agent.pk)  # the good one
