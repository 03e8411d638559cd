"""Reads: accounts and their sessions."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from muniment.accounts.models import AccountLink, AuthenticatorApp, Passkey, RecoveryCode, Session, TrustedBrowser, User
from muniment.accounts.networks import place
from muniment.accounts.policies import require_own
from muniment.accounts.types import (
    CONFIRMED_FOR,
    STARTED,
    AppView,
    BrowserView,
    Factor,
    FactorsView,
    FetchedLink,
    LinkPurpose,
    Owed,
    PasskeyView,
    SessionView,
)
from muniment.core.actors import Actor
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.registries import confirm_ways, home_teams, sign_in_rules

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

SESSION_CONFIRMED = "confirmed"
SESSION_PASSKEY = "passkey"
SESSION_PROVIDER_CONFIRMED = "provider_confirmed"


def own_account(actor: Actor) -> User:
    """The actor's own account; NotFoundError for an actor that is no person."""
    user = User.objects.filter(pk=actor.user or 0).first()
    if user is None:
        raise NotFoundError("There is no such account.")
    return user


def account_by_ref(ref: str) -> User:
    """For rooms above that decide themselves who may reach it. NotFoundError."""
    return _found(User.objects.filter(ref=ref).first())


def account_by_email(email: str) -> User:
    return _found(User.objects.filter(email=User.objects.normalise(email)).first())


def known_account(email: str) -> User | None:
    """For rooms above that tell nobody whether there is one."""
    return User.objects.filter(email=User.objects.normalise(email)).first()


def has_own_door(user: User) -> bool:
    """Whether something its person set opens the account: a password or a passkey."""
    return user.has_usable_password() or has_passkey(user)


def answers_to_its_address(user: User) -> bool:
    """Whether who reads the mail of this account's address, or who vouches for it, may take the account for that
    person's.

    Attack stopped: an account was made for the address of somebody else, in another team, by who knows its password;
    that person is brought into a team by its provider, and the other one comes along. An address that was shown to be
    the account's, or nothing that opens the account but a provider, is what tells them apart.
    """
    return user.email_verified_at is not None or not has_own_door(user)


def _found(user: User | None) -> User:
    if user is None:
        raise NotFoundError("There is no such account.")
    return user


def sessions_of(actor: Actor, *, user: User, current: str | None = None) -> list[SessionView]:
    """The person's live sessions, the one with the session key `current` first, then the last used first; in one that
    a team's provider opened, those it opened.
    """
    require_own(actor, user)
    views = [
        SessionView(
            id=session_id(row.session_key),
            device=row.device,
            address=row.address,
            place=place(row.address),
            started=row.started_at,
            seen=row.seen_at,
            current=row.session_key == current,
            team=row.opened_by,
        )
        for row in sessions_in_reach(actor, user).filter(expire_date__gt=now()).order_by("-seen_at")
        if row.started_at and row.seen_at
    ]
    return sorted(views, key=lambda view: not view.current)


def session_id(key: str) -> str:
    """The name of a session on pages: the key itself would open it for whoever reads the page."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def has_factor(user: User) -> bool:
    """Whether a second step is asked of this person."""
    return bool(second_factors(user))


def second_factors(user: User) -> frozenset[Factor]:
    """What the second step may be made with, besides a recovery code."""
    app = {Factor.APP} if AuthenticatorApp.objects.filter(user=user).exists() else set()
    return frozenset(app | ({Factor.PASSKEY} if has_passkey(user) else set()))


def factors_of(actor: Actor, *, user: User) -> FactorsView:
    """What the person has beside the password; passkeys by age, trusted browsers the last used first."""
    require_own(actor, user)
    app = AuthenticatorApp.objects.filter(user=user).first()
    passkeys = Passkey.objects.filter(user=user).order_by("created_at")
    browsers = TrustedBrowser.objects.filter(user=user, expires_at__gt=now()).order_by("-used_at")
    return FactorsView(
        app=AppView(app.name, app.created_at, app.used_at) if app else None,
        passkeys=[PasskeyView(row.pk, row.name, row.created_at, row.used_at) for row in passkeys],
        browsers=[BrowserView(row.pk, row.device, row.created_at, row.used_at, row.expires_at) for row in browsers],
        codes_left=RecoveryCode.objects.filter(user=user, used_at=None).count(),
    )


def owed_by(user: User) -> Owed:
    """What teams demand of how this person signs in (`core.registries.sign_in_rules`) and is not there.

    Every door asks: pages by `accounts.middleware.SignInGate`, others by `may_enter`.
    """
    demands = [demand for rule in sign_in_rules.entries() for demand in rule(user.pk)]
    factor = min((demand.factor_by for demand in demands if demand.factor_by), default=None)
    passkey = min((demand.passkey_by for demand in demands if demand.passkey_by), default=None)
    return Owed(
        factor=factor if factor and not has_factor(user) else None,
        passkey=passkey if passkey and not has_passkey(user) else None,
    )


def has_passkey(user: User) -> bool:
    return Passkey.objects.filter(user=user).exists()


def passkey_used_since(user: User, moment: datetime) -> bool:
    return Passkey.objects.filter(user=user, used_at__gte=moment).exists()


def passkey_demanded(user: User) -> bool:
    """Whether a session of this person has to be opened, or confirmed, with a passkey by now."""
    demands = (demand for rule in sign_in_rules.entries() for demand in rule(user.pk))
    return any(demand.passkey_by and demand.passkey_by <= now() for demand in demands)


def keeps_passkey(user: User) -> bool:
    """Whether a team counts on this person's passkey for the day its identity provider fails."""
    return any(demand.keeps_passkey for rule in sign_in_rules.entries() for demand in rule(user.pk))


