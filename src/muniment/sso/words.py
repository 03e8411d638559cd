"""What pages say of domains, connections and trials: (state of the element `status`, word, sentence)."""

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from muniment.core.wording import in_words
from muniment.sso.selectors import days_left
from muniment.sso.types import WARN_DAYS, Protocol, Way
from muniment.teams.types import DomainFound, DomainState

if TYPE_CHECKING:
    from muniment.sso.models import Connection
    from muniment.teams.models import Domain

Said = tuple[str, str, str]
PROTOCOLS = {Protocol.SAML: gettext_lazy("SAML 2.0"), Protocol.OIDC: gettext_lazy("OpenID Connect")}


def domain_state(domain: "Domain") -> Said:
    if domain.state == DomainState.VERIFIED:
        return _verified(domain)
    if domain.state == DomainState.FAILED:
        return "error", _("Failed"), _("The record was looked for in vain. Set it, then try again.")
    return "wait", _("Pending"), _pending(domain)


def _verified(domain: "Domain") -> Said:
    until = domain.counts_until
    if until is None:
        return "ok", _("Verified"), _("The record is looked at each day. Leave it where it is.")
    when = date_format(localtime(until), "DATE_FORMAT")
    text = _("The record is gone. The domain counts until %(when)s; set it again before that.") % {"when": when}
    return "warn", _("Record missing"), text


def _pending(domain: "Domain") -> str:
    found = {
        DomainFound.NOTHING.value: _("There is no such record yet. Name servers often take an hour to pass it on."),
        DomainFound.OTHER.value: _(
            "There are records of this name, but none with this value. Compare it letter by letter."
        ),
        DomainFound.UNKNOWN.value: _(
            "The name servers do not answer at the moment. They are asked again by themselves."
        ),
        DomainFound.HELD.value: _(
            "The record is right, but another team has proven this domain, and its record stands too."
        ),
    }
    return found.get(domain.found, _("The record is being looked for."))


def certificate_state(connection: "Connection") -> Said | None:
    """Only where something is to be done."""
    if connection.protocol != Protocol.SAML:
        return None
    saml, left = connection.saml, days_left(connection.saml)
    if saml.problem:
        return "warn", _("Metadata unread"), in_words(saml.problem)
    if left is not None and left < 0:
        return "error", _("Certificate ended"), _("Nobody can sign in by it. Bring the provider's new metadata.")
    if left is not None and left <= max(WARN_DAYS):
        days = ngettext("%(days)d day", "%(days)d days", left) % {"days": left}
        return "warn", _("Ends in %(days)s") % {"days": days}, _("Bring the provider's new metadata before that.")
    return None


def way(word: str) -> str:
    """What would happen, after a trial."""
    return {
        Way.KNOWN.value: _("This person came before, and would be signed in."),
        Way.LINKED.value: _("A member with this address would be signed in, and known by this provider from then on."),
        Way.JOINED.value: _("There is an account with this address. It would become a member, and be signed in."),
        Way.CREATED.value: _("An account would be made for this person, who would become a member and be signed in."),
    }[word]
