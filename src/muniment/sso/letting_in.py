"""Who arrived: one of ours, somebody new, or nobody who is let in. And the session, where there is one.

* A provider speaks of people in the proven domains of its team, and of nobody else.
* Who somebody is, is connection and subject. The address counts once, to find an account that is not linked yet: it
  must be verified there, and its domain proven by this team.
* The session opens this team alone.
"""

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import IntegrityError, transaction

from muniment.accounts.errors import EmailRefusedError
from muniment.accounts.selectors import (
    answers_to_its_address,
    began_lately,
    known_account,
    own_account,
    provider_confirmed,
)
from muniment.accounts.services import (
    confirm_by_provider,
    email_address,
    make_vouched_user,
    sign_in_by_provider,
)
from muniment.accounts.types import NAME_LENGTH, OPENED_BY
from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.core.database.prepared import Given, Prepared
from muniment.sso import events
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.models import Connection, Identity, TakenStatement, Visit
from muniment.sso.selectors import same_still, speaks_for
from muniment.sso.session_index import kept_index
from muniment.sso.types import LONGEST_SUBJECT, Statement, Verdict, Way
from muniment.teams.selectors import is_proven, membership_in
from muniment.teams.services import follow_groups, provisioning_of, role_of_groups, seat_by_provider
from muniment.teams.types import Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponseBase

    from muniment.accounts.models import User
    from muniment.core.actors import Actor

_KNOWN = Prepared(
    lambda: Identity.objects.filter(connection=Given("connection"), subject=Given("subject")).select_related("user")
)
_SKEW_SECONDS = 60


def judge(connection: "Connection", said: Statement) -> Verdict:
    """What happens to who arrives with this. Changes nothing: a trial shows it, a sign-in does it."""
    if not said.email or not 0 < len(said.subject) <= LONGEST_SUBJECT:
        return Verdict(None, Refused.NO_EMAIL)
    try:
        email = email_address(said.email)
    except EmailRefusedError:
        return Verdict(None, Refused.NO_EMAIL)
    if not said.email_verified:
        return Verdict(None, Refused.UNVERIFIED_EMAIL)
    if not is_proven(connection.team_id, email) or not speaks_for(connection, email):
        return Verdict(None, Refused.OTHER_DOMAIN)
    known = _KNOWN.first(connection=connection.pk, subject=said.subject)
    if known is not None:
        return replace(standing(connection, known.user, Way.KNOWN), identity=known)
    user = known_account(email)
    return _judge_new(connection, said) if user is None else _judge_account(connection, said, user)


def _judge_new(connection: "Connection", said: Statement) -> Verdict:
    if not provisioning_of(connection.team_id).joins_on_sign_in:
        return Verdict(None, Refused.NOT_A_MEMBER)
    return Verdict(Way.CREATED, role=role_of_groups(connection.team_id, said.groups or ()))


def _judge_account(connection: "Connection", said: Statement, user: "User") -> Verdict:
    """Attack stopped: somebody is given the address of who left, and comes into that account. A person who is linked
    here stays who that is: another subject with the same address is somebody else, until an owner unlinks the first.
    """
    if Identity.objects.filter(connection=connection, user=user).exists():
        return Verdict(None, Refused.OTHER_PERSON, user)
    if membership_in(connection.team_id, user) is not None:
        return standing(connection, user, Way.LINKED)
    if not provisioning_of(connection.team_id).joins_on_sign_in:
        return Verdict(None, Refused.NOT_A_MEMBER, user)
    if not answers_to_its_address(user):
        return Verdict(None, Refused.UNPROVEN_ACCOUNT, user)
    if not user.is_active:
        return Verdict(None, Refused.SUSPENDED, user)
    return Verdict(Way.JOINED, user=user, role=role_of_groups(connection.team_id, said.groups or ()))


def standing(connection: "Connection", user: "User", way: Way) -> Verdict:
    membership = membership_in(connection.team_id, user)
    if membership is None:
        return Verdict(None, Refused.NOT_A_MEMBER, user)
    if membership.suspended_at is not None or not user.is_active:
        return Verdict(None, Refused.SUSPENDED, user)
    return Verdict(way, user=user, role=membership.held)


