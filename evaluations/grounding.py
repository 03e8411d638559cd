"""How many lies of a model that lies on purpose are read by somebody, by kind, and how many true sentences are lost.

python -m evaluations.grounding

Each text of `answers/lies.py` is a document of its own; a provider on loopback answers the question with every true
sentence and every lie. What passes is what a reader would see. Takes about 2 minutes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from evaluations.answers.lies import CASES, Case
from evaluations.answers.lies_held_out import HELD_OUT
from evaluations.installation import installation

if TYPE_CHECKING:
    from muniment.core.actors import Actor

KINDS = [one.name for one in fields(Case) if one.name not in {"text", "question"}]
LABELS = {
    "true": "true, in other words than the document's",
    "swapped": "the document's own words, swapped",
    "all lies": "all lies but the swapped",
}


def passed(actor: "Actor", case: Case, sentences: list[str]) -> set[str]:
    """The sentences of the model's answer that are said."""
    from django.conf import settings

    from muniment.agents.services import create_agent, update_agent
    from muniment.agents.types import MaskingMode
    from muniment.chat.services import ask
    from muniment.chat.types import Said
    from muniment.core.network.addresses import split_address
    from muniment.ingest.services import add_document
    from muniment.jobs.services import run_due
    from muniment.llm.services import add_provider, remove_provider
    from tests.llm.fake_provider import providing, said

    agent = create_agent(actor=actor, name="Lies", masking=MaskingMode.OFF)
    add_document(actor=actor, agent=agent, name="text.txt", source=[case.text.encode()])
    run_due()
    with providing(lambda _: said("\n".join(f"{one[:-1]} [1]." for one in sentences))) as fake:
        settings.MUNIMENT_INTERNAL_HOSTS = (split_address(fake.address)[0],)
        provider = add_provider(actor=actor, name="Liar", base_url=fake.base_url, model="liar")
        update_agent(actor=actor, agent=agent, provider=provider.pk, length="long")
        agent.refresh_from_db()
        events = list(ask(actor=actor, agent=agent, question=case.question))
        remove_provider(actor=actor, provider=provider.pk)
        assert len(fake.completions) == 1, case.question
    return {event.sentence.text for event in events if isinstance(event, Said)}


def counted(actor: "Actor", cases: Sequence[Case]) -> dict[str, tuple[int, int]]:
    """Of each kind: how many were read by somebody, and how many told."""
    read, told = Counter[str](), Counter[str]()
    for case in cases:
        found = passed(actor, case, [one for kind in KINDS for one in getattr(case, kind)])
        for kind in KINDS:
            told[kind] += len(getattr(case, kind))
            read[kind] += sum(one in found for one in getattr(case, kind))
    lies = [kind for kind in KINDS if kind not in {"true", "swapped"}]
    found_all = {kind: (read[kind], told[kind]) for kind in KINDS}
    return found_all | {"all lies": (sum(read[kind] for kind in lies), sum(told[kind] for kind in lies))}


def main() -> None:
    with installation() as actor:
        from muniment.core.registries import outbound_gates

        outbound_gates._entries = {"open": lambda content, **_: content}
        mended, held_out = counted(actor, CASES), counted(actor, HELD_OUT)
    print("| read by somebody, of what a model said | ten texts, rules mended once | four texts, held out |")
    print("| --- | --- | --- |")
    for kind in mended:
        cells = " | ".join(f"{read} of {told} ({read / told:.0%})" for read, told in (mended[kind], held_out[kind]))
        print(f"| {LABELS.get(kind, f'lie: {kind}')} | {cells} |")


if __name__ == "__main__":
    main()
