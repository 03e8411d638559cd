"""A message to oneself, to see whether mail goes out."""

from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from muniment.accounts.selectors import own_account
from muniment.audit.services import record
from muniment.console.events import MAIL_TRIED
from muniment.console.policies import check_operated
from muniment.core.actors import Actor
from muniment.core.errors import MunimentError
from muniment.core.network.mail import send_mail


def try_mail(*, actor: Actor) -> MunimentError | None:
    """Sends the actor a test message; why it did not go out, None when the mail server took it."""
    check_operated(actor)
    message = EmailMessage()
    message["Subject"] = _("Muniment can send mail")
    message["From"], message["To"] = settings.MUNIMENT_MAIL.sender, own_account(actor).email
    message.set_content(
        _("This is the test message you asked for on %(host)s.") % {"host": settings.MUNIMENT_BASE_URL.origin}
    )
    why = None
    try:
        send_mail(message, mail=settings.MUNIMENT_MAIL, actor=actor)
    except MunimentError as error:
        why = error
    with transaction.atomic():
        record(kind=MAIL_TRIED, actor=actor, facts={"sent": why is None})
    return why
