"""A throw-away installation to measure in: an empty home, fresh keys, one team, no server, no worker."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.core.actors import Actor


@contextmanager
def installation() -> Iterator["Actor"]:
    """Configures Django on a fresh home; yields the operator acting in its one team. Once per process."""
    with tempfile.TemporaryDirectory(prefix="muniment-evaluation-") as folder:
        os.environ.update(
            MUNIMENT_HOME=f"{folder}/home",
            MUNIMENT_KEYS=f"{folder}/keys",
            DJANGO_SETTINGS_MODULE="muniment.settings",
        )
        import django
        from django.conf import settings
        from django.core.management import call_command

        from muniment.crypto.services import initialise_keys

        initialise_keys(home=Path(settings.MUNIMENT_HOME), keys=Path(settings.MUNIMENT_KEYS))
        django.setup()
        call_command("migrate", verbosity=0)
        yield _operator()


def _operator() -> "Actor":
    from muniment.crypto.services import keyring
    from muniment.crypto.types import INSTANCE, KeyKind, KeyRef
    from muniment.teams.models import Team
    from muniment.teams.selectors import operator_actor

    team = Team(name="Evaluation")
    keyring().create(KeyRef(INSTANCE, KeyKind.TEAM, team.id))
    team.save()
    return operator_actor(team.id)
