"""Choices an agent is made of."""

from dataclasses import dataclass, field
from enum import StrEnum

from muniment.core.permissions import Permission
from muniment.core.registries import OutboundMasking
from muniment.pii.standins import StandIn
from muniment.pii.types import Selection


class AgentState(StrEnum):
    LIVE = "live"
    ERASING = "erasing"  # its deletion was decided and is carried out, at the next start if need be


class OpeningState(StrEnum):
    """Whether outsiders for whom an agent is opened come in."""

    DRAFT = "draft"
    LIVE = "live"


class AnswerLength(StrEnum):
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class ReadAlong(StrEnum):
    """What stands beside the text of a file and answers only where an owner chose so: `ingest.types.LeftOutKind`."""

    NOTE = "note"
    COMMENT = "comment"
    CHANGE = "change"
    DESCRIPTION = "description"
    PROPERTY = "property"
    HIDDEN = "hidden"  # rows, slides and the like; words hidden as no document needs it answer nowhere


class MaskingMode(StrEnum):
    OFF = "off"
    MASK = "mask"  # [PERSON]: what stood there is kept nowhere in the silo but in the original, where that is kept
    STAND_INS = "stand_ins"  # the same person is the same made-up name in all of the agent


class Whose(StrEnum):
    """Which of the agents within reach are listed."""

    OWN = "own"
    GRANTED = "granted"
    TEAM = "team"  # the team's, not somebody's alone
    PERSONAL = "personal"


class Access(StrEnum):
    """What a grant gives, in the steps that pages offer. Each holds the one before."""

    ASK = "ask"
    READ = "read"
    BUILD = "build"
    MANAGE = "manage"

    @property
    def permissions(self) -> frozenset[Permission]:
        return _ACCESS[self]


_ASK = frozenset({Permission.AGENT_VIEW, Permission.CONVERSATION_CREATE})
_READ = _ASK | {Permission.DOCUMENT_VIEW, Permission.NAME_VIEW, Permission.SETTING_VIEW, Permission.STATISTIC_VIEW}
_BUILD = _READ | {
    Permission.AGENT_UPDATE,
    Permission.DOCUMENT_CREATE,
    Permission.DOCUMENT_DELETE,
    Permission.DOCUMENT_UPDATE,
}
OUTSIDERS_MAY = _ASK
"""What somebody who is no member may do with the one agent that is open to him, whatever it or a role says. Names are
not among it.
"""
_ACCESS = {
    Access.ASK: _ASK,
    Access.READ: _READ,
    Access.BUILD: _BUILD,
    Access.MANAGE: _BUILD | {Permission.GRANT_VIEW, Permission.GRANT_UPDATE, Permission.LOG_VIEW},
}


class Correction(StrEnum):
    """What an owner says of words of a text."""

    MISSED = "missed"  # they are personal data and were not found
    WRONG = "wrong"  # they were found and are none
    WITHDRAWN = "withdrawn"  # what was said of them holds no longer


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What an agent deletes at once. `originals`: each file, as soon as it was read or cannot be. `conversations`: all
    of it, for nothing of a conversation is stored.
    """

    originals: bool = False
    conversations: bool = False


@dataclass(frozen=True, slots=True)
class Masking:
    """What one agent hides before anything is indexed or asked, and what it writes instead.

    `stamp` names all of it but the key: a document that carries another stamp was not masked in this way. Empty where
    nothing is masked.
    """

    mode: MaskingMode
    selection: Selection
    stamp: str
    stand_in: StandIn

    @property
    def is_on(self) -> bool:
        return self.mode is not MaskingMode.OFF

    @property
    def outbound(self) -> OutboundMasking:
        """Of what goes to a model elsewhere. Where nothing is masked here it passes the gate too, with its defaults."""
        return OutboundMasking(self.selection, self.stand_in) if self.is_on else OutboundMasking()


@dataclass(frozen=True, slots=True)
class MaskingRules:
    """What is masked and how. An agent without a record masks nothing: it was made before there was masking."""

    mode: MaskingMode = MaskingMode.OFF
    selection: Selection = field(default_factory=Selection)
