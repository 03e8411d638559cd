"""Chat users: who comes by a connection to ask one agent, and is no member. Who arrived, and the session of that.

* No account is made, found or linked, and no membership: a member who comes is somebody else here.
* What the provider says is believed as of members: of people in the proven domains of its team. Who has no address
  comes by a group alone, for then nothing else says that the person is the team's.
* The session opens one agent, and whether it still does is asked in every request.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from muniment.accounts.errors import EmailRefusedError
from muniment.accounts.selectors import known_account
from muniment.accounts.services import email_address
from muniment.accounts.types import ABSOLUTE, IDLE
from muniment.audit.services import record
from muniment.core.actors import system_in
from muniment.core.clock import now
from muniment.core.registries import chat_rules, outsider_departures
from muniment.sso import events
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.letting_in import note_refusal, refuse, require_standing, standing, use_once
from muniment.sso.models import ChatSession, ChatUser, Identity
from muniment.sso.selectors import still_for
from muniment.sso.session_index import kept_index
from muniment.sso.types import LONGEST_SUBJECT, ChatUserHere, Way

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from muniment.sso.models import Connection
    from muniment.sso.types import Statement

_NOT_OURS = {Refused.NO_EMAIL, Refused.UNVERIFIED_EMAIL, Refused.OTHER_DOMAIN, Refused.SUSPENDED}
"""Of whom the provider says by now that they are not the team's."""
ABSENT = timedelta(days=180)
"""After that somebody who has not come is forgotten, with what he asked: the longest break of a school or a season is
shorter, and nobody else ever reads it.
"""
_AT_ONCE = 500
REMEMBERED = IDLE
"""How long a session that is over can still be signed out of at the provider, by a page that was left open."""
_STEP = IDLE / 144
"""Five minutes: how exactly the last use is known. One write of the session in that time, not in each request."""


def let_chat(*, connection: "Connection", said: "Statement", agent: str) -> str:
    """Opens a session for this agent; returns its token, for the cookie alone. Raises NotLetInError; that is an event
    as well.

    Attack stopped: somebody plants a token that he knows, and reads along once its browser is signed in: each arrival
    makes one of its own. And who left a group, and is refused, stays in with the browser that came before: what was
    said of somebody is kept although it lets nobody in.
    """
    try:
        with transaction.atomic():
            require_standing(connection)
            use_once(connection, said.once, said.once_until)
            token = _opened(connection, said, agent)
        if token is None:
            refuse(Refused.NOT_FOR_YOU)
    except NotLetInError as error:
        if error.refused in _NOT_OURS:
            end_chat_sessions(connection, chat_user__subject=said.subject)
        note_refusal(connection, error, for_chat=True)
        raise
    return token


def _opened(connection: "Connection", said: "Statement", agent: str) -> str | None:
    """None for who may not ask this agent."""
    if not 0 < len(said.subject) <= LONGEST_SUBJECT:
        refuse(Refused.NOT_FOR_YOU)
    domain, groups = _domain(connection, said), sorted(set(said.groups or ()))
    if _is_suspended(connection, said):
        refuse(Refused.SUSPENDED)
    known = {"groups": groups, "domain": domain, "seen_at": now()}
    if not is_open_to(agent=agent, connection=connection.pk, groups=frozenset(groups), domain=domain):
        ChatUser.objects.filter(connection=connection, subject=said.subject).update(**known)
        return None
    user, is_new = ChatUser.objects.update_or_create(connection=connection, subject=said.subject, defaults=known)
    acting = system_in(connection.team_id)
    record(kind=events.CHAT_USER_CAME, actor=acting, subject=user.ref, team=connection.team_id, facts={"new": is_new})
    return _new_session(user, said, agent)


def _is_suspended(connection: "Connection", said: "Statement") -> bool:
    """Attack stopped: a member whom the team suspended goes on asking as a chat user, where the provider knows no
    better.
    """
    known = Identity.objects.filter(connection=connection, subject=said.subject).select_related("user").first()
    user = known.user if known else known_account(email_address(said.email)) if said.email else None
    return user is not None and standing(connection, user, Way.KNOWN).refused is Refused.SUSPENDED


def _domain(connection: "Connection", said: "Statement") -> str:
    """Of the address, where one is said. Attack stopped: a provider that serves others as well, or lets anybody type an
    address, names people who are not the team's.
    """
    if not said.email:
        return ""
    try:
        email = email_address(said.email)
    except EmailRefusedError:
        refuse(Refused.NO_EMAIL)
    if not said.email_verified:
        refuse(Refused.UNVERIFIED_EMAIL)
    domain = email.rpartition("@")[2]
    if not still_for(connection, domain):
        refuse(Refused.OTHER_DOMAIN)
    return domain


def is_open_to(*, agent: str, connection: str, groups: frozenset[str], domain: str) -> bool:
    """What the rooms above say. Without any, nobody."""
    rules = chat_rules.entries()
    return bool(rules) and all(rule(agent=agent, connection=connection, groups=groups, domain=domain) for rule in rules)


