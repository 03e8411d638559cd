"""A connection is tried: an owner sees what arrives and what would happen, and nobody is signed in."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from muniment.audit.services import record
from muniment.core.clock import now
from muniment.core.errors import NotFoundError
from muniment.core.wording import in_words
from muniment.sso import events
from muniment.sso.errors import NotLetInError, Refused
from muniment.sso.letting_in import SENTENCES, judge
from muniment.sso.policies import require_update
from muniment.sso.types import Statement
from muniment.teams.selectors import role_key

if TYPE_CHECKING:
    from django.http import HttpRequest

    from muniment.core.actors import Actor
    from muniment.sso.models import Connection

SESSION_TRIAL = "sso_trial"
_MOST = 100  # attributes that are shown


def keep_trial(
    *, request: "HttpRequest", actor: "Actor", connection: "Connection", arrived: Statement | NotLetInError
) -> None:
    """What came of it stays in the session of who tried, until the next trial. The statement is not used up by it."""
    team = require_update(actor)
    if connection.team_id != team:
        raise NotFoundError("There is no such connection.")
    shown = _shown(connection, arrived) if isinstance(arrived, Statement) else _failed(arrived)
    request.session[SESSION_TRIAL] = shown | {"connection": connection.pk, "at": now().isoformat()}
    with transaction.atomic():
        facts = {"let_in": shown["way"] is not None}
        record(kind=events.CONNECTION_TRIED, actor=actor, subject=connection.pk, team=team, facts=facts)


def trial_of(request: "HttpRequest", connection: "Connection") -> dict[str, Any] | None:
    """`way` or `refused` (words of `types`) and `why`; who it is: `email`, `name`, `subject`, `groups`, `attributes`;
    `role`: key of the role (`teams.selectors.role_key`).
    """
    found: dict[str, Any] | None = request.session.get(SESSION_TRIAL)
    return found if found and found["connection"] == connection.pk else None


def _shown(connection: "Connection", said: Statement) -> dict[str, Any]:
    verdict = judge(connection, said)
    return {
        "way": verdict.way,
        "refused": verdict.refused,
        "why": in_words(SENTENCES[verdict.refused]) if verdict.refused else "",
        "role": role_key(verdict.role) if verdict.role else "",
        "email": said.email,
        "name": said.name,
        "subject": said.subject,
        "groups": None if said.groups is None else list(said.groups),
        "attributes": {name: list(values) for name, values in list(said.attributes.items())[:_MOST]},
    }


def _failed(error: NotLetInError) -> dict[str, Any]:
    return {"way": None, "refused": Refused(error.refused), "why": in_words(error), "attributes": {}}
