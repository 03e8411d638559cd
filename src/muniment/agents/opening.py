"""An agent is opened to the chat users of a connection, changed in that, and closed again. Offered by `services`."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from muniment.agents import events
from muniment.agents.errors import OpeningRefusedError
from muniment.agents.granting import require_live
from muniment.agents.models import Agent, ChatOpening
from muniment.agents.outsiders import asks_consent, masks
from muniment.agents.policies import check, check_opens
from muniment.agents.types import OpeningState
from muniment.audit.services import record
from muniment.audit.types import AuditKind
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.sso.selectors import connection_of
from muniment.sso.services import end_chat_sessions

MOST_GROUPS = 100
LONGEST_GROUP = 255


@dataclass(frozen=True, slots=True)
class OpeningDraft:
    """For whom. Nothing said: for nobody, as a draft."""

    groups: Collection[str] = ()
    everybody: bool = False
    state: OpeningState = OpeningState.DRAFT


def open_to_chat_users(*, actor: Actor, agent: Agent, connection: str, draft: OpeningDraft) -> ChatOpening:
    """By this connection of the team. Raises OpeningRefusedError, PermissionDeniedError; NotFoundError for another
    team's.
    """
    check_opens(actor, agent)
    found, groups = connection_of(actor, connection), _checked(agent, draft)
    try:
        with transaction.atomic():
            require_live(agent)
            made = ChatOpening.objects.create(
                agent=agent, connection=found, groups=groups, everybody=draft.everybody, state=draft.state
            )
            _note(events.OPENING_CREATED, actor, agent, made)
    except IntegrityError:
        raise OpeningRefusedError(
            "This agent is open to chat users of this connection already. Change that instead."
        ) from None
    return made


def change_opening(*, actor: Actor, agent: Agent, opening: str, draft: OpeningDraft) -> None:
    """Whom it leaves out is out at the next request. Raises OpeningRefusedError, PermissionDeniedError."""
    check_opens(actor, agent)
    groups = _checked(agent, draft)
    with transaction.atomic():
        found = _opening(agent, opening)
        found.groups, found.everybody, found.state = groups, draft.everybody, draft.state
        found.save(update_fields=["groups", "everybody", "state"])
        _note(events.OPENING_CHANGED, actor, agent, found)


def close_to_chat_users(*, actor: Actor, agent: Agent, opening: str) -> None:
    """Who may say who asks an agent takes back what an owner opened. Conversations stay, and are read by nobody. Who
    was in comes anew, where it is opened again: that signs all of them out.
    """
    check(actor, Permission.GRANT_UPDATE, agent)
    with transaction.atomic():
        found = _opening(agent, opening)
        end_chat_sessions(found.connection, agent=agent.pk)
        found.delete()
        record(kind=events.OPENING_CLOSED, actor=actor, subject=opening, silo=agent.silo)


def _checked(agent: Agent, draft: OpeningDraft) -> list[str]:
    """The groups, each once. Nothing goes live before somebody asks for consent: docs/decisions/0032-chat-users.md."""
    groups = sorted({group for one in draft.groups if (group := one_line(one))})
    if len(groups) > MOST_GROUPS or any(len(one) > LONGEST_GROUP for one in groups):
        raise OpeningRefusedError(
            "Name up to {most_groups} groups, each in up to {longest_group} characters.",
            most_groups=MOST_GROUPS,
            longest_group=LONGEST_GROUP,
        )
    if not draft.everybody and not groups:
        raise OpeningRefusedError("Name the groups it is for, or choose everybody of this connection.")
    if draft.state is OpeningState.LIVE and (why := why_draft(agent)):
        raise why
    return groups


def why_draft(agent: Agent) -> OpeningRefusedError | None:
    """Why nobody comes in whatever is opened; None where they do."""
    if not asks_consent():
        return OpeningRefusedError(
            "It stays a draft: nothing in this version asks people outside the team for consent before they begin."
        )
    if agent.personal:
        return OpeningRefusedError(
            "This agent is personal: its owner's, and theirs to whom it is granted. Give it to the team first."
        )
    if not masks(agent):
        return OpeningRefusedError(
            "People outside the team see stand-ins alone, and this agent does not mask all that is looked for by "
            "default. Switch that on under Safety first."
        )
    return None


def _opening(agent: Agent, opening: str) -> ChatOpening:
    found = ChatOpening.objects.select_for_update().filter(agent=agent, pk=opening).first()
    if found is None:
        raise NotFoundError("This is not open, or not any more.")
    return found


def _note(kind: AuditKind, actor: Actor, agent: Agent, opening: ChatOpening) -> None:
    facts = {
        "everybody": opening.everybody,
        "groups": len(opening.groups),
        "state": OpeningState(opening.state),
    }
    record(kind=kind, actor=actor, subject=opening.pk, silo=agent.silo, facts=facts)
