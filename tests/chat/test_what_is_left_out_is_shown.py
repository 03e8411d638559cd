"""What a file holds beside its text is shown to those who read the documents, as what it is, and answers nobody."""

import io

import docx
import pytest

from muniment.agents.models import Agent
from muniment.agents.services import grant_agent
from muniment.chat import services
from muniment.chat.types import Said
from muniment.ingest.parsing.reader import read
from muniment.ingest.types import HiddenBy, LeftOut, LeftOutKind, Limits
from tests.cast import Person
from tests.chat.conftest import add
from tests.ingest import files, office

SECRET = "The garden party of the directors takes place on the roof."


def _deck() -> bytes:
    return office.presentation([("Parking", ["Two euros per hour."]), ("Party", [SECRET])], hidden=[2], note="Smile.")


def test_below_the_text(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "deck.pptx", _deck())
    page = alice.client.get(f"{agent.url}/documents/{document}").content.decode()
    assert "Found in the file, and not used for answers" in page
    assert SECRET in page
    assert "<strong>Slide 1</strong>: Smile." in page


def test_not_to_who_may_only_ask(alice: Person, carol: Person, agent: Agent) -> None:
    document = add(alice, agent, "deck.pptx", _deck())
    grant_agent(actor=alice.actor, agent=agent, user=carol.user.pk)
    page = carol.client.get(f"{agent.url}/documents/{document}").content.decode()
    assert "Two euros per hour." in page
    assert "Found in the file" not in page
    assert SECRET not in page


def test_it_answers_nothing(alice: Person, agent: Agent) -> None:
    add(alice, agent, "deck.pptx", _deck())
    events = list(services.ask(actor=alice.actor, agent=agent, question="Where does the garden party take place?"))
    quotes = [citation.quote for event in events if isinstance(event, Said) for citation in event.sentence.citations]
    assert not any("roof" in quote for quote in quotes)


def test_markup_in_it_stays_words(alice: Person, agent: Agent) -> None:
    document = add(alice, agent, "deck.pptx", office.presentation([("A", ["b"])], note="<script>x</script>"))
    page = alice.client.get(f"{agent.url}/documents/{document}").content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page


def _left_out(data: bytes) -> set[LeftOut]:
    return set(read(data, name_hint="", limits=Limits(), on_progress=lambda _done, _total: None).left_out)


def test_of_word() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("Open.")
    paragraph.add_run(" secret").font.hidden = True
    made.add_comment(paragraph.runs[0], "Check this.", author="Jörg")
    made.core_properties.author = "Jörg"
    out = io.BytesIO()
    made.save(out)
    gone = b"<w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>"
    body = files.body(out.getvalue()).replace(b"</w:p>", gone, 1)
    found = _left_out(files.with_part(out.getvalue(), "word/document.xml", body))
    assert found >= {
        LeftOut(LeftOutKind.HIDDEN, "", "secret", hidden_by=HiddenBy.FORMAT),
        LeftOut(LeftOutKind.COMMENT, "Jörg", "Check this."),
        LeftOut(LeftOutKind.CHANGE, "", "Gone."),
        LeftOut(LeftOutKind.PROPERTY, "creator", "Jörg"),
    }


@pytest.mark.parametrize("share", [1, 300])
def test_a_list_has_an_end(share: int) -> None:
    rows = [["a", "b"]] + [[f"name {number}", "x"] for number in range(share)]
    parts = office.parts_of(office.workbook({"S": rows}))
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<row ", b'<row hidden="1" ').replace(b'hidden="1" ', b"", 1)
    found = read(
        office.package({**parts, "xl/worksheets/sheet1.xml": sheet}),
        name_hint="",
        limits=Limits(),
        on_progress=lambda _done, _total: None,
    )
    assert len([one for one in found.left_out if one.kind is LeftOutKind.HIDDEN]) == min(share, 199)
