"""Spans of any text: within it, in order, not overlapping, the same each time, and nothing covered gets lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.pii.detection import detect
from muniment.pii.folding import fold
from muniment.pii.overlaps import resolved
from muniment.pii.types import PiiClass, Selection, Span
from tests.pii.finding import EVERYTHING, by_rules

PIECES = [
    *("jo@example.org", "GB29 NWBK 6016 1331 9268 19", "Mr Holloway", "12 High Street", "+44 20 7946 0958"),
    *("\u200b", "\u0430", "\uff11\uff12", "-\n", " ", "\ufb01", "\U0001f642", "password: "),
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=12).map("".join)
SPANS = st.lists(
    st.builds(
        lambda start, length, kind, score: Span(start, start + length, kind, score),
        st.integers(0, 30), st.integers(1, 12), st.sampled_from(list(PiiClass)[:4]), st.sampled_from([0.5, 0.7, 1.0]),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_spans_are_sound(text: str) -> None:
    spans = detect(text, tagger=None, selection=EVERYTHING)
    assert spans == detect(text, tagger=None, selection=EVERYTHING)
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert 0 < span.score <= 1
        at = span.end


@settings(max_examples=200, deadline=None)
@given(SPANS)
def test_what_was_covered_stays_covered(spans: list[Span]) -> None:
    text = "x" * 50
    kept = resolved(text, spans)
    covered = [at for span in kept for at in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert set(covered) == {at for span in spans for at in range(span.start, span.end)}
    assert resolved(text, list(reversed(spans))) == kept


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_folding_leads_back(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


def test_the_surer_class_wins() -> None:
    assert by_rules("IMEI number 490154203237518, please") == [("device_id", "490154203237518")]


def test_contacts_of_the_organisation_are_never_found() -> None:
    text = "Mr Holloway or Mr Blackwood, jo@example.org"
    assert by_rules(text, Selection(contacts=("jo@example.org", "Holloway"))) == [("person", "Blackwood")]
    assert len(by_rules(text)) == 3
