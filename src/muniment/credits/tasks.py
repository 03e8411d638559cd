"""The background side of this room: mail to owners."""

from email.message import EmailMessage

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from muniment.core.actors import system_in
from muniment.core.network.mail import send_mail
from muniment.core.registries import RunningJob
from muniment.credits.selectors import levels
from muniment.credits.types import FULL, Credit, Level
from muniment.teams.selectors import members_of, team_of
from muniment.teams.types import Role


def tell_owners(job: RunningJob) -> None:
    """Job handler: that a limit comes near, to each owner alone; nothing where no mail is sent.

    Raises what `send_mail` raises, and is then tried again: who had it already may have it twice.
    """
    if job.team is None or settings.MUNIMENT_MAIL.server is None:
        return
    actor = system_in(job.team)
    credit, percent, use = Credit(job.payload["credit"]), int(job.payload["percent"]), levels(actor)
    level = use.words if credit is Credit.WORDS else use.queries
    if level.limit is None:
        return
    owners = members_of(actor).filter(role=Role.OWNER, suspended_at=None, user__is_active=True)
    for membership in owners:
        with override(membership.user.language or settings.LANGUAGE_CODE):
            message = _message(team_of(actor).name, level, percent)
            message["To"] = membership.user.email
            send_mail(message, mail=settings.MUNIMENT_MAIL, actor=actor)
        job.heartbeat()


def _message(team: str, level: Level, percent: int) -> EmailMessage:
    used, limit = (number_format(one or 0, force_grouping=True) for one in (level.used, level.limit))
    facts = {"team": team, "used": used, "limit": limit, "address": f"{settings.MUNIMENT_BASE_URL.origin}/team/credits"}
    if level.credit is Credit.WORDS:
        what = _("%(team)s stores %(used)s words of the %(limit)s that its limit allows.") % facts
        then = _("At the limit, documents wait for space; nothing is lost, and all that is live is answered from.")
    else:
        what = _("%(team)s has had %(used)s answers this month, of the %(limit)s that its limit allows.") % facts
        then = _("At the limit, questions are not answered until the month turns (UTC).")
    reached = percent == FULL
    message = EmailMessage()
    message["Subject"] = _("A limit of your team is reached") if reached else _("A limit of your team comes near")
    message["From"] = settings.MUNIMENT_MAIL.sender
    message.set_content(f"{what} {then}\n\n{facts['address']}\n")
    return message
