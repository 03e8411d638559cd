"""What comes round: metadata read anew, certificates that end soon, and what was used up or left forgotten."""

from datetime import timedelta
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.core.network.mail import send_mail
from muniment.core.registries import RunningJob, Schedule
from muniment.jobs.services import enqueue
from muniment.sso import events
from muniment.sso.chat_users import forget_absent, forget_ended
from muniment.sso.metadata import refresh
from muniment.sso.models import Arrival, Connection, SamlProvider, TakenStatement
from muniment.sso.selectors import days_left
from muniment.sso.types import ARRIVAL_KEPT, WARN_DAYS, Protocol
from muniment.teams.selectors import members_of
from muniment.teams.types import Role

LOOK_AFTER = "sso:look_after"
TELL_OWNERS = "sso:tell_owners"
SCHEDULE = Schedule(LOOK_AFTER, timedelta(hours=1))
_READ_EVERY = timedelta(days=1)


def look_after(job: RunningJob) -> None:
    """One connection that cannot be read holds no other up: why is kept with it, in words."""
    forget_used()
    for connection in Connection.objects.all():
        job.heartbeat()
        forget_absent(connection)
    for connection in Connection.objects.filter(protocol=Protocol.SAML).select_related("saml"):
        job.heartbeat()
        read_at = connection.saml.metadata_read_at
        if connection.saml.metadata_url and (read_at is None or now() - read_at >= _READ_EVERY):
            refresh(connection)
    warn_of_certificates()


def forget_used() -> None:
    Arrival.objects.filter(created_at__lt=now() - ARRIVAL_KEPT).delete()
    TakenStatement.objects.filter(until__lt=now()).delete()
    forget_ended()


def warn_of_certificates() -> None:
    """Owners are told 30, 14, 7 days and a day before the last certificate of a provider ends, once each."""
    for connection in Connection.objects.filter(protocol=Protocol.SAML, is_on=True).select_related("saml", "team"):
        left = days_left(connection.saml)
        due = min((days for days in WARN_DAYS if left is not None and left <= days), default=None)
        told = connection.saml.warned_days
        if due is not None and (told is None or due < told):
            _warn(connection, due)


def _warn(connection: Connection, days: int) -> None:
    acting = system_in(connection.team_id)
    with transaction.atomic():
        SamlProvider.objects.filter(pk=connection.pk).update(warned_days=days)
        facts = {"days": days}
        record(
            kind=events.CERTIFICATE_WARNED, actor=acting, subject=connection.pk, team=connection.team_id, facts=facts
        )
        payload = {"connection": connection.pk, "days": str(days)}
        enqueue(actor=acting, kind=TELL_OWNERS, payload=payload)


def tell_owners(job: RunningJob) -> None:
    """To each owner alone; nothing where no mail is sent. Raises what `send_mail` raises, and is then tried again: who
    had it already may have it twice.
    """
    connection = Connection.objects.filter(pk=job.payload["connection"]).first()
    if connection is None or settings.MUNIMENT_MAIL.server is None:
        return
    acting = system_in(connection.team_id)
    for owner in members_of(acting).filter(role=Role.OWNER, suspended_at=None, user__is_active=True):
        with override(owner.user.language or settings.LANGUAGE_CODE):
            message = _message(connection.name, int(job.payload["days"]))
            message["To"] = owner.user.email
            send_mail(message, mail=settings.MUNIMENT_MAIL, actor=acting)
        job.heartbeat()


def _message(name: str, days: int) -> EmailMessage:
    message = EmailMessage()
    left = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    message["Subject"] = _("The certificate of %(name)s ends in %(left)s") % {"name": name, "left": left}
    message["From"] = settings.MUNIMENT_MAIL.sender
    text = _(
        "After that nobody signs in by it. Ask whoever runs the provider for its new metadata, and bring them under My "
        "profile, Single sign-on."
    )
    message.set_content(f"{text}\n\n{settings.MUNIMENT_BASE_URL.origin}/profile/sso\n")
    return message
