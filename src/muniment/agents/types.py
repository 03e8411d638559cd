"""Choices an agent is made of."""

from enum import StrEnum


class AgentState(StrEnum):
    LIVE = "live"
    ERASING = "erasing"  # its deletion was decided and is carried out, at the next start if need be


class AnswerLength(StrEnum):
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"
