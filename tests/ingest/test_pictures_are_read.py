"""Words of pictures and of scanned pages are recognised, each with its place; where nothing can, that is said.

Needs tesseract's language data: `tools/install-tesseract`.
"""

from collections.abc import Iterator

import pytest

from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.sandbox.client import Sandbox
from muniment.ingest.types import ExtractedDocument, Limits
from tests.ingest import pictures


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(recognition=pictures.TESSERACT) as made:
        yield made


@pytest.fixture(scope="module")
def without() -> Iterator[Sandbox]:
    with Sandbox(recognition=pictures.NOTHING) as made:
        yield made


def _lines(found: ExtractedDocument) -> list[str]:
    return [found.text[block.start : block.end] for block in found.blocks]


def test_the_languages_are_said(sandbox: Sandbox, without: Sandbox) -> None:
    assert sandbox.start().languages == "eng+deu"
    assert without.start().languages == ""


@pytest.mark.parametrize("name", pictures.SAMPLES)
def test_a_picture_of_each_format_is_read(sandbox: Sandbox, name: str) -> None:
    found = sandbox.parse([pictures.SAMPLES[name]], name_hint=name)
    assert " ".join(_lines(found)).split() == " ".join(pictures.LINES).split()
    assert found.media_type == f"image/{pictures.KINDS[name].lower()}"
    assert found.pages == ((0, len(found.text)),)
    assert [found.text[word.start : word.end] for word in found.recognised] == found.text.split()
    assert ExtractedDocument.from_bytes(found.to_bytes()).recognised == found.recognised


def test_the_frames_of_a_picture_are_pages(sandbox: Sandbox) -> None:
    second = pictures.drawn(("Second sheet of the lease.",), mode="1")
    data = pictures.picture(
        "TIFF", pictures.drawn(mode="1"), save_all=True, append_images=[second], compression="group4"
    )
    found = sandbox.parse([data], name_hint="fax.tif")
    assert len(found.pages) == 2
    assert found.page_of(found.text.index("lease")) == 2


def test_pages_that_are_pictures_are_read_where_they_stand(sandbox: Sandbox) -> None:
    data = pictures.scanned("Typed page about hygiene.", pictures.LINES, "Last page about visitors.")
    found = sandbox.parse([data], name_hint="a.pdf")
    assert found.pictures == ()
    assert [found.page_of(found.text.index(word)) for word in ("hygiene", "Garten", "visitors")] == [1, 2, 3]
    assert found.is_recognised(2)
    assert not found.is_recognised(1)


def test_a_passage_is_found_on_the_picture(sandbox: Sandbox) -> None:
    data = pictures.scanned("Typed page.", pictures.LINES)
    found = sandbox.parse([data], name_hint="a.pdf")
    start = found.text.index("two euros")
    layout = sandbox.page_layout([data], document=found, page=2, spans=[(start, start + len("two euros"))])
    ((box,),) = layout.boxes
    assert (round(layout.width), round(layout.height)) == (504, 216)
    assert 0.5 < box.left < box.right < 0.95
    assert 0.1 < box.top < box.bottom < 0.3


def test_a_picture_is_drawn_as_a_page(sandbox: Sandbox) -> None:
    found = sandbox.parse([pictures.SAMPLES["a.jpg"]], name_hint="a.jpg")
    layout = sandbox.page_layout([pictures.SAMPLES["a.jpg"]], document=found, page=1, spans=[(0, 7)])
    assert (round(layout.width), round(layout.height)) == (504, 216)
    assert layout.boxes[0]
    assert sandbox.render_page([pictures.SAMPLES["a.jpg"]], page=1, scale=2.0).startswith(b"\x89PNG")


def test_words_that_stand_on_a_page_are_not_read_twice(sandbox: Sandbox) -> None:
    found = sandbox.parse([pictures.scanned("Typed page about hygiene.")], name_hint="a.pdf")
    assert found.recognised == ()


def test_a_blank_picture_holds_no_words(sandbox: Sandbox) -> None:
    with pytest.raises(ParseError) as caught:
        sandbox.parse([pictures.picture("PNG", pictures.drawn(()))], name_hint="a.png")
    assert caught.value.reason is Reason.NO_WORDS


def test_a_page_that_recognition_remarks_on_takes_no_other_with_it(sandbox: Sandbox) -> None:
    """A single letter makes it say "Empty page", behind walls that let it open nothing to say it to."""
    found = sandbox.parse([pictures.scanned(("P",), "Typed page.", pictures.LINES)], name_hint="a.pdf")
    assert found.page_of(found.text.index("Garten")) == 3
    with pytest.raises(ParseError) as caught:
        sandbox.parse([pictures.picture("PNG", pictures.drawn(("P",)))], name_hint="a.png")
    assert caught.value.reason is Reason.NO_WORDS


def test_time_that_is_over_leaves_pages_unread_and_keeps_the_others(sandbox: Sandbox) -> None:
    data = pictures.scanned("Typed page.", *[pictures.LINES] * 150)  # a quick machine reads ten a second
    found = sandbox.parse([data], name_hint="a.pdf", limits=Limits(max_seconds=5))
    assert "Typed page." in found.text
    assert found.pictures


def test_without_tesseract_it_is_said(without: Sandbox) -> None:
    for data in (pictures.SAMPLES["a.png"], pictures.scanned(pictures.LINES)):
        with pytest.raises(ParseError, match="install tesseract"):
            without.parse([data], name_hint="")
    found = without.parse([pictures.scanned("Typed page.", pictures.LINES)], name_hint="")
    assert found.text == "Typed page."
    assert found.pictures == (2,)
