import click

from muniment.cli.frame import Prepared
from muniment.teams.selectors import operator_actor
from muniment.teams.services import issue_setup_link


@click.command(cls=Prepared, name="setup-link")
def setup_link() -> None:
    """Print a new link that claims this installation: for 30 minutes, once. Links printed before stop working."""
    click.echo(issue_setup_link(actor=operator_actor(None)))
