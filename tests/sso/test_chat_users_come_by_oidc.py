"""Chat users of a connection that speaks OpenID Connect: the same room to ask in, by the other protocol."""

from typing import Any

import pytest
from django.test import Client

from muniment.agents.services import OpeningDraft, create_agent, open_to_chat_users
from muniment.agents.types import OpeningState
from muniment.sso.models import ChatUser, Connection
from tests.cast import Person
from tests.sso.oidc_provider import OidcProvider
from tests.sso.signing_in import Providing
from tests.sso.team_with_chat import Asking
from tests.sso.team_with_provider import in_session, led_to
from tests.sso.test_signing_in_by_oidc import connect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("consent")]
EVE = {"sub": "u-1", "email": "eve@example.org", "email_verified": True, "groups": ["staff"]}


def opened(owner: Person, provider: OidcProvider, **draft: Any) -> tuple[Connection, str]:
    """A live agent for the group `staff`: the connection, and the address of its chat."""
    connection, agent = connect(owner, provider), create_agent(actor=owner.actor, name="Handbook")
    wanted = OpeningDraft(**({"groups": ["staff"], "state": OpeningState.LIVE} | draft))
    open_to_chat_users(actor=owner.actor, agent=agent, connection=connection.pk, draft=wanted)
    return connection, f"/chat/{agent.pk}"


def sent(client: Client, connection: Connection, address: str) -> str:
    """Where this browser is led at the provider."""
    return led_to(client.post(f"{address}/sign-in", {"connection": connection.pk}))


def arrive(client: Client, connection: Connection, query: str) -> Any:
    return client.get(f"/sso/oidc/{connection.pk}/callback?{query}")


def test_who_is_in_a_group_is_let_in(alice: Person, oidc: Providing) -> None:
    provider = oidc(claims=EVE)
    connection, address = opened(alice, provider)
    client = Client()
    query = provider.sign_in(sent(client, connection, address))
    assert arrive(client, connection, query)["Location"] == address
    assert client.get(f"{address}/conversations").status_code == 200
    assert in_session(client) is None
    assert ChatUser.objects.get().subject == "u-1"
    assert arrive(client, connection, query).status_code == 400


@pytest.mark.parametrize(
    "said",
    [
        {"groups": []},
        {"groups": ["others"]},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "eve@elsewhere.example"},
    ],
)
def test_others_are_not(alice: Person, oidc: Providing, said: dict[str, Any]) -> None:
    """`test_who_is_in_a_group_is_let_in` is the positive control."""
    provider = oidc(claims=EVE | said)
    connection, address = opened(alice, provider)
    client = Client()
    assert arrive(client, connection, provider.sign_in(sent(client, connection, address))).status_code == 403
    assert not ChatUser.objects.exists()
    assert client.get(f"{address}/conversations")["Location"] == address


def test_an_answer_to_the_other_asking_is_refused(alice: Person, bob: Person, oidc: Providing) -> None:
    """The code that was given for a member's sign-in, with the state of a chat's, and the other way round."""
    provider = oidc(claims=EVE | {"email": bob.user.email})
    connection, address = opened(alice, provider)
    client = Client()
    to_chat = provider.sign_in(sent(client, connection, address))
    to_sign_in = provider.sign_in(led_to(client.post("/sign-in/organisation", {"email": bob.user.email})))
    states = [query.partition("state=")[2].partition("&")[0] for query in (to_chat, to_sign_in)]
    mixed = [to_chat.replace(states[0], states[1]), to_sign_in.replace(states[1], states[0])]
    assert [arrive(client, connection, query).status_code for query in mixed] == [403, 403]
    assert in_session(client) is None
    assert not ChatUser.objects.exists()
    again = provider.sign_in(sent(client, connection, address))
    assert arrive(client, connection, again)["Location"] == address


def test_a_provider_that_does_not_answer_is_told(alice: Person, oidc: Providing, consent: Asking) -> None:
    provider = oidc(claims=EVE)
    connection, address = opened(alice, provider)
    connection.oidc.discovered = None
    connection.oidc.save()
    provider.close()
    page = Client().post(f"{address}/sign-in", {"connection": connection.pk})
    assert page.status_code == 503
    assert "Sign in with Acme" in page.content.decode()
    assert consent.asked == []
