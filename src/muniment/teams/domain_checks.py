"""What a look into DNS makes of a team's domain.

PENDING: looked for at once, then ever more slowly, for 72 hours; then FAILED. VERIFIED: looked at each day. Where the
record is found gone, owners are warned, and the domain counts for another week; a look after that which still does not
find it makes it FAILED. A look that learns nothing (no answer, an error of the server) never takes a domain away.

One domain is one team's: who is verified keeps it while the record stands and for the week after. Residue accepted: a
domain that was sold counts for up to eight days more, and for as long as its new owner's zone keeps the old record.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from muniment.audit.services import record
from muniment.audit.types import AuditKind
from muniment.core.actors import Actor, system_in
from muniment.core.clock import now
from muniment.core.network.dns import text_records
from muniment.core.network.errors import UnansweredError
from muniment.jobs.services import enqueue
from muniment.teams import events
from muniment.teams.models import Domain
from muniment.teams.types import DomainFound, DomainState

CHECK = "teams:check_domain"
TELL = "teams:tell_of_domain"

FASTEST, SLOWEST = timedelta(minutes=1), timedelta(hours=1)  # between two looks for a record that is not there yet
PATIENCE = timedelta(hours=72)
DAILY = timedelta(days=1)
WATCHFUL = timedelta(hours=6)  # between two looks for a record that is gone
_TOLD = frozenset({events.DOMAIN_WARNED, events.DOMAIN_DROPPED})


def look(domain: Domain) -> DomainFound:
    """Asks name servers: outside of a transaction."""
    try:
        records = text_records(domain.record_name)
    except UnansweredError:
        return DomainFound.UNKNOWN
    if domain.record_value in {one.strip(' "') for one in records}:  # consoles of providers add quotes
        return DomainFound.PROOF
    return DomainFound.OTHER if records else DomainFound.NOTHING


def settle(*, actor: Actor, domain: Domain, found: DomainFound) -> None:
    """In one transaction: the domain's next state, its event, its next look. Nothing where the domain was removed, or
    is asked for by another token, since the look began.
    """
    with transaction.atomic():
        row = Domain.objects.select_for_update().filter(pk=domain.pk, token=domain.token).first()
        if row is None or row.state == DomainState.FAILED:
            return
        row.found, row.checked_at = found, now()
        happened = _kept(row) if row.state == DomainState.VERIFIED else _sought(row)
        row.save()
        plan(row)
        if happened is None:
            return
        facts = {"found": DomainFound(row.found)} if happened.facts else None
        record(kind=happened, actor=actor, subject=row.pk, team=row.team_id, facts=facts)
        if happened in _TOLD:
            payload = {"domain": row.pk, "counts": str(happened is events.DOMAIN_WARNED)}
            enqueue(actor=system_in(row.team_id), kind=TELL, payload=payload)


def plan(domain: Domain) -> None:
    """The domain's next look, in the caller's transaction."""
    if domain.next_check_at is not None:
        actor = system_in(domain.team_id)
        enqueue(actor=actor, kind=CHECK, payload={"domain": domain.pk}, key=domain.pk, run_at=domain.next_check_at)


def _sought(row: Domain) -> AuditKind | None:
    moment = now()
    if row.found == DomainFound.PROOF:
        if _is_taken_by(row, moment):
            return events.DOMAIN_VERIFIED
        row.found = DomainFound.HELD
    waited = moment - row.asked_at
    if waited >= PATIENCE:
        row.state, row.next_check_at = DomainState.FAILED, None
        return events.DOMAIN_FAILED
    row.next_check_at = min(moment + min(max(FASTEST, waited / 4), SLOWEST), row.asked_at + PATIENCE)
    return None


def _is_taken_by(row: Domain, moment: datetime) -> bool:
    """Attack stopped: Mallory, who controls the zone for an hour, takes the domain from the team whose proof stands."""
    if Domain.objects.filter(name=row.name, state=DomainState.VERIFIED).exists():
        return False
    row.state, row.verified_at, row.missing_since = DomainState.VERIFIED, moment, None
    row.next_check_at = moment + DAILY
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # another team's proof was found in the same moment
        row.state, row.verified_at = DomainState.PENDING, None
        return False
    return True


def _kept(row: Domain) -> AuditKind | None:
    moment = now()
    if row.found == DomainFound.PROOF:
        was_missing, row.missing_since = row.missing_since is not None, None
        row.next_check_at = moment + DAILY
        return events.DOMAIN_RETURNED if was_missing else None
    if row.found == DomainFound.UNKNOWN:
        row.next_check_at = moment + SLOWEST
        return None
    is_new = row.missing_since is None
    row.missing_since = row.missing_since or moment
    ends = row.counts_until or moment
    if moment >= ends:
        row.state, row.next_check_at = DomainState.FAILED, None
        return events.DOMAIN_DROPPED
    row.next_check_at = min(moment + WATCHFUL, ends)
    return events.DOMAIN_WARNED if is_new else None
