"""What tests of domains share: days that pass, a zone that changes, and what the log says."""

import json
from datetime import timedelta

from muniment.audit.models import Entry
from muniment.audit.services import checkpoint_now
from muniment.core.clock import frozen
from muniment.jobs.services import run_due
from muniment.teams.models import Domain
from muniment.teams.services import add_domain, check_domain
from tests.cast import Person
from tests.name_server import NameServerHere

OURS = "example.org"


def prove(server: NameServerHere, domain: Domain) -> None:
    server.zones.records.setdefault(domain.record_name, []).append(domain.record_value)


def withdraw(server: NameServerHere, domain: Domain) -> None:
    server.zones.records[domain.record_name].remove(domain.record_value)


def added(person: Person, name: str = OURS) -> Domain:
    return add_domain(actor=person.actor, team=person.team, name=name)


def verified(person: Person, server: NameServerHere, name: str = OURS) -> Domain:
    domain = added(person, name)
    prove(server, domain)
    found = check_domain(actor=person.actor, domain=domain)
    assert found.state == "verified"
    return found


def fresh(domain: Domain) -> Domain:
    return Domain.objects.get(pk=domain.pk)


def after(domain: Domain, **passed: float) -> Domain:
    """The domain once so much time has passed since it was added, with every look that was due run in its time."""
    end = domain.added_at + timedelta(**passed)
    while (due := fresh(domain).next_check_at) is not None and due <= end:
        with frozen(due):
            run_due()
        assert fresh(domain).next_check_at != due
    with frozen(end):
        run_due()
    return fresh(domain)


def events(domain: Domain) -> list[str]:
    """What the log has of it, oldest first."""
    checkpoint_now()
    kinds = Entry.objects.filter(kind__startswith="team:domain:").order_by("seq").values_list("kind", "body")
    return [kind.removeprefix("team:domain:") for kind, body in kinds if json.loads(body)["subject"] == domain.pk]
