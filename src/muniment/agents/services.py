"""Making, changing and deleting agents, and the one door to an agent's silo."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from muniment.agents import events
from muniment.agents.corrections import check_rules, corrected
from muniment.agents.errors import AgentNameError
from muniment.agents.granting import change_sharing, grant_agent, revoke_grant
from muniment.agents.masking import read_rules, read_wanted, write_rules
from muniment.agents.models import Agent
from muniment.agents.opening import OpeningDraft, change_opening, close_to_chat_users, open_to_chat_users
from muniment.agents.outsiders import chat_user, consent_owed, open_agent, opened, ways_in, who_comes
from muniment.agents.policies import check, check_create
from muniment.agents.types import AgentState, AnswerLength, AtOnce, Correction, MaskingMode, MaskingRules, ReadAlong
from muniment.audit.services import pending_event, record
from muniment.audit.types import Grade
from muniment.core.actors import SYSTEM, Actor
from muniment.core.cleaning import one_line
from muniment.core.database.scrubbing import scrub
from muniment.core.database.unchanged import while_unchanged
from muniment.core.errors import NotFoundError
from muniment.core.permissions import Permission
from muniment.credits.services import forget_silo
from muniment.crypto.services import keyring
from muniment.llm.selectors import provider
from muniment.llm.types import LOCAL
from muniment.pii.types import PiiClass
from muniment.silo.sealed import Silo, SiloWriter
from muniment.silo.services import create_silo, destroy_silo, key_facts
from muniment.silo.services import open_silo as _open_silo

__all__ = [
    "OpeningDraft",
    "change_deletion",
    "change_masking",
    "change_opening",
    "change_sharing",
    "chat_user",
    "close_to_chat_users",
    "consent_owed",
    "correct_masking",
    "create_agent",
    "delete_agent",
    "finish_erasures",
    "forget_erased",
    "grant_agent",
    "open_agent",
    "open_silo",
    "open_to_chat_users",
    "opened",
    "revoke_grant",
    "update_agent",
    "ways_in",
    "who_comes",
]

_KEEPS = AtOnce()
_CHANGEABLE = {"name", "instructions", "no_answer", "length", "provider", "retention_days"}


def create_agent(
    *,
    actor: Actor,
    name: str,
    instructions: str = "",
    masking: MaskingMode = MaskingMode.STAND_INS,
    deletes: AtOnce = _KEEPS,
    personal: bool = False,
) -> Agent:
    """A live agent with an empty silo of its own, under the key of the actor's team. It masks what is promised."""
    check_create(actor, personal=personal)
    assert actor.team is not None  # noqa: S101 - narrowed by check_create
    name = _name(name)
    silo = create_silo(team=actor.team)  # before the row: a crash here leaves an orphan that `tasks` removes
    with silo.writing() as writer:
        write_rules(silo, writer, MaskingRules(masking))
    with transaction.atomic():
        agent = Agent.objects.create(
            team_id=actor.team,
            silo=silo.id,
            name=name,
            instructions=instructions.strip(),
            delete_originals=deletes.originals,
            ephemeral=deletes.conversations,
            owner_id=actor.user,
            personal=personal,
            created_by=actor.ref,
        )
        record(kind=events.AGENT_CREATED, actor=actor, silo=silo.id)
        if deletes != _KEEPS:
            _record_deletion(actor, silo.id, deletes)
    return agent


def update_agent(*, actor: Actor, agent: Agent, **changes: Any) -> Agent:
    """Changes any of name, instructions, no_answer, length, provider (the id of one of the team's, `llm.types.LOCAL`,
    or empty for quotes), retention_days (None keeps for ever).
    """
    check(actor, Permission.AGENT_UPDATE, agent)
    if unknown := set(changes) - _CHANGEABLE:
        raise TypeError(f"an agent has no {', '.join(sorted(unknown))}")
    if "name" in changes:
        changes["name"] = _name(changes["name"])
    if "length" in changes:
        changes["length"] = AnswerLength(changes["length"])
    if changes.get("provider") not in {None, "", LOCAL}:
        provider(actor, changes["provider"])
    with transaction.atomic():
        found = _locked(agent)
        for field, value in changes.items():
            setattr(found, field, value)
        found.save(update_fields=list(changes))
        record(kind=events.AGENT_UPDATED, actor=actor, silo=found.silo, facts={"fields": len(changes)})
    return found


def change_deletion(*, actor: Actor, agent: Agent, deletes: AtOnce) -> Agent:
    """What is deleted at once from now on. Nothing that is there already is touched: that is an act of its own.

    The files: `ingest.services.delete_originals`. The conversations: `chat.services.delete_conversations`.
    """
    check(actor, Permission.AGENT_UPDATE, agent)
    with transaction.atomic():
        found = _locked(agent)
        found.delete_originals, found.ephemeral = deletes.originals, deletes.conversations
        found.save(update_fields=["delete_originals", "ephemeral"])
        _record_deletion(actor, found.silo, deletes)
    return found


def change_reading(*, actor: Actor, agent: Agent, along: Collection[ReadAlong]) -> Agent:
    """What beside the text of a file is read with it from now on: `ingest.services.change_reading`."""
    check(actor, Permission.AGENT_UPDATE, agent)
    with transaction.atomic():
        found = _locked(agent)
        found.reads_along = " ".join(sorted(along))
        found.save(update_fields=["reads_along"])
        record(kind=events.READING_CHANGED, actor=actor, silo=found.silo, facts={"kinds": len(along)})
    return found


