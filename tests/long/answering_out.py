"""A process that uses up answers as fast as it can: `main(TRIES)` prints how many it was given."""

from muniment.credits.errors import QueriesSpentError
from muniment.credits.services import one_query
from muniment.teams.selectors import operator_actor, teams_of


def main(tries: str) -> None:
    team = teams_of(operator_actor(None)).get().pk
    actor, had = operator_actor(team), 0
    for _ in range(int(tries)):
        try:
            with one_query(actor=actor, team=team, silo="a" * 26) as query:
                query.is_answered = True
        except QueriesSpentError:
            break
        had += 1
    print(had)  # noqa: T201 - to who started it
