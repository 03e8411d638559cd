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
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.utils.crypto import get_random_string

from muniment.accounts.models import Session
from muniment.accounts.types import OPENED_BY, STARTED
from muniment.core.clock import now
from muniment.core.database.passing import transaction_that_may_be_lost
from muniment.core.database.prepared import Given, Prepared

SEEN, DEVICE, ADDRESS = "seen", "device", "address"
UNTIL = "until"
"""When the provider wants it to end, where it says so."""
_OF_KEY = Prepared(lambda: Session.objects.filter(session_key=Given("key")))
_CHANGES = ("session_data", "expire_date", "user_id", "device", "address", "started_at", "seen_at", "opened_by")


class SessionStore(DatabaseStore):
    _written: tuple[str | None, dict[str, Any]] | None = None  # its key, and what is in the database under that
    _is_new = False  # it has a key; whether its row is there, only a commit tells
    _is_given = True  # the transaction in which it got its key, if that was in one, is committed
    _before: tuple[str, ...] = ()  # keys of nobody's session that goes on under the new one; its row has one of them

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = _OF_KEY.first(key=self.session_key or "")
        if found is not None and found.expire_date > now():
            return found
        self._session_key = None
        return None

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        return _described(super().create_model_instance(dict(data)), data)

    def create(self) -> None:
        """Gives it a key. Its row is made when it is saved, once, with what it holds by then. Nobody else has that key:
        165 of its bits are random.
        """
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._session_cache = getattr(self, "_session_cache", {})
        self._is_new, self._is_given, self.modified = True, False, True
        transaction.on_commit(partial(setattr, self, "_is_given", True))

    def cycle_key(self) -> None:
        """Nobody's session goes on in its row, under another key, when that is saved; somebody's ends, and whatever
        hangs on it.
        """
        if SESSION_KEY in self:
            with transaction.atomic():  # whoever ends a person's sessions meanwhile finds this one under either key
                super().cycle_key()
                self.save()
            return
        self._before += (self.session_key,) if self.session_key else ()
        self.create()

    def delete(self, session_key: str | None = None) -> None:
        super().delete(session_key)
        for key in self._before if session_key is None else ():
            super().delete(key)

    def save(self, must_create: bool = False) -> None:
        """What was written with the sign-in it belongs to, and is in the database, is not written again with the answer
        to the same request. Raises UpdateError for one that ended meanwhile.

        Attack stopped: a sign-in fails after the session got its key, all of it is undone, and the answer that says so
        leaves the session behind, without its event and with the code or passkey still to be used.
        """
        if self.session_key is None:
            self.create()
        if not must_create and (self.session_key, dict(self.items())) == self._written:
            return
        if SESSION_KEY in self and not self._is_given and not transaction.get_connection().in_atomic_block:
            raise UpdateError
        with transaction.atomic() if SESSION_KEY in self else transaction_that_may_be_lost():
            if self._is_new:
                self._write_new()
            else:
                super().save(must_create)
            transaction.on_commit(partial(self._note_written, self.session_key, copy.deepcopy(dict(self.items()))))

    def _write_new(self) -> None:
        """Twice in a transaction, where it changes meanwhile; and anew when that was undone."""
        row = self.create_model_instance(dict(self.items()))
        if self._before:
            kept = {name: getattr(row, name) for name in ("session_key", *_CHANGES)}
            former = Session.objects.filter(session_key__in=self._before)
            if former.filter(user=None).update(**kept):
                return
            former.delete()  # somebody's by now, or what it held can be read no more
        Session.objects.bulk_create([row], update_conflicts=True, unique_fields=["session_key"], update_fields=_CHANGES)

    def _note_written(self, key: str | None, data: dict[str, Any]) -> None:
        self._written = (key, data)
        if self.session_key == key:
            self._is_new, self._before = False, ()

    async def acreate_model_instance(self, data: Mapping[str, Any]) -> Session:
        return _described(await super().acreate_model_instance(dict(data)), data)


def _described(row: Any, data: Mapping[str, Any]) -> Session:
    user = data.get(SESSION_KEY)
    row.user_id = int(user) if user else None
    row.device, row.address = data.get(DEVICE, ""), data.get(ADDRESS, "")
    row.opened_by = data.get(OPENED_BY, "")
    row.started_at, row.seen_at = moment(data, STARTED), moment(data, SEEN)
    return row  # type: ignore[no-any-return]


def moment(data: Mapping[str, Any], name: str) -> datetime | None:
    text = data.get(name)
    return datetime.fromisoformat(text) if text else None
