"""Sessions that a connection opened, of members and of chat users, ended by the names the provider has for them."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from muniment.sso.chat_users import end_chat_sessions
from muniment.sso.models import Visit
from muniment.sso.session_index import kept_index

if TYPE_CHECKING:
    from muniment.sso.models import Connection


def end_visits(connection: "Connection", *, subject: str | None = None, indexes: Collection[str] | None = None) -> int:
    """Within the caller's transaction; how many ended. None: whoever it is, whichever of the sessions."""
    members: dict[str, object] = {"identity__connection": connection}
    chat_users: dict[str, object] = {}
    if subject is not None:
        members["identity__subject"] = chat_users["chat_user__subject"] = subject
    if indexes is not None:
        members["session_index__in"] = chat_users["session_index__in"] = list(map(kept_index, indexes))
    found = list(Visit.objects.filter(**members).select_related("session"))
    for visit in found:
        visit.session.delete()
    return len(found) + end_chat_sessions(connection, **chat_users)
