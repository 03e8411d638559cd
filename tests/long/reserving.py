"""A process that spends a budget as fast as it can: `main(TRIES)` prints how many calls of ten tokens fitted."""

from decimal import Decimal

from muniment.llm.budget import Prices, reserve
from muniment.llm.errors import ModelRefusedError
from muniment.teams.selectors import operator_actor, teams_of

FREE = Prices(Decimal(0), Decimal(0))


def main(tries: str) -> None:
    team = teams_of(operator_actor(None)).get().pk
    had = 0
    for _ in range(int(tries)):
        try:
            reserve(team=team, prices=FREE, asked=4, answered=6)
        except ModelRefusedError:
            break
        had += 1
    print(had)  # noqa: T201 - to who started it
