"""`muniment provider`: the providers of models a team may use."""

import json
import sys
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.acting import json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermanentError
from muniment.llm.selectors import providers
from muniment.llm.services import (
    add_provider,
    is_inside,
    models_in_use,
    remove_provider,
    try_model,
    try_provider,
)
from muniment.llm.types import ProviderKind

if TYPE_CHECKING:
    from muniment.llm.models import Provider


@click.group()
def provider() -> None:
    """Providers of models, each an address that speaks the OpenAI format: Ollama, vLLM, OpenAI, Azure and others."""


@provider.command(cls=Prepared, name="add")
@click.argument("name")
@click.argument("address")
@click.argument("model")
@click.option("--azure", "api_version", metavar="VERSION", help="It is Azure OpenAI, of this API version.")
@click.option(
    "--key-file", type=click.File(encoding="utf-8"), help="Read its key from this file, or - for standard input."
)
@click.option("--input-price", type=Decimal, default="0", help="Of a million tokens asked, for budgets.")
@click.option("--output-price", type=Decimal, default="0", help="Of a million tokens answered, for budgets.")
@click.option(
    "--patience", type=click.IntRange(5, 600), default=120, help="Seconds to wait for a word.  [default: 120]"
)
@team_option
@json_option
def add(  # noqa: PLR0913 - as many as there are options
    *,
    name: str,
    address: str,
    model: str,
    api_version: str | None,
    key_file: Any,
    input_price: Decimal,
    output_price: Decimal,
    patience: int,
    team: str | None,
    as_json: bool,
) -> None:
    """Add MODEL at ADDRESS under NAME. A key is never an argument: other users of this machine could see it."""
    made = add_provider(
        actor=operator(team),
        key=key_file.read() if key_file else "",
        name=name,
        base_url=address,
        model=model,
        kind=ProviderKind.AZURE if api_version else ProviderKind.OPENAI,
        api_version=api_version or "",
        input_price=input_price,
        output_price=output_price,
        patience=patience,
    )
    click.echo(json.dumps(_facts(made)) if as_json else made.id)


@provider.command(cls=Prepared, name="list")
@team_option
@json_option
def list_providers(*, team: str | None, as_json: bool) -> None:
    """List the team's providers by name. Keys are not shown, to nobody."""
    found = [_facts(one) for one in providers(operator(team))]
    if not found and not as_json:
        click.echo("There are no providers. Add one with: muniment provider add NAME ADDRESS MODEL", err=True)
        return
    lines = [f"{one['id']}  {one['name']}  {one['model']}  {one['address']}" for one in found]
    click.echo(json.dumps(found) if as_json else "\n".join(lines))


@provider.command(cls=Prepared, name="test")
@click.argument("provider")
@team_option
@json_option
def test(*, provider: str, team: str | None, as_json: bool) -> None:
    """Ask PROVIDER (id or name) for its models and for a word. Exit code 1 when it does not answer."""
    actor = operator(team)
    trial = try_provider(actor=actor, provider=find_provider(actor, provider).pk)
    if as_json:
        facts = {"answered": trial.answered, "milliseconds": trial.milliseconds, "models": trial.models}
        click.echo(json.dumps({**facts, "sentence": trial.sentence}))
        sys.exit(0 if trial.answered else 1)
    if not trial.answered:
        raise PermanentError(trial.sentence)
    click.echo(f"It answered in {trial.milliseconds} ms.")
    if trial.models:
        click.echo(f"It has: {', '.join(trial.models)}")


@provider.command(cls=Prepared, name="models")
@team_option
@json_option
def models(*, team: str | None, as_json: bool) -> None:
    """Show the embedding model and the reranker that the settings name, and ask each a word.

    Exit code 1 when one does not answer.
    """
    actor = operator(team)
    found = [(one, try_model(actor=actor, use=one.use)) for one in models_in_use()]
    if as_json:
        facts = [{**asdict(one), "answered": trial.answered, "sentence": trial.sentence} for one, trial in found]
        click.echo(json.dumps(facts))
    else:
        for one, trial in found:
            where = one.address or "on this machine"
            said = f"answered in {trial.milliseconds} ms" if trial.answered else trial.sentence
            click.echo(f"{one.use}: {one.name}, {where}: {said}")
    sys.exit(0 if all(trial.answered for _, trial in found) else 1)


@provider.command(cls=Prepared, name="remove")
@click.argument("provider")
@team_option
def remove(*, provider: str, team: str | None) -> None:
    """Remove PROVIDER (id or name) and its key. Agents that used it say so until another one is chosen for them."""
    actor = operator(team)
    remove_provider(actor=actor, provider=find_provider(actor, provider).pk)
    click.echo("Removed, and its key with it.")


def find_provider(actor: Actor, named: str) -> "Provider":
    """By id, else by name: both are unique in a team."""
    found = providers(actor).filter(pk=named).first() or providers(actor).filter(name=named).first()
    if found is None:
        raise NotFoundError("There is no such provider in this team. List them with: muniment provider list")
    return found


def _facts(one: "Provider") -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "kind": one.kind,
        "address": one.base_url,
        "model": one.model,
        "inside": is_inside(one),
        "has_key": one.sealed_key is not None,
    }
