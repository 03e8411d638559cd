"""What a document holds beside its text, as its page shows it: for those who may read documents, and nobody else."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from muniment.agents.selectors import may
from muniment.core.actors import Actor
from muniment.core.permissions import Permission
from muniment.ingest.types import ExtractedDocument, LeftOut, LeftOutKind

if TYPE_CHECKING:
    from muniment.agents.models import Agent


def left_out(actor: Actor, agent: "Agent", text: ExtractedDocument) -> list[dict[str, Any]]:
    """Groups of one kind each: {label, entries: [{place, text}]}; none for who was only given the agent to ask.

    Attack stopped: hidden words and deleted ones are often what a team did not mean to show.
    """
    if not may(actor, Permission.DOCUMENT_VIEW, agent):
        return []
    groups = []
    for kind, label in _labels().items():
        entries = [{"place": _place(one), "text": one.text} for one in text.left_out if one.kind is kind]
        if entries:
            groups.append({"label": label, "entries": entries})
    return groups


def _labels() -> dict[LeftOutKind, str]:
    """In the order in which they matter."""
    return {
        LeftOutKind.HIDDEN: _("Hidden text"),
        LeftOutKind.CHANGE: _("Deleted text"),
        LeftOutKind.COMMENT: _("Comments"),
        LeftOutKind.NOTE: _("Speaker notes"),
        LeftOutKind.ATTACHMENT: _("Attached files"),
        LeftOutKind.PROPERTY: _("Properties"),
    }


def _place(one: LeftOut) -> str:
    if one.kind is not LeftOutKind.PROPERTY:
        return one.place
    names = {
        "category": _("Category"),
        "creator": _("Author"),
        "description": _("Description"),
        "initial-creator": _("First author"),
        "keyword": _("Keyword"),
        "keywords": _("Keywords"),
        "lastModifiedBy": _("Last changed by"),
        "subject": _("Subject"),
    }
    return names.get(one.place, one.place)
