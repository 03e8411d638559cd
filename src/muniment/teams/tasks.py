"""Background work of this room: what follows a claim; looks into DNS; mail about domains."""

from email.message import EmailMessage

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.network.mail import send_mail
from muniment.core.registries import RunningJob, claim_steps
from muniment.teams.domain_checks import look, plan, settle
from muniment.teams.models import Domain
from muniment.teams.selectors import actor_by_ids, members_of
from muniment.teams.types import DOMAIN_GRACE, Role

PLAN = "teams:plan_domains"


def run_claim_steps(job: RunningJob) -> None:
    """What other rooms prepare for the first owner. Every step is idempotent: a killed run starts again."""
    if job.team is None:
        raise NotFoundError("The claim has no team.")
    owner = actor_by_ids(user=int(job.payload["user"]), team=job.team)
    for name in claim_steps:
        claim_steps.get(name)(owner)


def check_due_domain(job: RunningJob) -> None:
    """One look, and the plan for the next. A domain that was removed, or was looked at meanwhile, is left as it is."""
    row = Domain.objects.filter(pk=job.payload["domain"]).first()
    if row is None or row.next_check_at is None:
        return
    if row.next_check_at > now():
        job.complete_with(lambda: plan(row))
        return
    found = look(row)
    job.complete_with(lambda: settle(actor=system_in(row.team_id), domain=row, found=found))


def plan_due_domains(job: RunningJob) -> None:
    """Each hour, for those whose look was lost: given up as a job, or restored from a backup."""
    for row in Domain.objects.filter(next_check_at__lte=now()):
        plan(row)
    job.heartbeat()


def tell_of_domain(job: RunningJob) -> None:
    """To each owner alone: that a verified domain's record is gone, or that the domain counts no more. Nothing where no
    mail is sent. Raises what `send_mail` raises, and is then tried again: who had it already may have it twice.
    """
    domain = Domain.objects.filter(pk=job.payload["domain"]).select_related("team").first()
    if domain is None or settings.MUNIMENT_MAIL.server is None:
        return
    actor = system_in(domain.team_id)
    for membership in members_of(actor).filter(role=Role.OWNER, suspended_at=None, user__is_active=True):
        with override(membership.user.language or settings.LANGUAGE_CODE):
            message = _letter(domain, counts=job.payload["counts"] == "True")
            message["To"] = membership.user.email
            send_mail(message, mail=settings.MUNIMENT_MAIL, actor=actor)
        job.heartbeat()


def _letter(domain: Domain, *, counts: bool) -> EmailMessage:
    until = date_format((domain.missing_since or now()) + DOMAIN_GRACE, "DATETIME_FORMAT")
    facts = {"domain": domain.unicode_name or domain.name, "team": domain.team.name, "until": until}
    message = EmailMessage()
    if counts:
        message["Subject"] = _("The record of a domain of your team is gone")
        what = _("DNS has no record any more by which %(team)s proves that %(domain)s is its own.") % facts
        then = _("The domain counts until %(until)s (UTC), and longer if this record comes back before:") % facts
    else:
        message["Subject"] = _("A domain of your team counts no more")
        what = _("DNS had no record for a week by which %(team)s proves that %(domain)s is its own.") % facts
        then = _("Nobody of this domain is let in by a provider now. To prove it anew, have it tried again:")
    message["From"] = settings.MUNIMENT_MAIL.sender
    shown = f"{domain.record_name} TXT {domain.record_value}" if counts else settings.MUNIMENT_BASE_URL.origin
    message.set_content(f"{what} {then}\n\n{shown}\n")
    return message
