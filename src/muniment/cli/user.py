import json
from typing import TYPE_CHECKING, Any, TextIO

import click

from muniment.accounts.services import create_user
from muniment.cli.acting import json_option, operator, team_option
from muniment.cli.frame import Prepared
from muniment.teams.selectors import account_of, member_by_email, members_of, operator_actor, role_named, team_of
from muniment.teams.services import (
    add_member,
    change_role,
    invite,
    operator_email_link,
    operator_recovery_link,
    remove_member,
    resume_member,
    suspend_member,
)
from muniment.teams.words import role_name

if TYPE_CHECKING:
    from muniment.teams.models import Membership

role_option = click.option(
    "--role",
    metavar="ROLE",
    required=True,
    help="owner, administrator, builder, analyst, member, chat_only, or the name of one of the team's own.",
)


@click.group()
def user() -> None:
    """People in a team, and what they may do there."""


@user.command(cls=Prepared, name="create")
@click.argument("email")
@role_option
@click.option("--name", default="", help="How the person is called.")
@click.option(
    "--password-file",
    type=click.File("r"),
    metavar="FILE",
    help="Read the first password from FILE, or - for the input.",
)
@team_option
@json_option
def create(*, email: str, role: str, name: str, password_file: TextIO | None, team: str | None, as_json: bool) -> None:
    """Bring the person with the address EMAIL into the team.

    Who has an account is in at once. Without one, and without --password-file, a link is printed that works once, for
    7 days: whoever opens it chooses a password and is in. Pass it on by a way you trust.
    """
    actor = operator(team)
    here, given, link = team_of(actor), role_named(actor, role), None
    found = account_of(actor, email)
    if found is None and password_file is not None:
        password = password_file.read().strip("\r\n")
        found = create_user(actor=actor, email=email, password=password, name=name)
    if found is None:
        link = invite(actor=actor, team=here, email=email, role=given).link
    else:
        add_member(actor=actor, team=here, user=found, role=given)
    facts: dict[str, Any] = {"email": email.strip().lower(), "role": role_name(given), "team": here.pk, "link": link}
    facts |= {"id": found.pk if found else None}
    click.echo(json.dumps(facts) if as_json else link or f"{facts['email']} is in the team: {facts['role']}")


@user.command(cls=Prepared, name="list")
@team_option
@json_option
def list_users(*, team: str | None, as_json: bool) -> None:
    """List the members of the team."""
    found = [_facts(one) for one in members_of(operator(team))]
    lines = [f"{one['email']}  {one['role']}{'  suspended' if one['suspended'] else ''}" for one in found]
    click.echo(json.dumps(found) if as_json else "\n".join(lines))


@user.command(cls=Prepared, name="role")
@click.argument("email")
@role_option
@team_option
def role_command(*, email: str, role: str, team: str | None) -> None:
    """Give a member another role."""
    actor = operator(team)
    found = member_by_email(actor, email)
    changed = change_role(actor=actor, team=found.team, user=found.user, role=role_named(actor, role))
    click.echo(f"{found.user.email}: {role_name(changed.held)}")


@user.command(cls=Prepared, name="suspend")
@click.argument("email")
@team_option
def suspend(*, email: str, team: str | None) -> None:
    """Keep a member out of the team until resumed. What is theirs stays."""
    actor = operator(team)
    found = member_by_email(actor, email)
    suspend_member(actor=actor, team=found.team, user=found.user)
    click.echo(f"{found.user.email} is suspended.")


@user.command(cls=Prepared, name="resume")
@click.argument("email")
@team_option
def resume(*, email: str, team: str | None) -> None:
    """Let a suspended member in again."""
    actor = operator(team)
    found = member_by_email(actor, email)
    resume_member(actor=actor, team=found.team, user=found.user)
    click.echo(f"{found.user.email} is resumed.")


@user.command(cls=Prepared, name="remove")
@click.argument("email")
@click.option("--transfer-to", metavar="EMAIL", help="The member who gets their agents.")
@click.option("--delete-agents", is_flag=True, help="Delete their agents for good.")
@team_option
def remove(*, email: str, transfer_to: str | None, delete_agents: bool, team: str | None) -> None:
    """Remove a member. Say what becomes of their agents: --transfer-to EMAIL or --delete-agents."""
    if bool(transfer_to) == delete_agents:
        raise click.UsageError("Say what becomes of their agents: --transfer-to EMAIL or --delete-agents.")
    actor = operator(team)
    found = member_by_email(actor, email)
    heir = member_by_email(actor, transfer_to).user if transfer_to else None
    remove_member(actor=actor, team=found.team, user=found.user, heir=heir)
    click.echo(f"{found.user.email} is removed.")


@user.command(cls=Prepared, name="recovery-link")
@click.argument("email")
def recovery_link(email: str) -> None:
    """Print a link that sets a new password for EMAIL: once, for 15 minutes.

    Hand it to the person on a way you trust. Second factors stay. The person is told at the next sign-in, and it is in
    the log.
    """
    click.echo(operator_recovery_link(actor=operator_actor(None), email=email))


@user.command(cls=Prepared, name="email-link")
@click.argument("email")
@click.argument("new")
def email_link(email: str, new: str) -> None:
    """Print a link that changes EMAIL, the address a person signs in with, to NEW: once, for 15 minutes.

    Hand it to the person, who has to be signed in to use it. It is in the log.
    """
    click.echo(operator_email_link(actor=operator_actor(None), email=email, new=new))


def _facts(one: "Membership") -> dict[str, Any]:
    return {
        "id": one.user_id,
        "email": one.user.email,
        "name": one.user.name,
        "role": role_name(one.held),
        "suspended": one.suspended_at is not None,
    }