def may_enter(user: User) -> bool:
    """Whether nothing is owed whose time of grace is over. For doors without a session, such as API keys of people."""
    first = owed_by(user).first
    return first is None or first > now()


def recently_confirmed(request: "HttpRequest") -> bool:
    """Whether the person in this session showed the password or a passkey again a moment ago."""
    return _lately(request, SESSION_CONFIRMED)


def confirmed_for_team(request: "HttpRequest") -> bool:
    """Whether dangerous acts in the team are open: the person showed the password or a passkey again a moment ago, or
    the provider that opened this session said anew who it is.
    """
    return recently_confirmed(request) or provider_confirmed(request)


def began_lately(request: "HttpRequest") -> bool:
    """Whether this session was opened a moment ago."""
    return _lately(request, STARTED)


def began_at(request: "HttpRequest") -> datetime | None:
    """When this session was opened; None of nobody's."""
    said = request.session.get(STARTED)
    return datetime.fromisoformat(str(said)) if said else None


def provider_confirmed(request: "HttpRequest") -> bool:
    """Whether the provider that opened this session said who it is a moment ago."""
    return _lately(request, SESSION_PROVIDER_CONFIRMED)


def _lately(request: "HttpRequest", name: str) -> bool:
    said = request.session.get(name)
    return bool(said) and now() - datetime.fromisoformat(str(said)) < CONFIRMED_FOR


def fetched_links(actor: Actor, *, user: User) -> list[FetchedLink]:
    """Recovery links that others fetched for this person in the last 90 days, the newest first."""
    require_own(actor, user)
    links = list(AccountLink.objects.filter(user=user, purpose=LinkPurpose.RECOVERY).order_by("-created_at"))
    names = {one.ref: one.name or one.email for one in User.objects.filter(ref__in=[link.fetched_by for link in links])}
    return [FetchedLink(names.get(link.fetched_by, ""), link.created_at, link.used_at) for link in links]


def confirmation_address(after: str) -> str:
    """Where a person shows the password or a passkey again, to go on to `after`, an address on this server."""
    return f"{reverse('accounts:confirm')}?{urlencode({'next': after})}"


def confirmation_elsewhere(request: "HttpRequest", after: str) -> str | None:
    """Where the person shows it instead in a session that a provider opened: there."""
    session = dict(request.session.items())
    ways = (confirm_ways.get(name)(session, after=after) for name in confirm_ways)
    return next(filter(None, ways), None)


def sessions_in_reach(actor: Actor, user: User) -> "QuerySet[Session]":
    """The person's sessions that this actor may see and end.

    Attack stopped: who runs a team's provider comes as one of its people, and sees from where they work for other
    teams, or throws them out there.
    """
    found = Session.objects.filter(user=user)
    return found.filter(opened_by=actor.team) if actor.alone else found


def team_that_sees(user: int) -> str | None:
    """The team whose log shows what this person does outside any team: signing in, changing the password."""
    return next((team for find in home_teams.entries() if (team := find(user))), None)
