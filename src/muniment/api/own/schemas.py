"""What the addresses of /api/muniment/ answer. Times are UTC, RFC 3339; sizes in bytes."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema

File = Literal["kept", "to be deleted", "deleted"]


class Agent(Schema):
    """`deletes_originals`: each file is deleted as soon as it was read."""

    id: str
    name: str
    created_at: datetime
    documents: int
    live: int
    deletes_originals: bool
    keeps_conversations: bool


class Document(Schema):
    """`name` is in stand-ins for a key that may not see names. `state`: one that is `waiting` goes on by itself once
    the team's limit of words has room for it. `error`: why it could not be read. `flagged`: it hides words, or speaks
    to a model. `receipt`: the address of the proof that its file was deleted, once it was.
    """

    id: str
    name: str
    state: Literal["queued", "live", "failed", "waiting"]
    error: str
    size: int
    media_type: str
    language: str | None
    pages: int
    words: int
    masked: int
    flagged: bool
    added_at: datetime
    file: File
    receipt: str | None


class Page(Schema):
    """`page` of `pages`, counted from 1; `total` over all of them."""

    page: int
    pages: int
    total: int


class Agents(Page):
    items: list[Agent]


class Documents(Page):
    items: list[Document]


class Added(Schema):
    """`duplicate`: the same bytes were there already, and `document` is the one that was."""

    document: str
    name: str
    duplicate: bool


class Deleted(Schema):
    """`receipts`: one for each document, as `muniment verify-receipt` reads it."""

    deleted: int
    receipts: list[dict[str, Any]]


class Level(Schema):
    """`limit`: null where there is none."""

    used: int
    limit: int | None


class AgentCredits(Schema):
    id: str
    words: int
    queries: int
    waiting: int


class Credits(Schema):
    """What the team uses. `queries`: answered in `month` (UTC), which ends at `turns_at`. `waiting`: documents for
    which the limit of words has no room. `agents`: those the key reaches.
    """

    month: str
    turns_at: datetime
    words: Level
    queries: Level
    waiting: int
    agents: list[AgentCredits]
