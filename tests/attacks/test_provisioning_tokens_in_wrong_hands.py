"""Attacker: who has a token of a team's provider that is over, or another's; who has an API key, or a browser of
somebody signed in. Move: each of them at every address of SCIM; the token at every other door. Guarantee: G-154."""

from datetime import timedelta

import pytest
from django.test import Client

from muniment.audit.models import Outbox
from muniment.core.clock import frozen, now
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.scim import serving
from muniment.scim.errors import TokenDraftError
from muniment.scim.models import LogEntry, Provisioned, Token
from muniment.scim.selectors import provisioning_log, tokens_of
from muniment.scim.services import create_token, forget_old_entries, revoke_token
from muniment.scim.types import TOKEN_PREFIX, Act
from muniment.teams.models import Membership
from muniment.teams.selectors import operator_actor
from muniment.teams.services import actor_by_token, create_key, set_provisioning
from muniment.teams.types import KeyDraft, Role
from tests.cast import Person
from tests.scim.provider import Provider, provider_of

ADDRESSES = [
    ("GET", "/Users"),
    ("POST", "/Users"),
    ("GET", "/Groups"),
    ("POST", "/Bulk"),
    ("GET", "/ServiceProviderConfig"),
    ("GET", "/Schemas"),
    ("GET", "/"),
    ("DELETE", "/Nothing/at-all"),
]


def statuses(provider: Provider, token: str, **headers: str) -> set[int]:
    asking = Provider(provider.team, token, Client())
    body = {"userName": "ada@example.com"}
    return {
        asking.ask(method, path, body if method == "POST" else None, **headers).status for method, path in ADDRESSES
    }


def test_only_a_token_that_stands_opens_the_door(provider: Provider, alice: Person) -> None:
    held = frozenset(Permission)
    key = create_key(actor=alice.actor, team=alice.team, draft=KeyDraft(name="All", permissions=held, is_service=True))
    changed = provider.token[:20] + ("A" if provider.token[20] != "A" else "B") + provider.token[21:]
    for token in ("", "x", key.token, changed, provider.token[:-1], f"{TOKEN_PREFIX}{'a' * 43}_00000000"):
        assert statuses(provider, token) == {401}
    assert statuses(provider, provider.token, Authorization=f"Basic {provider.token}") == {401}
    refusal = provider.get("/Users", Authorization="Bearer nothing")
    assert refusal.headers["WWW-Authenticate"] == 'Bearer realm="SCIM"'
    assert refusal.body["status"] == "401"
    assert Provisioned.objects.count() == 0
    assert provider.get("/Users").status == 200


def test_no_cookie_opens_it(provider: Provider, alice: Person) -> None:
    assert alice.client.get("/scim/v2/Users").status_code == 401
    assert alice.client.get("/agents").status_code == 200


def test_a_token_that_is_over_opens_nothing(provider: Provider, alice: Person) -> None:
    assert provider.get("/Users").status == 200
    with frozen(now() + timedelta(days=366)):
        assert provider.get("/Users").status == 401
    (token,) = tokens_of(alice.actor)
    revoke_token(actor=alice.actor, token=token.id)
    assert provider.get("/Users").status == 401
    assert provider.create("ada@example.com").status == 401


