"""How an installation gets its owner: a link from the server's own terminal, used once.

docs/decisions/0009-setup-and-sessions.md.

* The token is 256 random bits. It lies in the fragment of the link, which browsers do not send: no log of ours, of a
  proxy or of a history service sees it. Here only its SHA-256 is kept, for 30 minutes.
* A new link voids the one before; a used one is gone; after the claim none is ever issued again.
* Of two claims at once one wins: the link's row can be deleted once, and `Claim` has one row.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from muniment.accounts.services import store_user, unsaved_user
from muniment.audit.services import record
from muniment.core.actors import SYSTEM, Actor, ActorKind
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.crypto.recovery import GROUPS, cleartext_recovery_kit
from muniment.crypto.root import cleartext_root
from muniment.jobs.services import enqueue
from muniment.teams import events
from muniment.teams.errors import AlreadyClaimedError, KitMismatchError, SetupLinkError
from muniment.teams.founding import take_over
from muniment.teams.models import Claim, SetupLink
from muniment.teams.policies import require_operator
from muniment.teams.selectors import actor_for, is_claimed, owes_kit_confirmation

if TYPE_CHECKING:
    from muniment.accounts.models import User

LIFETIME = timedelta(minutes=30)
ASKED_BACK = 2
CLAIM_STEPS = "teams:claim_steps"
_CONFUSED = str.maketrans("OIL", "011")
_DEAD_LINK = "This setup link does not work any more. Run on the server: muniment setup-link"


def issue_setup_link(*, actor: Actor) -> str:
    """A new link, the only one that works from now on. Show it to whoever sits at the server; never log it."""
    require_operator(actor)
    token = secrets.token_urlsafe(32)
    moment = now()
    with transaction.atomic():
        if is_claimed():
            raise AlreadyClaimedError("This installation has an owner already. Sign in, or ask an owner to add you.")
        SetupLink.objects.all().delete()
        SetupLink.objects.create(token_hash=_hash(token), created_at=moment, expires_at=moment + LIFETIME)
        record(kind=events.SETUP_LINK_ISSUED, actor=actor)
    return f"{settings.MUNIMENT_BASE_URL.origin}/setup#{token}"


def claim(*, token: str, email: str, password: str, team_name: str) -> "User":
    """Makes the first account, the first team and its key, with one event; the person becomes the owner.

    Nobody is signed in yet: the token is the permission. It is checked before the password is hashed, so that only
    its holder can make the server work, and again in the transaction. Raises SetupLinkError, AlreadyClaimedError, and
    what `accounts.services.unsaved_user` raises.
    """
    try:
        _check(token)
    except SetupLinkError:
        with transaction.atomic():
            record(kind=events.CLAIM_REFUSED, actor=SYSTEM, outcome="refused")
        raise
    user = unsaved_user(email=email, password=password)
    try:
        with transaction.atomic():
            if is_claimed():
                raise AlreadyClaimedError("This installation has an owner already. Sign in.")
            _use_up(token)
            store_user(user)
            team = take_over(name=team_name, owner=user)
            Claim.objects.create(team=team, user=user)
            owner = actor_for(user, team)
            record(
                kind=events.CLAIMED,
                actor=owner,
                subject=user.ref,
                team=team.pk,
                sealed={"email": user.email, "team": team.name},
            )
            enqueue(actor=owner, kind=CLAIM_STEPS, payload={"user": str(user.pk)}, key="claim")
    except IntegrityError:
        raise AlreadyClaimedError("This installation has an owner already. Sign in.") from None
    return user


def recovery_kit(*, actor: Actor) -> tuple[list[str], datetime]:
    """The kit (14 groups of 4 characters) and when the installation was claimed. For its owner, until confirmed."""
    claimed = _unconfirmed(actor)
    kit = cleartext_recovery_kit(cleartext_root(settings.MUNIMENT_KEYS))
    with transaction.atomic():
        record(kind=events.KIT_SHOWN, actor=actor)
    return kit, claimed.claimed_at


def groups_to_ask() -> list[int]:
    """Which groups to ask back: two different ones, numbered from 1, in order."""
    return sorted(secrets.SystemRandom().sample(range(1, GROUPS + 1), ASKED_BACK))


def confirm_recovery_kit(*, actor: Actor, typed: dict[int, str]) -> None:
    """Closes the kit's page for ever, when the groups (by number, from 1) are right. Raises KitMismatchError."""
    claimed = _unconfirmed(actor)
    kit = cleartext_recovery_kit(cleartext_root(settings.MUNIMENT_KEYS))
    right = [hmac.compare_digest(kit[number - 1].encode(), _plain(text)) for number, text in typed.items()]
    if len(right) != ASKED_BACK or not all(right):
        raise KitMismatchError("These are not the groups of your recovery kit. Compare them with your copy.")
    with transaction.atomic():
        claimed.kit_confirmed_at = now()
        claimed.save(update_fields=["kit_confirmed_at"])
        record(kind=events.KIT_CONFIRMED, actor=actor)


def _unconfirmed(actor: Actor) -> Claim:
    if actor.kind is not ActorKind.PERSON or not owes_kit_confirmation(actor):
        raise NotFoundError("There is nothing here.")
    return Claim.objects.get(user_id=actor.user or 0)


def _check(token: str) -> SetupLink:
    if is_claimed():
        raise AlreadyClaimedError("This installation has an owner already. Sign in.")
    link = SetupLink.objects.first()
    known = bytes(link.token_hash) if link else bytes(32)
    if not hmac.compare_digest(known, _hash(token)) or link is None or link.expires_at <= now():
        raise SetupLinkError(_DEAD_LINK)
    return link


def _use_up(token: str) -> None:
    deleted, _ = SetupLink.objects.filter(pk=_check(token).pk).delete()
    if not deleted:
        raise SetupLinkError(_DEAD_LINK)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.strip().encode()).digest()


def _plain(typed: str) -> bytes:
    """What a person types for a group, as the kit is read back: case, spaces and the usual confusions do not matter."""
    return "".join(typed.split()).upper().translate(_CONFUSED).encode()
