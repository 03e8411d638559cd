"""Sample contexts: each page template in the states a person may meet, with content like the real one."""

from typing import Any

from tests.look import (
    samples_accounts,
    samples_agents,
    samples_chat,
    samples_frame,
    samples_masking,
    samples_outside,
    samples_server,
    samples_sso,
    samples_team,
)

REMARK = {
    "state": "warn",
    "title": "There is no backup yet",
    "text": "Run muniment backup on the server. Until then the documents exist once.",
    "url": "/trust",
    "label": "See what is kept where",
}


def home(**context: Any) -> dict[str, Any]:
    facts = {"agents": samples_agents.AGENTS, "talks": samples_chat.LIST, "may_create": True}
    return samples_frame.frame("Home", **(facts | context))


def receipt(grade: str) -> dict[str, Any]:
    act = {"id": samples_agents.ID, "kind": "agent:agent:erased", "at": samples_agents.NOON}
    proof = '{"checkpoint":"' + "iVf0nXb1pPq8" * 30 + '","format":"muniment-receipt/1","grade":"key destroyed"}'
    return samples_frame.frame("Receipt", act=act, grade=grade, receipt=proof)


STATES: dict[str, tuple[str, dict[str, Any]]] = {
    **samples_frame.STATES,
    **samples_accounts.STATES,
    **samples_agents.STATES,
    **samples_masking.STATES,
    **samples_outside.STATES,
    **samples_chat.STATES,
    **samples_server.STATES,
    **samples_sso.STATES,
    **samples_team.STATES,
    "console/receipt": ("console/receipt.html", receipt("key_destroyed")),
    "console/receipt--row": ("console/receipt.html", receipt("overwritten")),
    "console/home": ("console/home.html", home()),
    "console/home--first": ("console/home.html", home(agents=[], talks=[], remarks=[REMARK])),
}
