"""Django's session engine on a table of ours, so that a person's sessions can be listed and ended.

`SESSION_ENGINE = "muniment.accounts.sessions"`. What is here is the documented way to extend it: a model and how a row
is made from the session's data.
"""

import copy
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import transaction

from muniment.accounts.models import Session
from muniment.accounts.types import OPENED_BY, STARTED

SEEN, DEVICE, ADDRESS = "seen", "device", "address"
UNTIL = "until"
"""When the provider wants it to end, where it says so."""


class SessionStore(DatabaseStore):
    _written: tuple[str | None, dict[str, Any]] | None = None  # its key, and what is in the database under that

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: Mapping[str, Any]) -> AbstractBaseSession:
        return _described(super().create_model_instance(dict(data)), data)

    def save(self, must_create: bool = False) -> None:
        """What was written with the sign-in it belongs to, and is in the database, is not written again with the answer
        to the same request.
        """
        if not must_create and (self.session_key, dict(self.items())) == self._written:
            return
        super().save(must_create)
        written = (self.session_key, copy.deepcopy(dict(self.items())))
        transaction.on_commit(partial(setattr, self, "_written", written))

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
