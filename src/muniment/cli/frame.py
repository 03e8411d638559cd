"""The frame of every command: found lazily, started safely, ended with a code and at most one sentence."""

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from muniment.core.cleaning import clean
from muniment.core.errors import MunimentError

# name -> (where it is, one line of help)
_COMMANDS = {
    "serve": ("muniment.cli.serve:serve", "Serve the web pages and run the worker."),
    "worker": ("muniment.cli.worker:worker", "Run background jobs until stopped. `serve` starts one itself."),
    "setup-link": ("muniment.cli.setup_link:setup_link", "Print a new one-time link that claims this installation."),
    "team": ("muniment.cli.team:team", "List the teams; show and set what each may use."),
    "user": (
        "muniment.cli.user:user",
        "Bring people in, change what they may do, remove them, let them back in.",
    ),
    "key": ("muniment.cli.key:key", "Make, list and revoke API keys of a team."),
    "domain": ("muniment.cli.domain:domain", "Add, verify, list and remove domains of a team."),
    "sso": ("muniment.cli.sso:sso", "List connections to identity providers; import their metadata."),
    "scim": ("muniment.cli.scim:scim", "Tokens by which a provider of identities keeps a team's people."),
    "agent": ("muniment.cli.agent:agent", "Create, list, change and delete agents."),
    "provider": ("muniment.cli.provider:provider", "Add, list, test and remove providers of models."),
    "ingest": ("muniment.cli.ingest:ingest", "Give an agent files or whole folders to read."),
    "document": ("muniment.cli.document:document", "List documents; prove that a file was deleted."),
    "ask": ("muniment.cli.ask:ask", "Ask an agent a question."),
    "pii": ("muniment.cli.pii:pii", "See what is found of personal data."),
    "backup": ("muniment.cli.backup:backup", "Make a snapshot in a backup target."),
    "restore": ("muniment.cli.backup:restore", "Rebuild an installation from a backup target and a recovery kit."),
    "verify-log": ("muniment.cli.verify:verify_log", "Check that the audit log is whole and unchanged."),
    "verify-receipt": ("muniment.cli.verify:verify_receipt", "Check what a receipt proves."),
    "doctor": ("muniment.cli.doctor:doctor", "Check this installation, part by part."),
}


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is imported stays: the collector, which looks through it again and again, takes a sixth of each start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class LazyGroup(click.Group):
    """Commands are listed from the table above; their modules, and Django, are imported when one is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        with _uncollected():
            importlib.import_module("django").setup()
            command: click.Command = getattr(importlib.import_module(module), name)
        ctx.call_on_close(importlib.import_module("muniment.cli.closing").close_databases)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        with importlib.import_module("muniment.cli.faults").told():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="muniment")
def muniment() -> None:
    """Private AI agents that answer from your documents, with exact citations, out of encrypted silos."""


class Prepared(click.Command):
    """A command that runs on a ready installation: made, checked and upgraded first."""

    def invoke(self, ctx: click.Context) -> Any:
        importlib.import_module("muniment.cli.start").prepare()
        return super().invoke(ctx)


def main() -> NoReturn:
    """Exit codes: 0 done, 1 refused or failed with one sentence on stderr, 2 wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    try:
        muniment()
    except MunimentError as error:
        _end(str(error))
    sys.exit(0)


def _end(sentence: str) -> NoReturn:
    click.echo(clean(sentence), err=True)  # it may repeat a name, or what a file given to us claims
    sys.exit(1)
