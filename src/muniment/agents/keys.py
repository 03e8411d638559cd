"""The agents an API key can be for (`core.registries.KeyAgents`)."""

from collections.abc import Iterable, Mapping

from muniment.agents.policies import check
from muniment.agents.selectors import agent, agents
from muniment.core.actors import Actor
from muniment.core.permissions import Permission


class AgentsOfKeys:
    def choices(self, actor: Actor) -> Mapping[str, str]:
        return dict(agents(actor).order_by("name").values_list("pk", "name"))

    def check(self, actor: Actor, agents: Iterable[str], permissions: frozenset[Permission]) -> None:
        """Attack stopped: Bob makes a key of the team's that does with an agent what he may not do with it himself."""
        for identifier in agents:
            found = agent(actor, identifier)
            for permission in permissions:
                check(actor, permission, found)


OF_KEYS = AgentsOfKeys()
