"""Sets the budget of the only team: `main(TOKENS)`."""

from muniment.llm.services import set_budget
from muniment.teams.selectors import operator_actor
from muniment.teams.services import first_team


def main(tokens: str) -> None:
    team = first_team(actor=operator_actor(None))
    set_budget(actor=operator_actor(team.pk), tokens=int(tokens), cost=None)
