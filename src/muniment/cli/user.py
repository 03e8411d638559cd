import click

from muniment.cli.frame import Prepared
from muniment.teams.selectors import operator_actor
from muniment.teams.services import operator_recovery_link


@click.group()
def user() -> None:
    """People with an account."""


@user.command(cls=Prepared, name="recovery-link")
@click.argument("email")
def recovery_link(email: str) -> None:
    """Print a link that sets a new password for EMAIL: once, for 15 minutes.

    Hand it to the person on a way you trust. Second factors stay. The person is told at the next sign-in, and it is in
    the log.
    """
    click.echo(operator_recovery_link(actor=operator_actor(None), email=email))
