"""Attacker: somebody with an account, or a key. Move: sends with every form and every body what no form of ours has: a
role, a team, an owner, an id, a date (mass assignment). Guarantee: G-128. A write changes what its page or its
description names, and nothing beside it, whatever is sent along."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.test import Client

from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from muniment.teams.types import Role
from tests.attacks.test_addresses_answer_by_role import (
    OWN,
    Stage,
    answer,
    rows,
    stage,  # noqa: F401 - a fixture
)
from tests.attacks.test_api_answers_by_role import FORM, address_of, body, form, made
from tests.attacks.test_api_answers_by_role import rows as rows_of_api
from tests.cast import Person, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
NAMED = {
    "/agents/<agent>/people": {"role", "email"},
    "/agents/<agent>/sharing": {"personal"},
    "/members/invite": {"role", "email"},
    "/members/<member>/role": {"role"},
    "/profile/email": {"email"},
    "/team/people/<person>/email-link": {"email"},
    "/team/switch": {"team"},
    "/sign-in": {"email"},
    "/sign-in/forgotten": {"email"},
    "/keys/new": {"permissions", "agents", "consent"},
}
"""What these do take of it."""
ROOMS = ("accounts", "teams", "agents")
PASSING = {"accounts.Session", "accounts.CacheEntry", "accounts.AccountLink"}
FREE = {"suspended_at"}  # what suspending writes


def extras(stage: Stage) -> dict[str, str]:  # noqa: F811
    """What an attacker would like to be, and to have."""
    thief = stage.stranger
    return {
        "role": "owner", "custom_role": "owner", "team": thief.team.pk, "team_id": thief.team.pk, "is_owner": "1",
        "id": new_id(), "pk": new_id(), "owner": str(thief.user.pk), "owner_id": str(thief.user.pk),
        "user": str(thief.user.pk), "user_id": str(thief.user.pk), "created": "2001-01-01", "ref": new_id(),
        "created_at": "2001-01-01T00:00:00Z", "email": thief.user.email, "is_active": "", "is_staff": "1",
        "is_superuser": "1", "password_hash": "x", "silo": new_id(), "personal": "yes", "is_service": "1",
        "permissions": "team:owner:update", "granted": "all", "team:owner:update": "all", "user_limit": "100000",
        "invited_by": str(thief.user.pk), "email_verified_at": "2001-01-01T00:00:00Z", "state": "live",
    }  # fmt: skip


def owned() -> dict[str, dict[str, Any]]:
    """Whose each row is, when it was made, and who it says it is: what no write of a page changes by the way."""
    found: dict[str, dict[str, Any]] = {}
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS or model._meta.label in PASSING:
            continue
        kept = [
            one.attname
            for one in model._meta.concrete_fields
            if one.name not in FREE
            and (isinstance(one, ForeignKey) or one.name in {"created_at", "silo", "ref", "is_active", "email", "role"})
        ]
        for row in model._default_manager.values("pk", *kept):
            found[f"{model._meta.label} {row['pk']}"] = row
    return found


def wrong(stage: Stage, before: dict[str, Any], may_change: set[str]) -> list[str]:  # noqa: F811
    """What says something else than it did, or is somebody else's, or older than this test."""
    told, now = [], owned()
    evil = {str(stage.stranger.user.pk), stage.stranger.team.pk, stage.stranger.user.email}
    for name, row in now.items():
        was = before.get(name)
        if was is None:
            values = {str(value) for column, value in row.items() if column not in may_change | {"pk"}}
            told += [f"{name} is new: {row}"] * bool(values & evil or any(one.startswith("2001") for one in values))
        else:
            changed = {column for column in row if row[column] != was[column]}
            told += [f"{name}: {column}" for column in changed - may_change]
    return told


def test_by_the_forms_of_pages(stage: Stage) -> None:  # noqa: F811
    """As a builder, on what is his, and as the owner. Deletions take rows away and are no matter here."""
    told = []
    for row in [row for row in rows() if row.method == "POST" and row.asks != "closed"]:
        for who in (Role.BUILDER, Role.OWNER):
            named = NAMED.get(row.address, set())
            things = next(one[2] for one in stage.asked(row) if one[0] == who and one[1] in {"", OWN})
            data = {name: value for name, value in extras(stage).items() if name not in named}
            before = owned()
            answer(signed_in(stage.people[who].user), row, things, data | stage.data(row, things))
            told += [f"{row} as {who}: {one}" for one in wrong(stage, before, CHANGES.get(row.address, set()))]
            stage.people[who].user.refresh_from_db()
    assert told == []


CHANGES = {
    "/members/<member>/role": {"role", "custom_role_id"},
    "/team/switch": set(),
    "/agents/<agent>/sharing": {"personal"},
}
"""What these are for."""


def test_by_bodies_of_the_api(stage: Stage) -> None:  # noqa: F811
    told, agent = [], stage.agents[Role.BUILDER, OWN]["agent"]
    token = made(stage.people[Role.BUILDER])
    headers = {"authorization": f"Bearer {token}"}
    for row in [row for row in rows_of_api() if row.method != "GET" and (row.method, row.address) not in ERASES]:
        address, (data, kind) = address_of(row, agent), body(row, agent)
        more = extras(stage)
        if kind == FORM:
            data = data.removesuffix(b"--x--\r\n") + form(**more)
        elif data:
            data = json.dumps(
                json.loads(data) | {name: value for name, value in more.items() if name != "user"}
            ).encode()
        before = owned()
        Client().generic(row.method, address, data=data, content_type=kind, headers=headers)
        told += [f"{row}: {one}" for one in wrong(stage, before, set())]
    assert told == []


ERASES = {("DELETE", "/api/v1/projects/<project_id>")}


def test_what_is_asked_for_is_done(stage: Stage) -> None:  # noqa: F811
    """The positive control: the same look sees a role that was changed by the field that is there for it."""
    before, bob = owned(), stage.people[Role.BUILDER]
    stage.team.client.post(f"/members/{bob.user.pk}/role", {"role": "administrator", "team": stage.stranger.team.pk})
    assert [one.rpartition(": ")[2] for one in wrong(stage, before, set())] == ["role"]
    assert Permission.AUDIT_VIEW in Person(bob.user, stage.team.team).actor.permissions
