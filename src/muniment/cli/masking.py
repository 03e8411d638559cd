"""`muniment agent masking`: how an agent masks personal data, and how far its documents follow."""

import json
import sys
from dataclasses import replace
from typing import Any

import click

from muniment.agents.selectors import masking_wanted
from muniment.agents.services import open_silo
from muniment.agents.types import MaskingMode, MaskingRules
from muniment.cli.acting import find_agent, json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.core.errors import PermanentError
from muniment.core.permissions import Permission
from muniment.ingest.selectors import masked_sums, masking_cost, masking_state
from muniment.ingest.services import change_masking
from muniment.ingest.types import MaskingCost
from muniment.pii.types import PiiClass


@click.command(cls=Prepared, name="masking")
@click.argument("agent")
@click.option("--mode", type=click.Choice([*map(str, MaskingMode)]), help="What stands instead.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    type=click.Choice([kind.value for kind in PiiClass]),
    help="What is looked for.",
)
@click.option("--contact", "contacts", multiple=True, help="Words of your own organisation: never masked.")
@click.option("--term", "terms", multiple=True, help="Words of your own: always masked.")
@click.option("--pattern", "patterns", multiple=True, help="A pattern of your own, in RE2 syntax.")
@click.option("--yes", is_flag=True, help="Do not ask, also on a terminal.")
@team_option
@json_option
def masking(
    *, agent: str, mode: str | None, classes: tuple[str, ...], yes: bool, team: str | None, as_json: bool, **words: Any
) -> None:
    """Show how AGENT (id or name) masks personal data, or change it.

    Each option that is given takes the place of what held before, as often as it is given; an empty value empties it.
    Documents that are live already are masked and indexed anew in the background.
    """
    actor = operator(team)
    found = find_agent(actor, agent)
    silo = open_silo(actor=actor, agent=found, permission=Permission.AGENT_UPDATE)
    before = masking_wanted(actor, found, silo)
    given: dict[str, Any] = {name: tuple(filter(None, some)) for name, some in words.items() if some}
    given |= {"classes": frozenset(map(PiiClass, classes))} if classes else {}
    wanted = MaskingRules(MaskingMode(mode) if mode else before.mode, replace(before.selection, **given))
    if mode or given:
        if sys.stdin.isatty() and not yes:
            _ask(masking_cost(actor, found, wanted))
        change_masking(actor=actor, agent=found, rules=wanted)
    state, sums = masking_state(actor, found), masked_sums(actor, found)
    facts = {
        "mode": wanted.mode.value,
        "classes": sorted(wanted.selection.classes),
        "contacts": wanted.selection.contacts,
        "terms": wanted.selection.terms,
        "patterns": wanted.selection.patterns,
        "corrections": len(wanted.selection.listed) + len(wanted.selection.never),
        "documents": {"live": state.live, "waiting": state.again, "failed": sums.failed},
        "masked": dict(sorted(sums.items.items())),
    }
    click.echo(json.dumps(facts) if as_json else _told(facts))


def _ask(cost: MaskingCost) -> None:
    """Says what it takes; raises where the answer is no."""
    lost = f" What is masked in {cost.for_good:,} of them is kept nowhere then." if cost.for_good else ""
    minutes = max(round(cost.seconds / 60), 1)
    question = (
        f"{cost.documents:,} documents ({cost.words:,} words) are masked anew, in about {minutes:,} min.{lost} Go on?"
    )
    if cost.documents and not click.confirm(question):
        raise PermanentError("Nothing was changed.")


def _told(facts: dict[str, Any]) -> str:
    documents = facts["documents"]
    lines = [f"Mode: {facts['mode']}", f"Looked for: {', '.join(facts['classes'])}"]
    lines += [
        f"{name.capitalize()}: {', '.join(facts[name])}" for name in ("contacts", "terms", "patterns") if facts[name]
    ]
    lines += [f"Masked anew: {documents['live'] - documents['waiting']:,} of {documents['live']:,} documents"]
    lines += [f"Could not be masked anew: {documents['failed']:,}"] if documents["failed"] else []
    return "\n".join([*lines, *(f"{kind}: {count:,}" for kind, count in facts["masked"].items())])
