"""How often the agent answers what its documents hold, and refuses what they do not, by the threshold of support.

python -m evaluations.refusal

Claims of SciFact are asked with their relevant abstracts in the silo, then again after those were deleted. The first
`CLAIMS` claims by id: each needs about fifty sentences embedded. Takes about 5 minutes, the first time 20.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluations import runs, scifact
from evaluations.installation import installation

if TYPE_CHECKING:
    from muniment.agents.models import Agent
    from muniment.chat.answering.candidates import Candidate
    from muniment.chat.answering.selection import Chosen
    from muniment.chat.types import AnswerRequest
    from muniment.core.actors import Actor

CLAIMS = 100
THRESHOLDS = (0.40, 0.45, 0.48, 0.51, 0.54, 0.57, 0.60, 0.65, 0.70)
Best = dict[int, tuple[float, str]]  # claim to the best support and the document that gives it


def best_supports(actor: "Actor", agent: "Agent", claims: Sequence[int]) -> Best:
    """Asks each claim; sees the candidates as the product's own choice does."""
    from muniment.chat.answering import extractive
    from muniment.chat.answering.support import Asked, support
    from muniment.chat.services import ask

    best: Best = {}
    texts = scifact.claims()
    choose = extractive.choose
    for claim in claims:

        def seen(candidates: "Sequence[Candidate]", request: "AnswerRequest", claim: int = claim) -> "list[Chosen]":
            found = [
                (support(one, part, Asked.of(part, one.language, request.weights)), one.span.chunk.document)
                for part in request.parts
                for one in candidates
            ]
            best[claim] = max(found, default=(0.0, ""))
            return choose(candidates, request)

        extractive.choose = seen
        list(ask(actor=actor, agent=agent, question=texts[claim][0]))
    extractive.choose = choose
    return best


def measured() -> tuple[Best, Best, dict[str, str]]:
    """Best supports with and without the relevant abstracts; document id to abstract id."""
    with installation() as actor:
        from muniment.ingest.selectors import documents
        from muniment.ingest.services import delete_documents

        scifact.remember()
        agent = scifact.agent_of(actor, "SciFact", scifact.abstracts())
        names = {document.id: document.name.removesuffix(".txt") for document in documents(actor, agent)}
        claims = list(scifact.claims())[:CLAIMS]
        relevant = {one for _, found in scifact.claims().values() for one in found}
        held = best_supports(actor, agent, claims)
        delete_documents(actor=actor, agent=agent, documents=[key for key, name in names.items() if name in relevant])
        return held, best_supports(actor, agent, claims), names


def main() -> None:
    from statistics import mean

    held, missing, names = measured()
    claims = scifact.claims()
    rows: dict[str, list[float]] = {}
    for threshold in THRESHOLDS:
        for parity in (1, 0):
            chosen = [one for one in held if one % 2 == parity]
            rows.setdefault(f"{threshold:.2f}", []).extend(
                (
                    mean(held[one][0] >= threshold for one in chosen),
                    mean(held[one][0] >= threshold and names[held[one][1]] in claims[one][1] for one in chosen),
                    mean(missing[one][0] < threshold for one in chosen),
                )
            )
    kinds = ("answered", "from a relevant abstract", "refused without it")
    print(runs.row("threshold", *(f"{part}: {kind}" for part in ("odd", "even") for kind in kinds)))
    print(runs.row(*["---"] * 7))
    for threshold, cells in rows.items():
        print(runs.row(threshold, *(f"{cell:.2f}" for cell in cells)))


if __name__ == "__main__":
    main()
