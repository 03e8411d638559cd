"""A foreign key names its model by a string, which no import contract sees: it must point down all the same."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Field, Model

from muniment.agents.models import Agent
from muniment.teams.models import Team

ROOT = Path(__file__).resolve().parents[2]


def _layers() -> dict[str, int]:
    """The height of every room, siblings alike, lowest 0; from the contract itself."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:rooms"]["layers"].split("\n")
    rooms = [re.findall(r"\w+", line) for line in lines if line.strip()]
    return {room: height for height, line in enumerate(reversed(rooms)) for room in line}


def _pairs() -> Iterator[tuple[type[Model], type[Model]]]:
    """Each of our models with each model that it points to."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.remote_field and isinstance(field.remote_field.model, type):
                yield model, field.remote_field.model


def _room(model: type[Model]) -> str | None:
    package, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if package == "muniment" else None


def _points_down(model: type[Model], to: type[Model]) -> bool:
    """From outside (Django's, allauth's) a key may point anywhere; from us to us only downwards, or within the room."""
    here, there, heights = _room(model), _room(to), _layers()
    return here is None or there is None or here == there or heights[here] > heights[there]


def test_every_foreign_key_points_down() -> None:
    found = list(_pairs())
    assert (Agent, Team) in found
    assert [pair for pair in found if not _points_down(*pair)] == []


def test_one_that_points_up_would_be_seen() -> None:
    assert not _points_down(Team, Agent)


def test_audit_points_to_no_room() -> None:
    assert {_room(to) for model, to in _pairs() if _room(model) == "audit"} <= {"audit"}


def _get_model_calls(text: str) -> list[int]:
    """Lines on which a model is fetched by a string, however the function was imported."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if (ast.unparse(call.func).rpartition(".")[2]) == "get_model"]


def test_no_model_is_fetched_by_a_string() -> None:
    assert _get_model_calls("from django.apps import apps as a\nM = a.get_model('accounts.User')") == [2]
    sources = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]
    assert len(sources) > 100
    assert [path for path in sources if _get_model_calls(path.read_text())] == []
