"""The pages of somebody who is no member: the way in, asking, conversations, the cited place."""

from typing import Any

from django.core.paginator import Paginator

from tests.look.samples_agents import AGENT
from tests.look.samples_chat import CONVERSATION, LIST, REFUSED, TALKS, TURN, VIEWER
from tests.look.samples_team import LONG, people

ADDRESS = "https://muniment.klinikum-suedost.example/chat/k3zqcsbn2ammotiyrqeuw2bsu4"
OUTSIDE: dict[str, Any] = {
    "outside": True,
    "frame": "outside.html",
    "agent_frame": "chat/outside.html",
    "agent": AGENT | {"url": "/chat/k3zqcsbn2ammotiyrqeuw2bsu4", "state": "live", "ephemeral": False},
    "holds": {"live": 12, "working": 0},
}
OPENINGS = [
    {"id": "o1", "connection": "Okta", "is_on": True, "everybody": False, "groups": ["staff", LONG], "is_live": True},
    {"id": "o2", "connection": "The school's login", "is_on": False, "everybody": True, "groups": [], "is_live": False},
]
CARD = {"openings": OPENINGS, "connections": [{"id": "c3", "name": "Entra"}], "may_open": True, "may_close": True}
NO_CONSENT = "It stays a draft: nothing in this version asks people outside the team for consent before they begin."


def ask(*turns: dict[str, Any], **context: Any) -> tuple[str, dict[str, Any]]:
    facts = {"conversation": CONVERSATION if turns else None, "turns": turns, "talks": TALKS}
    return "chat/ask.html", OUTSIDE | facts | context


def way_in(**context: Any) -> tuple[str, dict[str, Any]]:
    ways = [{"id": "c1", "name": "Okta"}, {"id": "c2", "name": "The school's login"}]
    return "chat/way_in.html", OUTSIDE | {"ways": ways} | context


STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "chat/way_in": way_in(),
    "chat/way_in--closed": way_in(said="That way in is closed meanwhile. Choose another one."),
    "chat/outside": ask(TURN, REFUSED),
    "chat/outside--start": ask(talks=[]),
    "chat/outside--empty": ask(talks=[], holds={"live": 0, "working": 0}),
    "chat/outside_conversations": (
        "chat/conversations.html",
        OUTSIDE | {"talks": Paginator(LIST, 3).page(1), "any": True},
    ),
    "chat/outside_conversations--empty": (
        "chat/conversations.html",
        OUTSIDE | {"talks": Paginator([], 3).page(1), "any": False},
    ),
    "chat/outside_source": ("chat/source.html", OUTSIDE | VIEWER),
    "agents/people--chat_users": people(chat_users=CARD | {"why_draft": "", "address": ADDRESS}),
    "agents/people--chat_users_draft": people(chat_users=CARD | {"why_draft": NO_CONSENT, "address": ADDRESS}),
    "agents/people--no_connection": people(chat_users=CARD | {"openings": [], "connections": [], "why_draft": ""}),
    "sso/refused--chat": (
        "sso/refused.html",
        {"sentence": "This agent is not open to you. Ask whoever gave you its address.", "back": "/chat/a"}
        | {"outside": True},
    ),
    "sso/signed_out--chat": ("sso/signed_out.html", {"said": "", "back": "/chat/a", "outside": True}),
}
