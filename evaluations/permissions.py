"""What permission costs: one check, who acts in a request, and the agents of a member among 1,000.

python -m evaluations.permissions

Takes about 1 minute. A chat-only member with 10 grants among the 1,000 agents of a team, and a builder, who reaches all
of them. The median of many runs, in one process.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Any

from evaluations.installation import installation

if TYPE_CHECKING:
    from muniment.core.actors import Actor

CHECKS, LISTS, AGENTS, GRANTS = 5_000, 50, 1_000, 10
MICROSECOND, MILLISECOND = 1e-6, 1e-3


def main() -> None:
    with installation() as operator:
        _person(operator, "owner", "owner")  # the installation has one: pages lead to setup until then
        member, builder = _person(operator, "member", "chat_only"), _person(operator, "builder", "builder")
        agents = _agents(operator, member.pk)
        print("| what | median | asked for |\n| --- | --- | --- |")
        for what, act, times, unit, limit in _cases(operator.team, member, builder, agents[0]):
            word = "µs" if unit == MICROSECOND else "ms"
            print(f"| {what} | {_median(act, times) / unit:.1f} {word} | {limit} |")


def _cases(team: Any, member: Any, builder: Any, agent: Any) -> list[tuple[str, Callable[[], Any], int, float, str]]:
    from muniment.agents.selectors import agents, may
    from muniment.core.permissions import Permission
    from muniment.teams.selectors import actor_for

    some, every = actor_for(member, team), actor_for(builder, team)
    assert (len(agents(some)), len(agents(every))) == (GRANTS, AGENTS)
    page = _browser(member)
    asked = Permission.CONVERSATION_CREATE
    return [
        ("one check, by a grant", lambda: may(some, asked, agent), CHECKS, MICROSECOND, "≤ 50 µs"),
        ("one check, by the role", lambda: may(every, asked, agent), CHECKS, MICROSECOND, "≤ 50 µs"),
        ("who acts in a request: role and grants", lambda: actor_for(member, team), LISTS, MILLISECOND, ""),
        (f"{GRANTS} granted of {AGENTS:,} agents, found", lambda: list(agents(some)), LISTS, MILLISECOND, "≤ 50 ms"),
        ("the page that lists them, with what each holds", page, LISTS, MILLISECOND, "≤ 50 ms"),
        (f"all {AGENTS:,}, found", lambda: list(agents(every)), LISTS, MILLISECOND, "≤ 50 ms"),
    ]


def _person(operator: "Actor", name: str, role: str) -> Any:
    from muniment.accounts.services import create_user
    from muniment.teams.selectors import team_of
    from muniment.teams.services import add_member
    from muniment.teams.types import Role

    user = create_user(actor=operator, email=f"{name}@example.org", password="a quiet reading room at dusk")  # noqa: S106
    add_member(actor=operator, team=team_of(operator), user=user, role=Role(role))
    return user


def _agents(operator: "Actor", member: int) -> list[Any]:
    """The first ones are granted to the member."""
    from muniment.agents.services import create_agent, grant_agent

    made = [create_agent(actor=operator, name=f"Agent {number}") for number in range(AGENTS)]
    for agent in made[:GRANTS]:
        grant_agent(actor=operator, agent=agent, user=member)
    return made


def _browser(member: Any) -> Callable[[], Any]:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(member)

    def page() -> None:
        answer = client.get("/agents")
        assert answer.status_code == 200, answer.status_code

    page()
    return page


def _median(act: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return median(taken)


if __name__ == "__main__":
    main()
