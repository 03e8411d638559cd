"""A chunk may go over the end of a page: a citation names the page its own words stand on."""

from muniment.agents.models import Agent
from muniment.chat.services import ask
from muniment.chat.types import Citation, Said
from tests.cast import Person
from tests.chat.conftest import add
from tests.ingest import files

PAGES = [
    "Lost property is kept at the front desk\nfor thirty days.",
    "Umbrellas are lent to visitors for a\ndeposit of five euros.",
    "The chapel is open by day and by night\nto people of every faith.",
]


def test_each_citation_is_on_the_page_of_its_words(agent: Agent, alice: Person) -> None:
    add(alice, agent, "house.pdf", files.pdf(PAGES))
    for question, page in (("How long is lost property kept?", 1), ("Is the chapel open at night?", 3)):
        (cited,) = _citations(alice, agent, question)
        assert cited.quote.split() == PAGES[page - 1].split()
        assert cited.page == page


def _citations(person: Person, agent: Agent, question: str) -> list[Citation]:
    happened = ask(actor=person.actor, agent=agent, question=question)
    return [citation for item in happened if isinstance(item, Said) for citation in item.sentence.citations]
