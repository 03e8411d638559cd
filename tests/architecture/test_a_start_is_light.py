"""Servers, commands, workers and children load nothing that only a provider needs, until it comes with its token."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTED = "import django, sys; django.setup()"
LOADED = "; print(sorted(name for name in sys.modules if name.startswith('scim2_')))"


def _loaded(more: str = "") -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    command = [sys.executable, "-c", f"{STARTED}{more}{LOADED}"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_a_start_loads_no_library_of_scim() -> None:
    assert _loaded() == "[]\n"


def test_commands_about_tokens_and_what_refuses_load_none_either() -> None:
    assert _loaded("; import muniment.cli.scim, muniment.api.middleware, muniment.scim.services") == "[]\n"


def test_a_server_loads_none_before_a_provider_comes() -> None:
    assert _loaded("; import muniment.asgi, muniment.urls") == "[]\n"


def test_what_speaks_it_would_be_seen() -> None:
    assert "scim2_server.handler" in _loaded("; import muniment.scim.answering")
