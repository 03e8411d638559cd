"""A domain is a team's once its record is found in DNS, and as long as the record is not gone for a week."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from dnslib import RCODE

from muniment.core.clock import frozen, now
from muniment.core.network.dns import text_records
from muniment.jobs.models import Job
from muniment.jobs.schedules import enqueue_due
from muniment.jobs.services import run_due
from muniment.teams import domain_checks
from muniment.teams.errors import DomainError
from muniment.teams.models import Domain
from muniment.teams.selectors import domains_of, proven_domains
from muniment.teams.services import check_domain, remove_domain, retry_domain
from muniment.teams.types import DomainFound
from tests.accounts.mail_received import letters, mail  # noqa: F401 - a fixture
from tests.cast import Person
from tests.core.test_mail_out import MailServer
from tests.name_server import NameServerHere, name_server  # noqa: F401 - a fixture
from tests.teams.domain_stage import OURS, added, after, events, fresh, prove, verified, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_moment() -> Iterator[None]:
    with frozen(now()):
        yield


@pytest.fixture
def zone(name_server: NameServerHere) -> NameServerHere:  # noqa: F811 - the fixture
    return name_server


def test_a_record_that_stands_is_found_at_once(alice: Person, zone: NameServerHere) -> None:
    domain = added(alice, "Example.ORG.")
    assert (domain.name, domain.state) == (OURS, "pending")
    assert domain.record_name == "_muniment-challenge.example.org"
    assert domain.record_value == f"muniment-verification={domain.token}"
    assert proven_domains(alice.team.pk) == frozenset()
    prove(zone, domain)
    run_due()
    assert (fresh(domain).state, fresh(domain).verified_at) == ("verified", domain.added_at)
    assert proven_domains(alice.team.pk) == {OURS}
    assert events(domain) == ["create", "verify"]


def test_one_among_several_records_is_enough(alice: Person, zone: NameServerHere) -> None:
    domain = added(alice)
    zone.zones.records[domain.record_name] = ["something else", f' "{domain.record_value}"', "muniment-verification=x"]
    assert check_domain(actor=alice.actor, domain=domain).state == "verified"


def test_it_is_looked_for_ever_more_slowly_and_then_no_more(alice: Person, zone: NameServerHere) -> None:
    domain = added(alice)
    looks = []
    while (due := fresh(domain).next_check_at) is not None:
        looks.append(due - domain.added_at)
        with frozen(due):
            run_due()
    gaps = [later - earlier for earlier, later in pairwise(looks)]
    assert looks[:3] == [timedelta(0), timedelta(minutes=1), timedelta(minutes=2)]
    assert gaps[:-1] == sorted(gaps[:-1])
    assert max(gaps) == timedelta(hours=1)
    assert looks[-1] == timedelta(hours=72)
    assert (fresh(domain).state, fresh(domain).found) == ("failed", "nothing")
    assert events(domain) == ["create", "fail"]
    assert not Job.objects.filter(kind=domain_checks.CHECK, state="waiting").exists()


def test_a_late_record_is_found_and_after_a_failure_by_a_retry(alice: Person, zone: NameServerHere) -> None:
    late, missed = added(alice, "late.example.org"), added(alice, "missed.example.org")
    assert after(late, hours=50).state == "pending"
    prove(zone, late)
    assert after(late, hours=52).state == "verified"
    assert after(missed, hours=73).state == "failed"
    prove(zone, missed)
    with frozen(missed.added_at + timedelta(days=4)):
        run_due()
        assert fresh(missed).state == "failed"
        with pytest.raises(DomainError, match="tried again"):
            check_domain(actor=alice.actor, domain=missed)
        again = retry_domain(actor=alice.actor, domain=missed)
        assert (again.state, again.token) == ("pending", missed.token)
        run_due()
    assert fresh(missed).state == "verified"
    assert events(missed) == ["create", "fail", "retry", "verify"]


def test_nothing_is_tried_again_that_is_verified(alice: Person, zone: NameServerHere) -> None:
    with pytest.raises(DomainError, match="verified"):
        retry_domain(actor=alice.actor, domain=verified(alice, zone))


@pytest.mark.parametrize("trouble", [RCODE.SERVFAIL, RCODE.REFUSED])
def test_trouble_of_name_servers_takes_nothing_away(alice: Person, zone: NameServerHere, trouble: int) -> None:
    domain = verified(alice, zone)
    zone.zones.says = trouble
    row = after(domain, days=2)
    assert (row.state, row.found, row.missing_since) == ("verified", "unknown", None)
    zone.zones.says = RCODE.NOERROR
    withdraw(zone, domain)  # the same time of facts does
    assert after(domain, days=3).missing_since is not None


def test_silence_takes_nothing_away(alice: Person, zone: NameServerHere, monkeypatch: pytest.MonkeyPatch) -> None:
    domain = verified(alice, zone)
    monkeypatch.setattr(domain_checks, "text_records", partial(text_records, timeout=0.1))
    zone.zones.silent = True
    row = after(domain, days=1)
    assert (row.state, row.found) == ("verified", "unknown")


def test_a_verified_domain_is_looked_at_each_day(alice: Person, zone: NameServerHere) -> None:
    domain = verified(alice, zone)
    before = len(zone.zones.asked)
    assert after(domain, days=5, hours=1).state == "verified"
    assert len(zone.zones.asked) - before == 5


def test_a_record_that_is_gone_is_warned_of_and_counts_for_a_week(alice: Person, zone: NameServerHere) -> None:
    domain = verified(alice, zone)
    withdraw(zone, domain)
    row = after(domain, days=1)
    assert (row.state, row.found, row.missing_since) == ("verified", "nothing", domain.added_at + timedelta(days=1))
    assert row.counts_until == domain.added_at + timedelta(days=8)
    assert after(domain, days=7, hours=23).state == "verified"
    assert proven_domains(alice.team.pk) == {OURS}
    row = after(domain, days=8)
    assert (row.state, row.counts_until) == ("failed", None)
    assert proven_domains(alice.team.pk) == frozenset()
    assert events(domain) == ["create", "verify", "warn", "drop"]


def test_a_record_that_comes_back_in_time_ends_the_week(alice: Person, zone: NameServerHere) -> None:
    domain = verified(alice, zone)
    withdraw(zone, domain)
    assert after(domain, days=6).missing_since is not None
    prove(zone, domain)
    assert after(domain, days=7).missing_since is None
    assert after(domain, days=12).state == "verified"
    assert events(domain) == ["create", "verify", "warn", "return"]


def test_a_week_that_ends_in_trouble_is_not_over(alice: Person, zone: NameServerHere) -> None:
    domain = verified(alice, zone)
    withdraw(zone, domain)
    after(domain, days=7, hours=20)
    zone.zones.says = RCODE.SERVFAIL
    assert after(domain, days=8, hours=20).state == "verified"
    zone.zones.says = RCODE.NOERROR
    assert after(domain, days=8, hours=22).state == "failed"


def test_owners_are_told_by_mail_and_nobody_else(
    alice: Person,
    bob: Person,
    zone: NameServerHere,
    mail: MailServer,  # noqa: F811 - the fixture
) -> None:
    domain = verified(alice, zone)
    withdraw(zone, domain)
    after(domain, days=3)
    told = letters(mail)
    assert set(told) == {alice.user.email}
    assert told[alice.user.email].count("The record of a domain of your team is gone") == 1
    assert domain.token in told[alice.user.email]
    after(domain, days=9)
    assert "A domain of your team counts no more" in letters(mail)[alice.user.email]


def test_looks_that_were_lost_are_planned_anew(alice: Person, zone: NameServerHere) -> None:
    domain = added(alice)
    prove(zone, domain)
    Job.objects.all().delete()
    run_due()
    assert fresh(domain).state == "pending"
    enqueue_due()
    run_due()
    assert fresh(domain).state == "verified"


def test_a_look_that_ends_after_its_domain_changes_nothing(alice: Person, zone: NameServerHere) -> None:
    domain = added(alice)
    domain_checks.settle(actor=alice.actor, domain=Domain(pk=domain.pk, token="older"), found=DomainFound.PROOF)
    assert fresh(domain).state == "pending"
    remove_domain(actor=alice.actor, domain=domain)
    domain_checks.settle(actor=alice.actor, domain=domain, found=DomainFound.PROOF)
    run_due()
    assert list(domains_of(alice.actor)) == []
    assert events(domain) == ["create", "delete"]


def test_asking_again_and_again_asks_once(alice: Person, zone: NameServerHere) -> None:
    domain = added(alice)
    for _ in range(5):
        check_domain(actor=alice.actor, domain=domain)
    assert len(zone.zones.asked) == 1
    with frozen(domain.added_at + timedelta(seconds=30)):
        check_domain(actor=alice.actor, domain=domain)
    assert len(zone.zones.asked) == 2


def test_the_database_lets_one_team_have_a_domain(alice: Person, mallory: Person) -> None:
    Domain.objects.create(team=alice.team, name=OURS, token="a", state="verified")
    other = Domain.objects.create(team=mallory.team, name=OURS, token="b")
    other.state = "verified"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_a_team_has_a_domain_once_and_so_many(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    added(alice)
    with pytest.raises(DomainError, match="already"):
        added(alice, "EXAMPLE.org")
    monkeypatch.setattr("muniment.teams.domains.MOST", 2)
    added(alice, "second.example.org")
    with pytest.raises(DomainError, match="2 domains at most"):
        added(alice, "third.example.org")
