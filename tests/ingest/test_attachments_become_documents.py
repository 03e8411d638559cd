"""What is attached to a message and can be read is a document of its own, once, under the limits of archives."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from muniment.agents.services import create_agent
from muniment.ingest.documents import DocumentState
from muniment.ingest.selectors import documents
from muniment.ingest.services import add_document
from muniment.jobs.services import run_due
from tests.cast import Person
from tests.ingest import files, office, samples

PLAN = files.pdf(["The plan shows gate seven."])


def _message(*attached: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.org", "b@example.org", "Plans"
    made.set_content("See the plan.")
    for name, data in attached:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made.as_bytes()


def _names(alice: Person, name: str, data: bytes) -> dict[str, DocumentState]:
    agent = create_agent(actor=alice.actor, name="Mail")
    add_document(actor=alice.actor, agent=agent, name=name, source=[data])
    run_due()
    return {one.name: one.state for one in documents(alice.actor, agent)}


@pytest.mark.django_db(transaction=True)
def test_known_formats_are_read_and_others_only_listed(alice: Person) -> None:
    data = _message(("plan.pdf", PLAN), ("plan.pdf", samples.SAMPLES["a.docx"]), ("tool.exe", b"MZ\x00\x01" * 90))
    assert _names(alice, "mail.eml", data) == dict.fromkeys(
        ["mail.eml", "mail.eml/plan.pdf", "mail.eml/2-plan.pdf"], DocumentState.LIVE
    )


@pytest.mark.django_db(transaction=True)
def test_archives_are_opened_both_ways(alice: Person) -> None:
    attached = _message(("plans.zip", office.package({"a.pdf": PLAN})))
    found = _names(alice, "all.zip", office.package({"x/mail.eml": attached, "b.txt": "Other words."}))
    assert found == dict.fromkeys(
        ["all.zip/x/mail.eml", "all.zip/x/mail.eml/plans.zip/a.pdf", "all.zip/b.txt"], DocumentState.LIVE
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_attached_within_a_message_without_end_is_refused_and_the_message_read(alice: Person) -> None:
    inner = _message(("plan.pdf", PLAN))
    for _ in range(3):
        inner = _message(("mail.zip", office.package({"m.eml": inner})))
    found = _names(alice, "mail.eml", inner)
    assert found == {"mail.eml": DocumentState.LIVE}


def test_the_sample_holds_what_it_says() -> None:
    parts = list(message_from_bytes(_message(("plan.pdf", PLAN)), policy=policy.default).iter_attachments())
    assert [part.get_filename() for part in parts] == ["plan.pdf"]
