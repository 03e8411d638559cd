"""Settings of an agent as this API knows them: those we have, and what stands in the place of those we do not."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from muniment.agents.selectors import settings_of
from muniment.api.errors import UnsupportedError
from muniment.chat.selectors import NOT_HELD
from muniment.core.actors import Actor

if TYPE_CHECKING:
    from muniment.agents.models import Agent

YEAR = 365  # days
_OURS = {
    "persona_instructions",
    "no_answer_message",
    "conversation_retention_period",
    "conversation_retention_days",
}
_PERIODS = ("custom", "year", "never")
# What an agent looks like is the same in every agent; what a client is told of it does not lie.
_FIXED: Mapping[str, Any] = {
    "chatbot_avatar": "",
    "chatbot_background_type": "color",
    "chatbot_background": "",
    "chatbot_background_color": "#F5F5F5",
    "default_prompt": "",
    "example_questions": [],
    "response_source": "own_content",
    "chatbot_msg_lang": "en",
    "chatbot_color": "",
    "chatbot_toolbar_color": "",
    "citations_answer_source_label_msg": None,
    "citations_sources_label_msg": None,
    "hang_in_there_msg": None,
    "chatbot_siesta_msg": None,
    "is_loading_indicator_enabled": True,
    "enable_citations": 3,
    "enable_feedbacks": True,
    "citations_view_type": "show",
    "image_citation_display": None,
    "ending_message": None,
    "try_asking_questions_msg": None,
    "view_more_msg": None,
    "view_less_msg": None,
    "remove_branding": False,
    "private_deployment": True,
    "enable_recaptcha_for_public_chatbots": False,
    "chatbot_model": None,
    "is_selling_enabled": False,
    "license_slug": False,
    "selling_url": None,
    "can_share_conversation": False,
    "can_export_conversation": False,
    "hide_sources_from_responses": False,
    "input_field_addendum": None,
    "user_avatar_enabled": False,
    "user_avatar": "",
    "spotlight_avatar_enabled": False,
    "spotlight_avatar": "",
    "spotlight_avatar_shape": "circle",
    "spotlight_avatar_type": "default",
    "user_avatar_orientation": "",
    "chatbot_title_color": None,
    "enable_inline_citations_api": False,
    "conversation_time_window": False,
    "use_context_aware_starter_question": False,
    "enable_agent_knowledge_base_awareness": False,
    "markdown_enabled": True,
}


def settings_shape(actor: Actor, agent: "Agent") -> dict[str, Any]:
    found = settings_of(actor, agent)
    days = found.retention_days
    return {
        **_FIXED,
        "chatbot_title": agent.name,
        "persona_instructions": found.instructions or None,
        "no_answer_message": found.no_answer or str(NOT_HELD),
        "conversation_retention_period": "never" if days is None else "year" if days == YEAR else "custom",
        "conversation_retention_days": days or 0,
    }


def changes_of(given: Mapping[str, str], files: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """What of a form changes an agent (`agents.services.update_agent`), and the names of what does not."""
    changes: dict[str, Any] = {}
    for theirs, ours in (("persona_instructions", "instructions"), ("no_answer_message", "no_answer")):
        if theirs in given:
            changes[ours] = given[theirs].strip()
    if (period := given.get("conversation_retention_period")) is not None:
        changes["retention_days"] = _days(period, given.get("conversation_retention_days", ""))
    return changes, sorted({*given, *files} - _OURS)


def _days(period: str, days: str) -> int | None:
    if period not in _PERIODS or (period == "custom" and not (days.isdecimal() and 1 <= int(days[:6]) <= 36_500)):
        raise UnsupportedError("Conversations are kept for a year, never deleted, or for 1 to 36500 days. Choose one.")
    return {"never": None, "year": YEAR}[period] if period != "custom" else int(days)
