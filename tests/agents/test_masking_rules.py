"""How an agent masks: kept in its silo, corrected by words, applied when its owner says so; old words are nowhere."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.agents.corrections import MOST, MOST_PATTERNS
from muniment.agents.errors import MaskingRulesError
from muniment.agents.masking import _from_fields, _to_bytes, read_rules, read_wanted, stamp, write_rules
from muniment.agents.models import Agent
from muniment.agents.selectors import masking, masking_rules, masking_wanted
from muniment.agents.services import correct_masking, create_agent, grant_agent, open_silo
from muniment.agents.types import Correction, MaskingMode, MaskingRules
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.crypto.errors import KeyDestroyedError
from muniment.crypto.types import KeyKind
from muniment.ingest.services import change_masking
from muniment.pii.types import PiiClass, Selection
from muniment.silo.sealed import Silo
from muniment.silo.types import Table
from tests.cast import Person

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = st.lists(st.text(max_size=8), max_size=3).map(tuple)


@pytest.fixture
def charter(alice: Person) -> Agent:
    return create_agent(actor=alice.actor, name="Charter")


@pytest.fixture
def silo(alice: Person, charter: Agent) -> Silo:
    return open_silo(actor=alice.actor, agent=charter, permission=Permission.AGENT_UPDATE)


def rules(**words: object) -> MaskingRules:
    return MaskingRules(MaskingMode.STAND_INS, Selection(**words))  # type: ignore[arg-type]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(MaskingMode),
    st.frozensets(st.sampled_from(PiiClass)),
    st.fixed_dictionaries(dict.fromkeys(("terms", "patterns", "contacts", "never"), WORDS)),
    st.lists(st.tuples(st.text(max_size=8), st.sampled_from(PiiClass)), max_size=3).map(tuple),
)
def test_they_are_read_as_they_were_written(
    mode: MaskingMode,
    classes: frozenset[PiiClass],
    words: dict[str, tuple[str, ...]],
    listed: tuple[tuple[str, PiiClass], ...],
) -> None:
    made = MaskingRules(mode, Selection(classes, listed=listed, **words))
    assert [_from_fields(fields) for fields in json.loads(_to_bytes(made, made))] == [made, made]
    again = replace(made.selection, terms=made.selection.terms[::-1], listed=listed[::-1])
    assert stamp(made) == stamp(MaskingRules(mode, again))


def test_whatever_changes_what_is_found_changes_the_stamp() -> None:
    different = [
        rules(),
        MaskingRules(MaskingMode.MASK),
        rules(classes=frozenset({PiiClass.PERSON})),
        rules(terms=("Nightjar",)),
        rules(patterns=("Nightjar",)),
        rules(contacts=("Nightjar",)),
        rules(never=("Nightjar",)),
        rules(listed=(("Nightjar", PiiClass.PERSON),)),
        rules(listed=(("Nightjar", PiiClass.PLACE),)),
    ]
    assert len({stamp(one) for one in different}) == len(different)
    assert stamp(MaskingRules(MaskingMode.OFF)) == ""


def test_a_new_agent_masks_what_is_promised(alice: Person, charter: Agent, silo: Silo) -> None:
    assert masking_rules(alice.actor, charter, silo) == rules()
    assert masking(alice.actor, charter, silo).is_on


def test_a_correction_waits_until_it_is_applied(alice: Person, charter: Agent, silo: Silo) -> None:
    before = masking(alice.actor, charter, silo).stamp
    kept = correct_masking(
        actor=alice.actor, agent=charter, correction=Correction.MISSED, words=" Amber\n Court ", kind=PiiClass.PLACE
    )
    assert kept.selection.listed == (("Amber Court", PiiClass.PLACE),)
    assert masking_wanted(alice.actor, charter, silo) == kept
    assert masking(alice.actor, charter, silo).stamp == before
    change_masking(actor=alice.actor, agent=charter, rules=kept)
    assert masking_rules(alice.actor, charter, silo) == masking_wanted(alice.actor, charter, silo) == kept
    assert masking(alice.actor, charter, silo).stamp != before


def test_the_last_word_on_words_holds(alice: Person, charter: Agent) -> None:
    def said(correction: Correction, words: str, kind: PiiClass | None = None) -> Selection:
        return correct_masking(
            actor=alice.actor, agent=charter, correction=correction, words=words, kind=kind
        ).selection

    assert said(Correction.WRONG, "Amber").never == ("Amber",)
    assert said(Correction.MISSED, "AMBER", PiiClass.PERSON).listed == (("AMBER", PiiClass.PERSON),)
    last = said(Correction.MISSED, "amber", PiiClass.PLACE)
    assert (last.listed, last.never) == ((("amber", PiiClass.PLACE),), ())
    assert said(Correction.WITHDRAWN, "Amber") == Selection()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"patterns": ("KD", "(a")}, "Pattern 2: "),
        ({"patterns": ("a",) * (MOST_PATTERNS + 1)}, "There may be 100 patterns"),
        ({"terms": ("Nightjar",) * (MOST + 1)}, "There may be 500"),
        ({"never": ("x" * 201,)}, "longer than 200"),
        ({"contacts": ("a@b", ".")}, "Contact 2 needs two letters"),
        ({"listed": ((" ", PiiClass.PERSON),)}, "needs two letters"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_with_nothing_done(
    alice: Person, charter: Agent, silo: Silo, wrong: dict[str, object], says: str
) -> None:
    with pytest.raises(MaskingRulesError, match=says):
        change_masking(actor=alice.actor, agent=charter, rules=rules(**wrong))
    assert masking_rules(alice.actor, charter, silo) == rules()


def test_who_may_not_change_the_agent_reads_and_changes_no_rule(
    alice: Person, carol: Person, mallory: Person, charter: Agent, silo: Silo
) -> None:
    grant_agent(actor=alice.actor, agent=charter, user=carol.user.pk)
    acts: list[Callable[[Person], object]] = [
        lambda person: masking_rules(person.actor, charter, silo),
        lambda person: masking_wanted(person.actor, charter, silo),
        lambda person: change_masking(actor=person.actor, agent=charter, rules=MaskingRules()),
        lambda person: correct_masking(
            actor=person.actor, agent=charter, correction=Correction.WRONG, words="Amber Court"
        ),
    ]
    for act in acts:
        with pytest.raises(PermissionDeniedError):
            act(carol)
        with pytest.raises(NotFoundError):
            act(mallory)
    assert masking_rules(alice.actor, charter, silo) == masking_wanted(alice.actor, charter, silo) == rules()


def test_each_change_is_an_event_without_a_word(alice: Person, charter: Agent, silo: Silo) -> None:
    correct_masking(actor=alice.actor, agent=charter, correction=Correction.MISSED, words="Amber", kind=PiiClass.PERSON)
    change_masking(actor=alice.actor, agent=charter, rules=rules(terms=("Nightjar",)))
    with silo.engine.reading() as reader:
        bodies = [body for _, body in reader.pending_events()]
    assert [b"agent:masking:corrected" in body for body in bodies] == [True, False]
    assert [b"agent:masking:changed" in body for body in bodies] == [False, True]
    assert not any(b"Amber" in body or b"Nightjar" in body for body in bodies)


def test_a_word_taken_out_is_in_no_record_and_no_key_opens_it(alice: Person, charter: Agent, silo: Silo) -> None:
    """The key of the older record is gone before the call returns: an old backup of it opens for nobody."""
    change_masking(actor=alice.actor, agent=charter, rules=rules(terms=("Nightjar",)))
    with silo.reading() as reader:
        (older,) = reader.records(Table.RULE)
    assert b"Nightjar" in older.content
    change_masking(actor=alice.actor, agent=charter, rules=rules())
    with silo.reading() as reader:
        (newer,) = reader.records(Table.RULE)
    assert b"Nightjar" not in newer.content
    assert newer.group != older.group
    with pytest.raises(KeyDestroyedError):
        silo.keyring.open(silo.key(KeyKind.VAULT, older.group))
    vaults = [ref for ref, _ in silo.keyring.refs(silo.id) if ref.kind is KeyKind.VAULT]
    assert [ref.id for ref in vaults] == [newer.group]


def test_a_change_that_does_not_commit_leaves_the_old_rules_readable(silo: Silo) -> None:
    def interrupted() -> None:
        with silo.writing() as writer:
            write_rules(silo, writer, MaskingRules())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    with silo.reading() as reader:
        assert read_rules(reader) == read_wanted(reader) == rules()
