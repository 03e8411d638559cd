"""What masking costs: a hundred people asked for by name, and the questions about the GDPR, with it and without.

python -m evaluations.names

A hundred notes, each of one person and worded as nineteen others, are asked for in full, by surname, in small letters
and in the genitive: how often the person's note is among the first ten. Takes about 8 minutes.
"""

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


def main() -> None:
    planted = people()
    notes = {f"{number}.txt": person.note.encode() for number, person in enumerate(planted)}
    recalls: list[Recall] = []
    answers: list[dict[str, tuple[str, ...]]] = []
    with installation() as actor:
        scifact.remember()
        for masking in ("off", "stand_ins"):
            recalls.append(recall(actor, scifact.agent_of(actor, "Notes", notes, masking=masking), planted))
            answers.append({})
            for name in questions.FILES:
                content = (questions.FOLDER / name).read_bytes()
                agent = scifact.agent_of(actor, name, {name: content}, masking=masking)
                answers[-1][f"{name}, asked"] = questions.shares(actor, agent, ASKED)
                answers[-1][f"{name}, tuned on"] = questions.shares(actor, agent, TUNED_ON)
    print(runs.row("recall@10, asked for", "not masked", "masked", "share"))
    print(runs.row(*["---"] * 4))
    for form, plain in recalls[0].items():
        hidden = recalls[1][form]
        print(runs.row(form, f"{plain:.2f}", f"{hidden:.2f}", f"{hidden / plain:.3f}"))
    means = [sum(one.values()) / len(one) for one in recalls]
    print(runs.row("all", *(f"{mean:.2f}" for mean in means), f"{means[1] / means[0]:.3f}"))
    what_is_told = "file and questions: answered, with every right article, near misses refused"
    print("\n" + runs.row(what_is_told, "not masked", "masked"))
    print(runs.row(*["---"] * 3))
    for what, plain_cells in answers[0].items():
        print(runs.row(what, "; ".join(plain_cells), "; ".join(answers[1][what])))


if __name__ == "__main__":
    main()
