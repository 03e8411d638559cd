"""Attacker: Mallory, owner of another team, with domains and name servers of her own; and who owns nothing in Alice's.
Move: has a domain that is Alice's counted for her team, by its looks, from below or above it, with another team's token
or record, by answers of her own, or after it was sold; or adds one without being an owner. Guarantee: G-131, G-132.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from dnslib import QTYPE, RR, TXT, DNSRecord

from muniment.core.actors import Actor
from muniment.core.clock import frozen, now
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.jobs.services import run_due
from muniment.teams.errors import DomainNameError
from muniment.teams.selectors import actor_for, domain, domains_of, is_proven, proven_domains
from muniment.teams.services import (
    actor_by_token,
    add_domain,
    add_member,
    check_domain,
    create_key,
    create_role,
    remove_domain,
    retry_domain,
)
from muniment.teams.types import RESERVED, KeyDraft, Role, RoleDraft
from tests.cast import Person, person
from tests.name_server import NameServerHere, forged, name_server  # noqa: F401 - a fixture
from tests.teams.domain_stage import OURS, added, after, fresh, prove, verified, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_moment() -> Iterator[None]:
    with frozen(now()):
        yield


@pytest.fixture
def zone(name_server: NameServerHere) -> NameServerHere:  # noqa: F811 - the fixture
    return name_server


def test_two_teams_prove_one_domain_and_the_first_keeps_it(
    alice: Person, mallory: Person, zone: NameServerHere
) -> None:
    hers = verified(alice, zone)
    theirs = added(mallory)
    prove(zone, theirs)  # Mallory controls the zone for an hour
    row = check_domain(actor=mallory.actor, domain=theirs)
    assert (row.state, row.found) == ("pending", "held")
    assert not is_proven(mallory.team.pk, f"alice@{OURS}")
    assert is_proven(alice.team.pk, f"alice@{OURS}")
    remove_domain(actor=alice.actor, domain=hers)
    assert after(theirs, hours=2).state == "verified"  # what Alice gives up may be another team's


def test_a_domain_that_was_sold_is_its_new_owner_s_after_a_week(
    alice: Person, mallory: Person, zone: NameServerHere
) -> None:
    sold = verified(alice, zone)
    withdraw(zone, sold)
    assert after(sold, days=9).state == "failed"
    with frozen(now() + timedelta(days=9)):
        bought = added(mallory)
        prove(zone, bought)
        run_due()
        assert proven_domains(mallory.team.pk) == {OURS}
        assert proven_domains(alice.team.pk) == frozenset()
        prove(zone, sold)  # with a copy of the old zone
        again = retry_domain(actor=alice.actor, domain=sold)
        assert again.token != sold.token
        remove_domain(actor=mallory.actor, domain=bought)
        run_due()
        assert fresh(sold).state == "pending"


def test_the_record_of_another_team_proves_nothing(alice: Person, mallory: Person, zone: NameServerHere) -> None:
    hers, theirs = added(alice), added(mallory)
    prove(zone, hers)
    row = check_domain(actor=mallory.actor, domain=theirs)
    assert (row.state, row.found) == ("pending", "other")
    assert hers.token != theirs.token
    assert check_domain(actor=alice.actor, domain=hers).state == "verified"


def test_the_token_of_one_domain_proves_no_other(alice: Person, zone: NameServerHere) -> None:
    one, other = added(alice, "one.example"), added(alice, "other.example")
    zone.zones.records[one.record_name] = [other.record_value]
    zone.zones.records[other.record_name] = [other.record_value]
    assert check_domain(actor=alice.actor, domain=one).state == "pending"
    assert check_domain(actor=alice.actor, domain=other).state == "verified"


@pytest.mark.parametrize(
    "address",
    [
        "alice@mail.example.org",
        "alice@org",
        "alice@xample.org",
        "alice@notexample.org",
        "alice@example.org.evil.example",
        "alice@example.org.",
        "alice@ex\u0430mple.org",  # a Cyrillic a
        "alice@\uff45xample.org",  # a full-width e
        "alice@example\u3002org",
        "alice@example.org@evil.example",
        "alice@evil.example@example.org",
        '"alice@example.org"@evil.example',
        "alice@example.org\u200b",
        "alice@ example.org",
        "@example.org",
        "example.org",
        "",
    ],
)
def test_only_the_very_domain_counts(alice: Person, zone: NameServerHere, address: str) -> None:
    verified(alice, zone)
    assert not is_proven(alice.team.pk, address)
    assert is_proven(alice.team.pk, "alice@Example.org")


def test_a_kelvin_sign_is_no_k(alice: Person, zone: NameServerHere) -> None:
    verified(alice, zone, "kiosk.example")
    assert not is_proven(alice.team.pk, "alice@\u212aiosk.example")
    assert is_proven(alice.team.pk, "alice@Kiosk.example")


def test_a_look_alike_is_another_domain_and_shows_it(alice: Person, mallory: Person, zone: NameServerHere) -> None:
    verified(alice, zone)
    alike = verified(mallory, zone, "ex\u0430mple.org")
    assert (alike.name, alike.unicode_name) == ("xn--exmple-4nf.org", "ex\u0430mple.org")
    assert not is_proven(mallory.team.pk, f"alice@{OURS}")


@pytest.mark.parametrize("name", ["mail.example.org", "example.org.evil.example"])
def test_a_domain_below_or_beside_is_a_domain_of_its_own(
    alice: Person, mallory: Person, zone: NameServerHere, name: str
) -> None:
    verified(alice, zone)
    verified(mallory, zone, name)
    assert proven_domains(mallory.team.pk) == {name}
    assert not is_proven(mallory.team.pk, f"alice@{OURS}")


def test_nobody_has_what_everybody_uses(mallory: Person) -> None:
    for name in ("gmail.com", "GMAIL.com.", "co.uk", "com"):
        with pytest.raises(DomainNameError):
            added(mallory, name)
    assert added(mallory, "evil.example").state == "pending"


def test_forged_answers_are_not_heard(mallory: Person, zone: NameServerHere) -> None:
    theirs = added(mallory, "victim.example")
    zone.zones.records[theirs.record_name] = []
    zone.zones.before = [
        lambda question: forged(question, theirs.record_value, other_id=True),
        lambda question: forged(question, theirs.record_value, other_name="evil.example"),
        lambda question: forged(question, theirs.record_value, other_name="victim.example"),
    ]
    assert check_domain(actor=mallory.actor, domain=theirs).found == "nothing"
    zone.zones.before = []
    prove(zone, theirs)
    with frozen(now() + timedelta(minutes=1)):
        assert check_domain(actor=mallory.actor, domain=theirs).state == "verified"


def test_an_alias_leads_where_the_zone_s_owner_says(alice: Person, zone: NameServerHere) -> None:
    """A record of a third name in the answer proves nothing unless an alias of the asked name leads to it."""
    mine = added(alice)
    zone.zones.before = [lambda question: _beside(question, mine.record_value)]
    assert check_domain(actor=alice.actor, domain=mine).state == "pending"
    zone.zones.before = []
    zone.zones.aliases[mine.record_name] = "proofs.example.net"
    zone.zones.records["proofs.example.net"] = [mine.record_value]
    with frozen(now() + timedelta(minutes=1)):
        assert check_domain(actor=alice.actor, domain=mine).state == "verified"


def _beside(question: DNSRecord, text: str) -> bytes:
    reply = question.reply(ra=1)
    reply.add_answer(RR("proofs.example.net", QTYPE.TXT, rdata=TXT([text.encode()])))
    return bytes(reply.pack())


def test_owners_alone_add_domains(alice: Person, zone: NameServerHere) -> None:
    verified(alice, zone)
    for actor in (*_others(alice), *_keys(alice)):
        with pytest.raises(PermissionDeniedError):
            add_domain(actor=actor, team=alice.team, name="second.example")
        for act in (check_domain, retry_domain, remove_domain):
            with pytest.raises(PermissionDeniedError):
                act(actor=actor, domain=domains_of(alice.actor)[0])
    assert add_domain(actor=alice.actor, team=alice.team, name="second.example").state == "pending"


def _others(alice: Person) -> Iterator[Actor]:
    user = person("harriet")
    add_member(actor=alice.actor, team=alice.team, user=user, role=Role.ADMINISTRATOR)
    yield actor_for(user, alice.team)
    most = frozenset(Permission) - RESERVED
    role = create_role(actor=alice.actor, team=alice.team, draft=RoleDraft("Nearly", "", most))
    second = person("hugo")
    add_member(actor=alice.actor, team=alice.team, user=second, role=role)
    yield actor_for(second, alice.team)


def _keys(alice: Person) -> Iterator[Actor]:
    for is_service in (False, True):
        draft = KeyDraft("All", frozenset(Permission), is_service=is_service)
        yield actor_by_token(create_key(actor=alice.actor, team=alice.team, draft=draft).token)[0]


def test_no_role_of_a_team_s_own_may_say_whose_people_enter(alice: Person) -> None:
    with pytest.raises(PermissionDeniedError, match="owners alone"):
        create_role(
            actor=alice.actor,
            team=alice.team,
            draft=RoleDraft("Connector", "", frozenset({Permission.CONNECTION_UPDATE})),
        )
    seen = create_role(
        actor=alice.actor, team=alice.team, draft=RoleDraft("Viewer", "", frozenset({Permission.CONNECTION_VIEW}))
    )
    assert seen.name == "Viewer"


def test_a_domain_of_another_team_is_not_there(
    alice: Person, bob: Person, mallory: Person, zone: NameServerHere
) -> None:
    hers = verified(alice, zone)
    for act in (check_domain, retry_domain, remove_domain):
        with pytest.raises(NotFoundError):
            act(actor=mallory.actor, domain=hers)
    with pytest.raises(NotFoundError):
        add_domain(actor=mallory.actor, team=alice.team, name="second.example")
    with pytest.raises(NotFoundError):
        domain(mallory.actor, hers.pk)
    with pytest.raises(PermissionDeniedError):
        domains_of(bob.actor)
    assert list(domains_of(mallory.actor)) == []
    assert domain(alice.actor, hers.pk) == hers
