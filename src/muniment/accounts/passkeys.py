"""Passkeys and security keys (WebAuthn): added, named, removed, and shown. Offered by `services`.

The ceremonies are checked by `fido2`; the name they are bound to comes from the configured base URL, never from a
request.
"""

import json
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from muniment.accounts import events
from muniment.accounts.changes import factors_changed, keep_demanded, note
from muniment.accounts.errors import ClonedPasskeyError, PasskeyError
from muniment.accounts.models import Passkey
from muniment.accounts.policies import require_own_door
from muniment.accounts.recovery_codes import replace_codes
from muniment.accounts.selectors import has_factor
from muniment.accounts.types import LONGEST_NAME, Ceremony, Factor
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.ids import id_bytes

if TYPE_CHECKING:
    from muniment.accounts.models import User
    from muniment.core.network.listening import BaseUrl

_REFUSED = "This passkey does not work here. Try again, or sign in another way."


def begin_passkey(*, actor: Actor, user: "User") -> Ceremony:
    """What the browser needs to make a passkey; what the person has already is not made again."""
    require_own_door(actor, user)
    entity = PublicKeyCredentialUserEntity(id=_handle(user), name=user.email, display_name=user.name or user.email)
    options, state = _server().register_begin(
        entity,
        credentials=_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Ceremony(dict(options), dict(state))


def add_passkey(
    *, actor: Actor, user: "User", state: Mapping[str, Any], answer: str, name: str, keep: str | None = None
) -> list[str] | None:
    """Stores what the browser made (`answer`, JSON). Returns recovery codes where there were none. Raises PasskeyError.

    Ends every session but the one with the key `keep`.
    """
    require_own_door(actor, user)
    try:
        made = _server().register_complete(dict(state), _parsed(answer))
    except (ValueError, KeyError, TypeError):
        raise PasskeyError(_REFUSED) from None
    credential = cast("AttestedCredentialData", made.credential_data)
    try:
        with transaction.atomic():
            codes = None if has_factor(user) else replace_codes(user)
            Passkey.objects.create(
                user=user,
                name=_name(name),
                handle=credential.credential_id,
                credential=bytes(credential),
                counter=made.counter,
            )
            factors_changed(user, keep=keep)
            note(events.FACTOR_ADDED, actor, user, factor=Factor.PASSKEY, codes=len(codes or []))
    except IntegrityError:
        raise PasskeyError("This passkey is registered already.") from None
    return codes


def rename_passkey(*, actor: Actor, user: "User", passkey: str, name: str) -> None:
    """NotFoundError for one that is not the person's."""
    require_own_door(actor, user)
    with transaction.atomic():
        if not Passkey.objects.filter(user=user, pk=passkey).update(name=_name(name)):
            raise NotFoundError("There is no such passkey.")
        note(events.FACTOR_RENAMED, actor, user, factor=Factor.PASSKEY)


def remove_passkey(*, actor: Actor, user: "User", passkey: str, keep: str | None = None) -> None:
    """Ends every session but the one with the key `keep`. NotFoundError; FactorNeededError where a team demands it."""
    require_own_door(actor, user)
    with transaction.atomic():
        if not Passkey.objects.filter(user=user, pk=passkey).delete()[0]:
            raise NotFoundError("There is no such passkey.")
        keep_demanded(user)
        factors_changed(user, keep=keep)
        note(events.FACTOR_REMOVED, actor, user, factor=Factor.PASSKEY)


def ask_for_passkey(user: "User | None") -> Ceremony:
    """What the browser needs to show a passkey: one of this person's; of nobody known, any that lies in the browser,
    with the person verified by it (PIN, finger, face), as there is no password beside it.

    Attack stopped: the list of somebody's passkeys tells that he has an account. Without a first step none is sent.
    """
    options, state = _server().authenticate_begin(
        _credentials(user) if user else None,
        user_verification=UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(dict(options), dict(state))


def use_passkey(*, state: Mapping[str, Any], answer: str, user: "User | None") -> "User":
    """Whose passkey was shown, and that it was shown here and now. Within the caller's transaction.

    With `user`, one of that person's alone. Raises PasskeyError, ClonedPasskeyError.
    """
    parsed = _parsed(answer)
    try:
        shown = AuthenticationResponse.from_dict(parsed)
        found = Passkey.objects.filter(handle=shown.raw_id).select_related("user").first()
        if found is None or not found.user.is_active or (user is not None and found.user_id != user.pk):
            raise PasskeyError(_REFUSED)
        _server().authenticate_complete(dict(state), [AttestedCredentialData(bytes(found.credential))], parsed)
    except (ValueError, KeyError, TypeError):
        raise PasskeyError(_REFUSED) from None
    told = shown.response.user_handle
    if told is not None and told != _handle(found.user):
        raise PasskeyError(_REFUSED)
    _count_up(found, shown.response.authenticator_data.counter)
    return found.user


def _count_up(passkey: Passkey, counter: int) -> None:
    """Attack stopped: a copy of a security key. Key and copy count apart, so one of them comes with a number that was
    passed. Residue (WebAuthn, section 7.2): passkeys that are synchronised say 0 for ever, and cannot be told apart.
    """
    rows = Passkey.objects.filter(pk=passkey.pk)
    unpassed = rows.filter(counter__lt=counter) if counter else rows.filter(counter=0)
    if not unpassed.update(counter=counter, used_at=now()):
        raise ClonedPasskeyError(passkey.user.email)


def passkeys_work() -> bool:
    """Browsers bind passkeys to the name of a server they reach securely: not to a bare network address."""
    base: BaseUrl = settings.MUNIMENT_BASE_URL
    try:
        ip_address(base.host.strip("[]"))
    except ValueError:
        return base.is_https or base.host == "localhost"
    return False


def _server() -> Fido2Server:
    base: BaseUrl = settings.MUNIMENT_BASE_URL
    entity = PublicKeyCredentialRpEntity(id=base.host, name="Muniment")
    return Fido2Server(entity, verify_origin=lambda origin: origin == base.origin)


def _credentials(user: "User") -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(row.credential)) for row in Passkey.objects.filter(user=user)]


def _handle(user: "User") -> bytes:
    """How an authenticator knows the person: the random reference, which says nothing (WebAuthn, section 14.6.1)."""
    return id_bytes(user.ref)


def _parsed(answer: str) -> dict[str, Any]:
    try:
        parsed = json.loads(answer)
    except ValueError:
        raise PasskeyError(_REFUSED) from None
    if not isinstance(parsed, dict):
        raise PasskeyError(_REFUSED)
    return parsed


def _name(typed: str) -> str:
    return one_line(typed)[:LONGEST_NAME] or "Passkey"