def let_in(
    *,
    request: "HttpRequest",
    connection: "Connection",
    said: Statement,
    after: str,
    asked_at: "datetime | None" = None,
) -> "HttpResponseBase":
    """Opens the session of who arrived; `asked_at`: when this browser was sent, None where the provider began. Raises
    NotLetInError; that is an event as well.
    """
    try:
        with transaction.atomic():
            return _opened(request, connection, said, after, asked_at)
    except NotLetInError as error:
        note_refusal(connection, error)
        raise


def _opened(
    request: "HttpRequest", connection: "Connection", said: Statement, after: str, asked_at: "datetime | None"
) -> "HttpResponseBase":
    """In one transaction: nobody is made, linked or given a role who is not let in; and it is written out once."""
    identity = _arrived(connection, said)
    follow_groups(team=connection.team_id, user=identity.user, groups=said.groups)
    response = sign_in_by_provider(
        request=request,
        user=identity.user,
        team=connection.team_id,
        until=said.until,
        confirmed=_is_fresh(said, asked_at),
        after=after,
    )
    request.session[SESSION_CONNECTION] = connection.pk
    _keep_names(request, identity, said)
    return response


def _keep_names(request: "HttpRequest", identity: Identity, said: Statement) -> None:
    """What the provider calls the session, as it said last: there it may be another one after it asked anew."""
    request.session[SESSION_VISIT] = {
        "name_id": said.subject,
        "format": said.name_id_format,
        "index": said.session_index,
        "id_token": said.id_token,
    }
    try:
        request.session.save()
    except UpdateError:  # it was ended while its person was at the provider
        raise SessionInterrupted("This session was ended meanwhile.") from None
    key, index = request.session.session_key or "", kept_index(said.session_index)
    Visit.objects.bulk_create(
        [Visit(session_id=key, identity=identity, session_index=index)],
        update_conflicts=True,
        unique_fields=["session"],
        update_fields=["identity", "session_index"],
    )


SESSION_CONNECTION = "sso_connection"
"""In a session: the connection that opened it."""
SESSION_VISIT = "sso_visit"
"""In a session, and ended with it: the name id, its format and the index under which a SAML provider knows it; of one
that speaks OpenID Connect the id token beside, with the name and address in it.
"""


def _arrived(connection: "Connection", said: Statement) -> Identity:
    """Within a transaction: of two arrivals at once one comes second, and finds what the first did."""
    require_standing(connection)
    use_once(connection, said.once, said.once_until)
    verdict = judge(connection, said)
    if verdict.refused is not None or verdict.way is None:
        refuse(verdict.refused or Refused.NOT_A_MEMBER)
    user = verdict.user or make_vouched_user(email=said.email, name=said.name[:NAME_LENGTH])
    if verdict.way in {Way.CREATED, Way.JOINED}:
        seat_by_provider(team=connection.team_id, user=user, role=verdict.role or Role.MEMBER)
    moment = now()
    if verdict.identity is not None:
        Identity.objects.filter(pk=verdict.identity.pk).update(seen_at=moment)
        return verdict.identity
    identity = Identity.objects.create(connection=connection, subject=said.subject, user=user, seen_at=moment)
    acting, facts = system_in(connection.team_id), {"way": verdict.way}
    record(kind=events.PERSON_ARRIVED, actor=acting, subject=user.ref, team=connection.team_id, facts=facts)
    return identity


def require_standing(connection: "Connection") -> None:
    """Attack stopped: a provider takes its time over an answer, and while it does the connection is switched off, or
    pointed at another provider: whom the first one names would be people of the second.
    """
    if not same_still(connection):
        refuse(Refused.OFF)


