"""Alice reads her team's log; Mallory's team is not found; Carol may not; everybody can verify the whole."""

import pytest

from muniment.audit import selectors
from muniment.audit.services import checkpoint_now
from muniment.audit.verifier import verify_log
from muniment.core.actors import Actor
from muniment.core.errors import NotFoundError, PermissionDeniedError
from muniment.core.ids import new_id
from muniment.core.permissions import Permission
from tests.audit.cast import act, exported, lines, member, operator

pytestmark = pytest.mark.django_db
TEAM, OTHER, SILO = new_id(), new_id(), new_id()


@pytest.fixture
def alice() -> Actor:
    return member(TEAM, Permission.AUDIT_VIEW)


@pytest.fixture
def mallory() -> Actor:
    return member(OTHER, Permission.AUDIT_VIEW, user=2)


@pytest.fixture
def carol() -> Actor:
    return member(TEAM, Permission.CONVERSATION_CREATE, user=3)


def test_a_team_reads_its_own_entries(alice: Actor, mallory: Actor) -> None:
    ours = [act(alice), act(alice, silo=SILO), act(operator(), team=TEAM)]
    theirs = act(mallory)
    checkpoint_now()
    seen = [entry.id for entry in selectors.entries(alice)]
    assert seen[:3] == ours[::-1]
    assert theirs not in seen
    assert next(entry.id for entry in selectors.entries(mallory)) == theirs
    assert {entry.kind for entry in selectors.entries(mallory)[1:]} <= {"audit:log:open", "audit:log:heartbeat"}
    assert theirs in [entry.id for entry in selectors.entries(operator())]


def test_entries_are_filtered_and_paged(alice: Actor) -> None:
    bob = member(TEAM)
    mine = [act(alice, silo=SILO, subject=bob.ref), act(bob), act(alice)]
    checkpoint_now()
    assert [entry.id for entry in selectors.entries(alice, silo=SILO)] == mine[:1]
    assert [entry.id for entry in selectors.entries(alice, subject=bob.ref)] == mine[:1]
    assert [entry.id for entry in selectors.entries(alice, by=bob.ref)] == mine[1:2]
    assert [entry.id for entry in selectors.entries(alice, kind="test:thing:change", limit=2)] == [mine[2], mine[1]]
    newest = selectors.entries(alice, limit=1)[0]
    assert [entry.id for entry in selectors.entries(alice, before=newest.position, limit=1)] == [mine[1]]


def test_what_belongs_to_another_team_is_not_found(alice: Actor, mallory: Actor) -> None:
    event = act(alice, sealed={"address": "192.0.2.1"})
    checkpoint_now()
    for read in (selectors.detail, selectors.inclusion_proof):
        assert read(alice, event)
        with pytest.raises(NotFoundError):
            read(mallory, event)


def test_without_the_permission_nothing_is_read(alice: Actor, carol: Actor) -> None:
    event = act(alice)
    origin = checkpoint_now().note.split("\n")[0]
    for actor, allowed in ((alice, True), (carol, False)):
        for read in (
            selectors.entries,
            lambda actor: selectors.inclusion_proof(actor, event),
            lambda actor: selectors.consistency_proof(actor, origin=origin, old=1, new=2),
            selectors.latest_checkpoint,
            selectors.public_keys,
            lambda actor: list(selectors.export(actor)),
        ):
            if allowed:
                assert read(actor)
            else:
                with pytest.raises(PermissionDeniedError):
                    read(actor)


def test_a_person_without_a_team_reads_nothing(alice: Actor) -> None:
    nobody = Actor(kind=alice.kind, ref=alice.ref, user=1, permissions=alice.permissions)
    with pytest.raises(PermissionDeniedError):
        selectors.entries(nobody)
    assert selectors.entries(alice) == []


def test_a_team_verifies_the_whole_log_and_sees_only_hashes_of_others(alice: Actor, mallory: Actor) -> None:
    act(alice)
    theirs = act(mallory, sealed={"address": "192.0.2.1"})
    checkpoint_now()
    parsed = exported(alice)
    counts = verify_log(lines(parsed))
    assert (counts["entries"], counts["hidden"]) == (3, 1)
    assert theirs not in "".join(lines(parsed))


def test_a_consistency_proof_is_for_a_stretch_that_exists(alice: Actor) -> None:
    origin = checkpoint_now().note.split("\n")[0]
    assert selectors.consistency_proof(alice, origin=origin, old=0, new=1).proof == ()
    for origin_asked, old, new in ((origin, 0, 2), (origin, 2, 1), ("muniment/other", 0, 1)):
        with pytest.raises(NotFoundError):
            selectors.consistency_proof(alice, origin=origin_asked, old=old, new=new)