def _new_session(user: ChatUser, said: "Statement", agent: str) -> str:
    token = secrets.token_urlsafe(32)
    ChatSession.objects.create(
        token_hash=_hash(token),
        chat_user=user,
        agent=agent,
        session_index=kept_index(said.session_index),
        name_id_format=said.name_id_format[:255],
        id_token=said.id_token,
        until=said.until,
    )
    return token


def chat_user_here(*, token: str, agent: str) -> ChatUserHere | None:
    """Who comes with this token to this agent, as of now; None for every other token, and for one that has ended.

    Attack stopped: a session outlives what it was opened for. It ends as a member's does, 12 hours after its last use
    and 7 days after sign-in, and when the provider wants it to; with its connection, and with the domain.
    """
    found = _session(token, agent)
    if found is None:
        return None
    user = found.chat_user
    if not user.connection.is_on or (user.domain and not still_for(user.connection, user.domain)):
        return None
    if now() - found.seen_at >= _STEP:
        ChatSession.objects.filter(pk=found.pk).update(seen_at=now())
        ChatUser.objects.filter(pk=user.pk).update(seen_at=now())
    connection = user.connection
    return ChatUserHere(user.ref, connection.team_id, connection.pk, frozenset(user.groups), user.domain)


def was_in_chat(*, token: str, agent: str) -> bool:
    """Whether it is the token of a session of this agent's, also of one that was ended lately."""
    return bool(token) and _sessions(token, agent).exists()


def end_chat_session(*, token: str, agent: str) -> ChatSession | None:
    """Signs out here. The session that was, also one that was ended lately; None for a token that is none."""
    found = _sessions(token, agent).first()
    if found is None:
        return None
    user = found.chat_user
    team, acting = user.connection.team_id, system_in(user.connection.team_id)
    with transaction.atomic():
        ChatSession.objects.filter(pk=found.pk).delete()
        record(kind=events.CHAT_USER_LEFT, actor=acting, subject=user.ref, team=team)
    return found


def end_chat_sessions(connection: "Connection", **of: object) -> int:
    """Within the caller's transaction: of everybody who came by it, or of whom `of` says (columns of sessions). They
    open nothing from now on, and are remembered for `REMEMBERED`.
    """
    return ChatSession.objects.filter(~_over(), chat_user__connection=connection, **of).update(until=now())


def end_chat_sessions_of(team: str, user: int) -> None:
    """Of a member, as far as a provider of the team named him as one (`core.registries.member_suspensions`)."""
    for one in Identity.objects.filter(connection__team=team, user=user).select_related("connection"):
        end_chat_sessions(one.connection, chat_user__subject=one.subject)


def forget_chat_users(connection: "Connection") -> int:
    """Within the caller's transaction. What they asked is erased by the rooms that keep it.

    Attack stopped: the connection is pointed at another provider, which names its people as the first named its own,
    and somebody reads another's conversations.
    """
    return _forget(connection, ChatUser.objects.filter(connection=connection))


def forget_absent(connection: "Connection") -> int:
    """Those who have not come for `ABSENT`, some at a time, so that others write in between. Who comes after all in
    this moment is not one of them: the rows are looked for in the transaction that takes them out.
    """
    with transaction.atomic():
        absent = ChatUser.objects.filter(connection=connection, seen_at__lt=now() - ABSENT, sessions=None)
        some = list(absent.order_by("seen_at").values_list("pk", flat=True)[:_AT_ONCE])
        return _forget(connection, ChatUser.objects.filter(pk__in=some))


def _forget(connection: "Connection", users: "QuerySet[ChatUser]") -> int:
    refs = list(users.values_list("ref", flat=True))
    for ref in refs:
        for erase in outsider_departures.entries():
            erase(connection.team_id, ref)
    users.delete()
    if refs:
        acting, facts = system_in(connection.team_id), {"chat_users": len(refs)}
        kind = events.CHAT_USERS_FORGOTTEN
        record(kind=kind, actor=acting, subject=connection.pk, team=connection.team_id, facts=facts)
    return len(refs)


def forget_ended() -> None:
    """Of those that are over nothing is left but who came, whose conversations are still there (`forget_absent`)."""
    ChatSession.objects.filter(_over(now() - REMEMBERED)).delete()


def _session(token: str, agent: str) -> ChatSession | None:
    return _sessions(token, agent).filter(~_over()).first()


def _sessions(token: str, agent: str) -> "QuerySet[ChatSession]":
    found = ChatSession.objects.filter(~_over(now() - REMEMBERED), token_hash=_hash(token), agent=agent)
    return found.select_related("chat_user__connection")


def _over(moment: "datetime | None" = None) -> Q:
    """Of sessions that were over at this moment; None: by now."""
    moment = moment or now()
    ended = Q(until__isnull=False, until__lte=moment)
    return ended | Q(seen_at__lte=moment - IDLE) | Q(created_at__lte=moment - ABSOLUTE)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