def use_once(connection: "Connection", name: str, until: "datetime | None") -> None:
    """Attack stopped: a statement is used a second time, by whoever saw it go by. Of two at once one comes second."""
    if not name or until is None:
        return
    digest = hashlib.sha256(name.encode()).digest()
    try:
        with transaction.atomic():
            TakenStatement.objects.create(connection=connection, name=digest, until=until)
    except IntegrityError:
        refuse(Refused.REPLAYED)


def confirm(
    *, request: "HttpRequest", actor: "Actor", connection: "Connection", said: Statement, asked_at: "datetime"
) -> None:
    """Who is signed in by this connection proved anew who that is. Raises NotLetInError.

    Attack stopped: whoever sits down at an open browser is waved through by the provider's own session: it must have
    asked after it was told to.
    """
    try:
        require_standing(connection)
        use_once(connection, said.once, said.once_until)
        identity = Identity.objects.filter(connection=connection, subject=said.subject, user=actor.user or 0).first()
        if identity is None or request.session.get(SESSION_CONNECTION) != connection.pk:
            refuse(Refused.ANOTHER_ACCOUNT)
        if not _is_fresh(said, asked_at):
            refuse(Refused.STALE)
    except NotLetInError as error:
        note_refusal(connection, error)
        raise
    with transaction.atomic():
        confirm_by_provider(actor=actor, user=own_account(actor), request=request)
        _keep_names(request, identity, said)


def _is_fresh(said: Statement, asked_at: "datetime | None") -> bool:
    """Whether the provider asked the person after it was told to."""
    if said.verified_at is None or asked_at is None:
        return False
    return (asked_at - said.verified_at).total_seconds() <= _SKEW_SECONDS


def came_by_provider_lately(request: "HttpRequest") -> bool:
    """Whether a connection of theirs that is on opened this session, or confirmed it, in the last ten minutes."""
    opened_by = Connection.objects.filter(pk=request.session.get(SESSION_CONNECTION, ""), is_on=True)
    lately = began_lately(request) or provider_confirmed(request)
    return lately and opened_by.filter(team=request.session.get(OPENED_BY, "")).exists()


def note_refusal(connection: "Connection", error: NotLetInError, *, for_chat: bool = False) -> None:
    facts: dict[str, object] = {"reason": error.refused}
    if error.detail is not None:
        facts[connection.protocol] = error.detail
    with transaction.atomic():
        record(
            kind=events.CHAT_USER_REFUSED if for_chat else events.ARRIVAL_REFUSED,
            actor=system_in(connection.team_id),
            subject=connection.pk,
            team=connection.team_id,
            outcome="refused",
            facts=facts,
        )


def refuse(refused: Refused) -> NoReturn:
    raise NotLetInError(refused, SENTENCES[refused])


_ADMIN = "Ask an owner of your team."
SENTENCES = {
    Refused.NO_EMAIL: "The provider does not say what your e-mail address is. Your administrator has it sent along.",
    Refused.UNVERIFIED_EMAIL: "The provider does not say that your e-mail address is verified. Have it verified there.",
    Refused.OTHER_DOMAIN: f"Your e-mail address is in no domain that your team has proven to be its own. {_ADMIN}",
    Refused.SUSPENDED: f"Your access to this team is suspended. {_ADMIN}",
    Refused.NOT_A_MEMBER: f"You are not a member of this team, and signing in does not make you one. {_ADMIN}",
    Refused.UNPROVEN_ACCOUNT: (
        "There is an account with your address that nobody has shown to be yours. Sign in to it with its password and "
        "confirm the address under My profile, or: ask an owner of your team."
    ),
    Refused.OTHER_PERSON: f"Your address belongs to somebody else here, who came by it before. {_ADMIN}",
    Refused.ANOTHER_ACCOUNT: "That is not who is signed in here. Sign in at the provider as the same person.",
    Refused.STALE: "The provider did not ask you to sign in anew, which is needed here. Sign out there and try again.",
    Refused.NOT_FOR_YOU: "This agent is not open to you. Ask whoever gave you its address.",
    Refused.REPLAYED: "This sign-in was used already. Begin again at the sign-in page.",
    Refused.OFF: f"This way to sign in is switched off. {_ADMIN}",
}
