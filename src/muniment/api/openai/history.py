"""What a client sends along of a conversation: the question, and the turns before it."""

from collections.abc import Sequence

from muniment.api.errors import UnsupportedError
from muniment.api.openai.schemas import ChatMessage
from muniment.chat.types import Told


def question_of(messages: Sequence[ChatMessage]) -> str:
    """The last message of the person. Raises UnsupportedError where there is none, or where it is no text."""
    asked = next((one for one in reversed(messages) if one.role == "user"), None)
    if asked is None:
        raise UnsupportedError("There is no message of the user. Send the question as the last message.")
    if isinstance(asked.content, list) and any(part.type != "text" for part in asked.content):
        raise UnsupportedError("Agents answer text alone. Upload pictures and files as documents of the agent.")
    return asked.text


def told(messages: Sequence[ChatMessage]) -> Told:
    """The turns before the question: what was asked, and what was answered."""
    turns: list[tuple[str, str]] = []
    for one in messages:
        if one.role == "user":
            turns.append((one.text, ""))
        elif one.role == "assistant" and turns:
            turns[-1] = (turns[-1][0], one.text)
    return tuple(turns[:-1])
