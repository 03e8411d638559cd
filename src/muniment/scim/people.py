"""Somebody brought in, changed, suspended, removed by the provider: within the transaction of the request.

Attack stopped: who administers a provider takes over accounts that are not his team's. People come in by an address in
a domain that the team has proven; an account that is in another team too keeps its name and its address.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from scim2_models import ForbiddenException, InvalidValueException, UniquenessException

from muniment.accounts.errors import EmailRefusedError, EmailTakenError
from muniment.accounts.selectors import answers_to_its_address, known_account
from muniment.accounts.services import correct_user, email_address, make_vouched_user
from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.scim import events
from muniment.scim.models import Provisioned
from muniment.scim.policies import is_left_alone, require_in_care
from muniment.scim.refusals import refused
from muniment.scim.schemas import User
from muniment.scim.types import Act, Joining
from muniment.teams.errors import HeirError
from muniment.teams.selectors import is_proven, member, team_of
from muniment.teams.services import (
    enrol,
    is_only_in,
    remove_member,
    resume_member,
    suspend_member,
)

if TYPE_CHECKING:
    from muniment.accounts.models import User as Account
    from muniment.teams.models import CustomRole, Membership, Team
    from muniment.teams.types import Role

LONGEST_PART = 200  # characters of a part of a name
LONGEST_EXTERNAL = 255


def create_person(actor: Actor, team: "Team", wanted: User, role: "Role | CustomRole") -> tuple[Provisioned, Act]:
    """`role`: of who is new in the team. Raises UniquenessException for somebody who is in the provider's care already,
    InvalidValueException for an address or a value that cannot be, ForbiddenException.
    """
    row = Provisioned(team=team)
    _describe(row, wanted)  # before there is an account whose making would be undone
    name = one_line(wanted.display_name or "")
    membership, how = _membership(actor, team, _address(team.pk, wanted.user_name), name, role)
    if how is Joining.ADOPTED and Provisioned.objects.filter(membership=membership).exists():
        raise refused(UniquenessException, "There is a user with this userName already.")
    row.membership = membership
    record(kind=events.USER_CREATED, actor=actor, subject=membership.user.ref, facts={"how": how})
    if how is not Joining.CREATED:
        _correct(actor, row, membership.user.email, name or membership.user.name)
    _set_active(actor, row, is_active=wanted.active)
    row.changed_at = row.created_at
    row.save(force_insert=True)
    return row, Act.USER_ADOPTED if how is Joining.ADOPTED else Act.USER_CREATED


def update_person(actor: Actor, row: Provisioned, wanted: User) -> Act | None:
    """What was done; None where all was so already. Raises as `create_person`."""
    email, account = _address(row.team_id, wanted.user_name, was=row.membership.user.email), row.membership.user
    corrected = _correct(actor, row, email, one_line(wanted.display_name or ""))
    described = _describe(row, wanted)
    active = _set_active(actor, row, is_active=wanted.active)
    if not (corrected or described or active):
        return None
    row.changed_at = now()
    row.save()
    facts = {"account": corrected, "active": active is not Act.USER_SUSPENDED}
    record(kind=events.USER_UPDATED, actor=actor, subject=account.ref, facts=facts)
    return active or Act.USER_UPDATED


def delete_person(actor: Actor, row: Provisioned, heir: int | None) -> None:
    """Removes the member. What was theirs in this team goes to the heir, else with them."""
    require_in_care(row.membership)
    account = row.membership.user
    inherits = _heir(actor, heir) if heir is not None else None
    record(kind=events.USER_DELETED, actor=actor, subject=account.ref, facts={"transferred": inherits is not None})
    remove_member(actor=actor, team=team_of(actor), user=account, heir=inherits)


def _heir(actor: Actor, user: int) -> "Account":
    try:
        return member(actor, user).user
    except NotFoundError:
        raise HeirError("Who was to inherit has left the team. An owner names somebody else.") from None


def _membership(
    actor: Actor, team: "Team", email: str, name: str, role: "Role | CustomRole"
) -> "tuple[Membership, Joining]":
    """A member of the team is taken charge of as is; an account that is there joins; else one is made, without a
    password. That the team has proven the address is known here, in each of the three cases.
    """
    try:  # what it nearly always is comes first
        account = make_vouched_user(email=email, name=name)
    except (EmailTakenError, EmailRefusedError):  # a name that is none is no matter where it does not count
        known = known_account(email)
        if known is None:
            raise
        account = known
    else:
        return enrol(actor=actor, team=team, user=account, role=role), Joining.CREATED
    with suppress(NotFoundError):
        return member(actor, account.pk), Joining.ADOPTED
    if not answers_to_its_address(account):
        raise refused(
            ForbiddenException,
            "There is an account with this address that nobody has shown to be its person's. The person confirms "
            "the address under My profile, or an owner invites them.",
        )
    return enrol(actor=actor, team=team, user=account, role=role), Joining.JOINED


def _address(team: str, given: str | None, *, was: str = "") -> str:
    """As accounts have it. The one a person has already is not looked at again.

    Attack stopped: an address that only looks like one of the domain, or that becomes somebody else's when it is put
    into lower case: full-width letters, the Kelvin sign, the dotless i. What is not ASCII is no address here.
    """
    text = (given or "").strip()
    if was and text.isascii() and text.lower() == was:
        return was
    if not text.isascii() or "@" not in text:
        raise refused(
            InvalidValueException,
            "userName is the e-mail address to sign in with, in ASCII. Map the mail attribute to it.",
        )
    email = email_address(text)
    if not is_proven(team, email):
        raise refused(InvalidValueException, "The domain of this address is not proven. An owner proves it.")
    return email


def _correct(actor: Actor, row: Provisioned, email: str, name: str) -> bool:
    """The account's name and address, where they are the provider's to say; whether that was something new."""
    account = row.membership.user
    if account.email != email:
        require_in_care(row.membership)
        if not is_only_in(row.team_id, account.pk):
            raise refused(
                InvalidValueException, "This person is in another team too, and changes the address on the own profile."
            )
    elif is_left_alone(row.membership) or not is_only_in(row.team_id, account.pk):
        return False  # a request says the name with everything else: what it also says is done
    return correct_user(actor=actor, user=account, name=name, email=email)


def _describe(row: Provisioned, wanted: User) -> bool:
    """What is kept here, into the row; whether it changed."""
    was = (row.external_id, row.given_name, row.family_name)
    row.external_id = _external(wanted.external_id)
    name = wanted.name
    row.given_name = _part(getattr(name, "given_name", None))
    row.family_name = _part(getattr(name, "family_name", None))
    return was != (row.external_id, row.given_name, row.family_name)


def _set_active(actor: Actor, row: Provisioned, *, is_active: bool | None) -> Act | None:
    """Suspended, the person's sessions end and the keys open nothing; resumed, all is as it was. None: as is.

    Attack stopped: whom the team itself suspended comes back with the next round of a provider that does not know. That
    one is shown as suspended, and stays so until somebody of the team says otherwise.
    """
    membership = row.membership
    if is_active is None or is_active == (membership.suspended_at is None):
        return None
    if is_active and row.suspended_at != membership.suspended_at:
        return None
    require_in_care(membership)
    change = resume_member if is_active else suspend_member
    change(actor=actor, team=membership.team, user=membership.user)
    membership.refresh_from_db(fields=["suspended_at"])
    row.suspended_at = membership.suspended_at
    return Act.USER_RESUMED if is_active else Act.USER_SUSPENDED


def _external(given: str | None) -> str:
    text = given or ""
    if len(text) > LONGEST_EXTERNAL or not text.isprintable():
        raise refused(InvalidValueException, f"externalId has at most {LONGEST_EXTERNAL} characters, on one line.")
    return text


def _part(given: str | None) -> str:
    text = one_line(given or "")
    if len(text) > LONGEST_PART:
        raise refused(InvalidValueException, f"A part of a name has at most {LONGEST_PART} characters.")
    return text