def delete_agent(*, actor: Actor, agent: Agent) -> str:
    """Erases the agent, its documents and its conversations for ever; returns the id of the event to give a receipt on.

    Intent, act, outcome: the decision is durable first, then the silo's key is destroyed, then the row goes. A crash
    in between is finished by `finish_erasures` at the next start; the agent is invisible from the first step on.
    """
    check(actor, Permission.AGENT_DELETE, agent)
    with transaction.atomic():
        if not Agent.objects.filter(pk=agent.pk, state=AgentState.LIVE).update(state=AgentState.ERASING):
            raise NotFoundError("There is no such agent.")
        record(kind=events.AGENT_ERASING, actor=actor, silo=agent.silo)
    event = _erase(actor, agent)
    if event is None:
        raise NotFoundError("This agent was erased by a start of the worker at the same moment; the log shows it.")
    return event


def erase_decided(actor: Actor, agent: Agent) -> None:
    """Carries out a deletion that another service decided and committed."""
    _erase(actor, agent)


def change_masking(*, actor: Actor, agent: Agent, silo: Silo, writer: SiloWriter, rules: MaskingRules) -> None:
    """Masks by these rules from this transaction on; who calls it has what was masked otherwise masked again.

    Raises MaskingRulesError, with nothing done. Corrections wait no longer: those that shall hold are in `rules`.
    """
    check(actor, Permission.AGENT_UPDATE, agent)
    check_rules(rules)
    write_rules(silo, writer, rules)
    facts = {"mode": rules.mode, "classes": len(rules.selection.classes)}
    writer.add_event(
        *pending_event(kind=events.MASKING_CHANGED, actor=actor, subject=silo.id, silo=silo.id, facts=facts)
    )


def correct_masking(
    *, actor: Actor, agent: Agent, correction: Correction, words: str, kind: PiiClass | None = None
) -> MaskingRules:
    """Keeps what was said of these words until the owner applies it; returns the rules as they shall be.

    Raises MaskingRulesError, with nothing done. Until then documents and questions are masked as before.
    """
    silo = open_silo(actor=actor, agent=agent, permission=Permission.AGENT_UPDATE)
    with silo.writing() as writer:
        wanted = corrected(read_wanted(writer), correction, words, kind)
        check_rules(wanted)
        write_rules(silo, writer, read_rules(writer), wanted=wanted)
        facts = {"rules": len(wanted.selection.listed) + len(wanted.selection.never)}
        writer.add_event(
            *pending_event(kind=events.MASKING_CORRECTED, actor=actor, subject=silo.id, silo=silo.id, facts=facts)
        )
    return wanted


def open_silo(*, actor: Actor, agent: Agent, permission: Permission) -> Silo:
    """The agent's silo, for an actor who holds the permission that the act at hand asks for."""
    check(actor, permission, agent)
    if not while_unchanged(("live", agent.pk), Agent.objects.filter(pk=agent.pk, state=AgentState.LIVE).exists):
        raise NotFoundError("There is no such agent.")
    return _open_silo(agent.silo)


def finish_erasures() -> None:
    """At start: carries out every deletion that was decided and interrupted."""
    for agent in Agent.objects.filter(state=AgentState.ERASING):
        _erase(SYSTEM, agent)


def forget_erased() -> int:
    """After a restore: removes agents whose key the newest keyring does not hold any more. Returns how many."""
    gone = [agent for agent in Agent.objects.all() if not keyring().holds(key_facts(agent.silo))]
    with transaction.atomic():
        Agent.objects.filter(pk__in=[agent.pk for agent in gone]).delete()
        for agent in gone:
            forget_silo(actor=SYSTEM, team=agent.team_id, silo=agent.silo)
    return len(gone)


def _locked(agent: Agent) -> Agent:
    """The row as it is now, held until the caller's transaction ends."""
    found = Agent.objects.select_for_update().filter(pk=agent.pk, state=AgentState.LIVE).first()
    if found is None:
        raise NotFoundError("There is no such agent.")
    return found


def _record_deletion(actor: Actor, silo: str, deletes: AtOnce) -> None:
    facts = {"originals": deletes.originals, "conversations": deletes.conversations}
    record(kind=events.DELETION_CHANGED, actor=actor, silo=silo, facts=facts)


def _erase(actor: Actor, agent: Agent) -> str | None:
    """The event; None when another process did the same and recorded it."""
    unreached = destroy_silo(agent.silo)
    facts = {"unreached_targets": len(unreached), "grade": Grade.KEY_DESTROYED}
    with transaction.atomic():
        if not Agent.objects.filter(pk=agent.pk).delete()[0]:
            return None
        forget_silo(actor=actor, team=agent.team_id, silo=agent.silo)
        transaction.on_commit(scrub)
        return record(kind=events.AGENT_ERASED, actor=actor, silo=agent.silo, facts=facts)


def _name(name: str) -> str:
    name = one_line(name)
    if not 1 <= len(name) <= 100:
        raise AgentNameError("An agent's name has 1 to 100 characters. Choose another one.")
    return name