def test_one_that_is_revoked_while_its_request_waits_changes_nothing(
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if the write had waited for its turn behind the revocation."""
    read = serving.normalised

    def waiting(method: str, path: str, body: bytes) -> bytes:
        Token.objects.all().delete()
        return read(method, path, body)

    monkeypatch.setattr(serving, "normalised", waiting)
    assert provider.create("ada@example.com").status == 401
    assert Provisioned.objects.count() == 0


def test_a_door_that_is_shut_lets_nobody_in(provider: Provider, alice: Person) -> None:
    made = provider.made("ada@example.com")
    set_provisioning(actor=alice.actor, role=Role.MEMBER, joins_on_sign_in=False, scim=False, heir=None)
    for answer in (provider.get("/Users"), provider.ask("DELETE", f"/Users/{made.id}"), provider.get("/Schemas")):
        assert answer.status == 403
        assert answer.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    set_provisioning(actor=alice.actor, role=Role.MEMBER, joins_on_sign_in=False, scim=True, heir=None)
    assert provider.get(f"/Users/{made.id}").status == 200


def test_a_token_opens_no_other_door(provider: Provider) -> None:
    headers = {"authorization": f"Bearer {provider.token}"}
    for address in ("/v1/models", "/api/v1/projects", "/api/muniment/agents"):
        assert Client().get(address, headers=headers).status_code in {401, 404}
    assert Client().get("/v1/models", headers=headers).status_code == 401
    assert provider.get("/Users").status == 200


def test_only_owners_and_the_operator_make_and_see_them(alice: Person, bob: Person, mallory: Person) -> None:
    for actor in (bob.actor, operator_actor(None)):
        with pytest.raises((PermissionDeniedError, NotFoundError)):
            create_token(actor=actor, name="Mine")
    Membership.objects.filter(user=bob.user).update(role=Role.ADMINISTRATOR)
    with pytest.raises(PermissionDeniedError):
        create_token(actor=bob.actor, name="Mine")
    made = create_token(actor=alice.actor, name="Directory")
    with pytest.raises(NotFoundError):
        revoke_token(actor=mallory.actor, token=made.id)
    assert tokens_of(mallory.actor) == []
    assert [one.name for one in tokens_of(bob.actor)] == ["Directory"]
    create_token(actor=operator_actor(alice.team.pk), name="Second")
    assert revoke_token(actor=alice.actor, token=made.id) == "Directory"


def test_no_more_than_two_live_and_none_for_ever(alice: Person) -> None:
    for days in (0, 366):
        with pytest.raises(TokenDraftError):
            create_token(actor=alice.actor, name="Directory", days=days)
    first = create_token(actor=alice.actor, name="Directory", days=1)
    create_token(actor=alice.actor, name="Directory")
    with pytest.raises(TokenDraftError):
        create_token(actor=alice.actor, name="Third")
    with frozen(now() + timedelta(days=2)):
        create_token(actor=alice.actor, name="Third")
    assert first.token not in str(list(Token.objects.values()))


def test_a_key_of_an_owner_makes_none(alice: Person) -> None:
    """Attack: who stole an API key makes a token, which outlives the key."""
    draft = KeyDraft(name="All", permissions=frozenset(Permission))
    key = create_key(actor=alice.actor, team=alice.team, draft=draft).token
    with pytest.raises(PermissionDeniedError):
        create_token(actor=actor_by_token(key)[0], name="Mine")
    assert create_token(actor=alice.actor, name="Mine").token


def test_one_that_runs_wild_is_held_up(provider: Provider, settings: object) -> None:
    settings.MUNIMENT_API_RATE = 3  # type: ignore[attr-defined]
    answers = [provider.get("/Users") for _ in range(5)]
    assert [one.status for one in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].body["status"] == "429"
    assert answers[0].headers["RateLimit"].startswith('"key";r=2')


def test_owners_read_what_was_done_and_refused(provider: Provider, alice: Person, bob: Person) -> None:
    ada = provider.made("ada@example.com").id
    provider.create("eve@evil.example")
    provider.patch(f"/Users/{ada}", {"op": "replace", "path": "active", "value": False})
    provider.bulk({"method": "DELETE", "path": f"/Users/{ada}", "version": 'W/"old"'})
    provider.get("/Users/unknown")
    said = provisioning_log(alice.actor)
    assert [(one.act, one.done) for one in said] == [
        (Act.USER_DELETED, False),
        (Act.USER_SUSPENDED, True),
        (Act.USER_CREATED, False),
        (Act.USER_CREATED, True),
    ]
    assert said[2].reason.startswith("The domain of this address is not proven.")
    assert {one.token for one in said} == {"Directory"}
    assert said[0].whom == said[3].whom != ""
    assert [one.act.words for one in provisioning_log(alice.actor, refused_alone=True)] == [
        "Remove somebody",
        "Bring somebody into the team",
    ]
    with pytest.raises(PermissionDeniedError):
        provisioning_log(bob.actor)
    told = b"".join(bytes(one.body) for one in Outbox.objects.all())
    assert b"team:provisioning:refuse" in told
    assert b"example.com" not in told
    assert b"evil.example" not in told
    assert "example" not in str(list(LogEntry.objects.values()))
    with frozen(now() + timedelta(days=91)):
        assert forget_old_entries() == 4


def test_another_team_reads_its_own_alone(provider: Provider, mallory: Person) -> None:
    provider.made("ada@example.com")
    other = provider_of(mallory, "next.example")
    assert provisioning_log(mallory.actor) == []
    other.made("eve@next.example")
    assert len(provisioning_log(mallory.actor)) == 1
