"""Domains of a team: added, looked for, removed. Offered by `services`; what a look makes of one: `domain_checks`.

Who says which domains are a team's, says whose people its provider may vouch for: owners alone, by their own hands.
"""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.teams import events
from muniment.teams.domain_checks import look, plan, settle
from muniment.teams.domain_names import domain_name
from muniment.teams.errors import DomainError
from muniment.teams.membership import acting_in
from muniment.teams.models import Domain, Team
from muniment.teams.policies import require_in_team
from muniment.teams.selectors import opens_by_provider_only
from muniment.teams.types import DomainState

MOST = 100  # of one team
PAUSE = timedelta(seconds=30)  # between two looks that somebody asked for


def add_domain(*, actor: Actor, team: Team, name: str) -> Domain:
    """Its record is looked for from now on. Raises DomainNameError, DomainError, PermissionDeniedError, NotFoundError.

    That another team has the domain is not told: it shows once the record stands, to who could place it.
    """
    name = domain_name(name)
    with acting_in(actor, team, Permission.CONNECTION_UPDATE) as acting:
        if Domain.objects.filter(team=team).count() >= MOST:
            raise DomainError("A team has {limit} domains at most. Remove one first.", limit=MOST)
        try:
            with transaction.atomic():
                domain = Domain.objects.create(team=team, name=name, token=_token())
        except IntegrityError:
            raise DomainError("Your team has this domain already.") from None
        plan(domain)
        record(kind=events.DOMAIN_ADDED, actor=acting, subject=domain.pk, team=team.pk)
    return domain


def retry_domain(*, actor: Actor, domain: Domain) -> Domain:
    """Looks for 72 hours again. Raises DomainError for a domain that is verified, PermissionDeniedError, NotFoundError.

    Attack stopped: a domain was sold, its proof ran out, and the old record comes back with a copy of the old zone: a
    domain that once counted is proven by another token.
    """
    with acting_in(actor, domain.team, Permission.CONNECTION_UPDATE) as acting:
        row = _locked(domain)
        if row.state == DomainState.VERIFIED:
            raise DomainError("This domain is verified. There is nothing to try again.")
        if row.verified_at is not None:
            row.token = _token()
        row.state, row.found, row.verified_at, row.missing_since = DomainState.PENDING, "", None, None
        row.asked_at = moment = now()
        row.next_check_at = max(moment, row.checked_at + PAUSE) if row.checked_at else moment
        row.save()
        plan(row)
        record(kind=events.DOMAIN_RETRIED, actor=acting, subject=row.pk, team=row.team_id)
    return row


def check_domain(*, actor: Actor, domain: Domain) -> Domain:
    """Looks now, outside of any transaction, for up to 18 seconds; the domain as it is then. Within 30 seconds of the
    last look there is no other.

    Attack stopped: Mallory adds a domain of somebody else, has it looked for without end, and sends forged answers
    ahead of the name server's. Residue accepted: removed and added anew it is looked for at once, with two events.
    Raises DomainError where nothing is looked for, PermissionDeniedError, NotFoundError.
    """
    require_in_team(actor, domain.team, Permission.CONNECTION_UPDATE)
    asked, moment = _found(domain), now()
    if asked.state == DomainState.FAILED:
        raise DomainError("This domain is not looked for any more. Have it tried again.")
    rested = Domain.objects.filter(Q(checked_at=None) | Q(checked_at__lte=moment - PAUSE), pk=asked.pk)
    if rested.update(checked_at=moment):
        settle(actor=actor, domain=asked, found=look(asked))
    return _found(domain)


def remove_domain(*, actor: Actor, domain: Domain) -> None:
    """From now on nobody of it is let in by the team's provider. Raises PermissionDeniedError, NotFoundError."""
    with acting_in(actor, domain.team, Permission.CONNECTION_UPDATE) as acting:
        row = _locked(domain)
        others = Domain.objects.filter(team=row.team_id, state=DomainState.VERIFIED).exclude(pk=row.pk)
        if row.state == DomainState.VERIFIED and opens_by_provider_only(row.team_id) and not others.exists():
            raise DomainError("The provider alone opens your team, for this domain. Let passwords open it first.")
        facts = {"verified": row.state == DomainState.VERIFIED}
        record(kind=events.DOMAIN_REMOVED, actor=acting, subject=row.pk, team=row.team_id, facts=facts)
        row.delete()


def _token() -> str:
    return secrets.token_urlsafe(32)


def _found(domain: Domain) -> Domain:
    row = Domain.objects.select_related("team").filter(pk=domain.pk).first()
    if row is None:
        raise NotFoundError("Your team has no such domain, or not any more.")
    return row


def _locked(domain: Domain) -> Domain:
    """`acting_in` holds the team; a look that settles meanwhile holds the row."""
    row = Domain.objects.select_for_update().filter(pk=domain.pk).first()
    if row is None:
        raise NotFoundError("Your team has no such domain, or not any more.")
    return row
