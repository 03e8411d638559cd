"""Django's session engine on a table of ours, so that a person's sessions can be listed and ended.

`SESSION_ENGINE = "muniment.accounts.sessions"`. What is here is the documented way to extend it: a model and how a row
is made from the session's data.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession

from muniment.accounts.models import Session
from muniment.accounts.types import OPENED_BY, STARTED

SEEN, DEVICE, ADDRESS = "seen", "device", "address"
UNTIL = "until"
"""When the provider wants it to end, where it says so."""


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: Mapping[str, Any]) -> AbstractBaseSession:
        return _described(super().create_model_instance(dict(data)), data)

    async def acreate_model_instance(self, data: Mapping[str, Any]) -> AbstractBaseSession:
        return _described(await super().acreate_model_instance(dict(data)), data)


def _described(row: Any, data: Mapping[str, Any]) -> AbstractBaseSession:
    user = data.get(SESSION_KEY)
    row.user_id = int(user) if user else None
    row.device, row.address = data.get(DEVICE, ""), data.get(ADDRESS, "")
    row.opened_by = data.get(OPENED_BY, "")
    row.started_at, row.seen_at = moment(data, STARTED), moment(data, SEEN)
    return row  # type: ignore[no-any-return]


def moment(data: Mapping[str, Any], name: str) -> datetime | None:
    text = data.get(name)
    return datetime.fromisoformat(text) if text else None
