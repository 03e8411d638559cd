"""What masking costs: a hundred people asked for by name, and the questions about the GDPR, with it and without.

python -m evaluations.names

A hundred notes, each of one person and worded as nineteen others, are asked for in full, by surname, in small letters
and in the genitive: how often the person's note is among the first ten. English and German, the names with a title
before them and without. Takes about 12 minutes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluations import questions, runs, scifact
from evaluations.answers.gdpr import ASKED, TUNED_ON
from evaluations.installation import installation
from evaluations.personal.people import Planted, people

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.core.actors import Actor

DEPTH = 10
Recall = dict[str, float]  # form of asking to the share of people whose note is among the first ten


def found(actor: "Actor", agent: "Agent", question: str) -> list[str]:
    """The names of the documents that the product finds for a question, best first."""
    from muniment.agents.selectors import masking
    from muniment.agents.services import open_silo
    from muniment.chat.questions import Masker
    from muniment.core.permissions import Permission
    from muniment.ingest.selectors import names
    from muniment.llm.services import embedder
    from muniment.retrieval.selectors import passages
    from muniment.retrieval.types import Query

    silo = open_silo(actor=actor, agent=agent, permission=Permission.DOCUMENT_VIEW)
    asked = Masker(actor, agent, masking(actor, agent, silo)).searched(question).searched_for
    model = embedder()
    query = Query(asked, model.embed_questions([asked])[0], model.name)
    best = [one.document for one in passages(actor, agent, query, limit=DEPTH)]
    named = names(actor, agent, set(best))
    return [named[one] for one in best]


def recall(actor: "Actor", agent: "Agent", planted: list[Planted]) -> Recall:
    hits: dict[str, list[bool]] = {}
    for number, person in enumerate(planted):
        for form, question in person.forms().items():
            hits.setdefault(form, []).append(f"{number}.txt" in found(actor, agent, question))
    return {form: sum(some) / len(some) for form, some in hits.items()}


PLANTED = {
    "English, with a title": ("en", True),
    "English, without": ("en", False),
    "German, with a title": ("de", True),
    "German, without": ("de", False),
}


def recalls(actor: "Actor") -> Iterator[str]:
    """The rows of the table: of each way of planting and each form of asking, not masked and masked."""
    yield runs.row("recall@10: names are written, and asked for", "not masked", "masked", "share")
    yield runs.row(*["---"] * 4)
    for name, (language, titled) in PLANTED.items():
        planted = people(language, titled=titled)
        notes = {f"{number}.txt": person.note.encode() for number, person in enumerate(planted)}
        plain, hidden = (
            recall(actor, scifact.agent_of(actor, f"{name}, {masking}", notes, masking=masking), planted)
            for masking in ("off", "stand_ins")
        )
        for form in plain:
            share = f"{hidden[form] / plain[form]:.3f}"
            yield runs.row(f"{name}; {form}", f"{plain[form]:.2f}", f"{hidden[form]:.2f}", share)
        sums = [sum(one.values()) for one in (plain, hidden)]
        yield runs.row(f"**{name}**", *(f"{one / len(plain):.2f}" for one in sums), f"{sums[1] / sums[0]:.3f}")


def answers(actor: "Actor") -> Iterator[str]:
    yield runs.row(
        "file and questions: answered, with every right article, near misses refused", "not masked", "masked"
    )
    yield runs.row(*["---"] * 3)
    for name in questions.FILES:
        content = (questions.FOLDER / name).read_bytes()
        agents = [scifact.agent_of(actor, name, {name: content}, masking=masking) for masking in ("off", "stand_ins")]
        for what, asked in (("asked", ASKED), ("tuned on", TUNED_ON)):
            cells = ("; ".join(questions.shares(actor, agent, asked)) for agent in agents)
            yield runs.row(f"{name}, {what}", *cells)


def main() -> None:
    with installation() as actor:
        scifact.remember()
        for part in (recalls, answers):
            print("\n".join(part(actor)), flush=True)
            print()


if __name__ == "__main__":
    main()
