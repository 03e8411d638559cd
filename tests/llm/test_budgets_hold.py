"""What a team may spend in a month holds, to the token and to the cent, over all its providers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from muniment.core.registries import OutboundMasking
from muniment.llm import budget
from muniment.llm.errors import ModelRefusedError, ModelUnavailableError
from muniment.llm.models import Provider
from muniment.llm.selectors import spent
from muniment.llm.services import chat_model, set_budget
from muniment.llm.types import ChatMessage, ChatRequest, Role
from tests.cast import Person
from tests.llm.conftest import Providing, connect
from tests.llm.fake_provider import broken, failure, said

REQUEST = ChatRequest((ChatMessage(Role.USER, "What?"),), max_tokens=100)
PRICES = {"input_price": Decimal(2), "output_price": Decimal(8)}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gate")]


def _ask(person: Person, provider: Provider) -> str:
    model = chat_model(actor=person.actor, provider=provider.pk, masking=OutboundMasking())
    return "".join(model.stream(REQUEST, stopped=lambda: False))


def test_what_the_provider_counted_is_counted(alice: Person, provide: Providing) -> None:
    known = connect(alice, provide(lambda _: said("One.", usage=(1000, 500))), **PRICES)
    _ask(alice, known)
    _ask(alice, known)
    now = spent(alice.actor)
    assert (now.calls, now.tokens, now.cost) == (2, 3000, Decimal("0.012"))


@pytest.mark.parametrize("usage", [None, (-5, 3), (10**9, 10**9)])
def test_without_a_count_of_sense_one_is_estimated(
    alice: Person, provide: Providing, usage: tuple[int, int] | None
) -> None:
    _ask(alice, connect(alice, provide(lambda _: said("word " * 40, usage=usage)), **PRICES))
    assert 50 < spent(alice.actor).tokens < 200


def test_what_fails_before_a_word_costs_nothing(alice: Person, provide: Providing) -> None:
    with pytest.raises(ModelRefusedError):
        _ask(alice, connect(alice, provide(lambda _: failure("401 No"))))
    assert (spent(alice.actor).calls, spent(alice.actor).tokens) == (1, 0)


def test_what_breaks_off_is_counted(alice: Person, provide: Providing) -> None:
    with pytest.raises(ModelUnavailableError):
        _ask(alice, connect(alice, provide(lambda _: broken("One two three"))))
    assert spent(alice.actor).tokens > 0


def test_a_spent_budget_is_a_sentence_and_no_call(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: said("One.", usage=(200, 100)))
    known = connect(alice, provider, **PRICES)
    set_budget(actor=alice.actor, tokens=400, cost=None)
    _ask(alice, known)
    for _ in range(3):
        with pytest.raises(ModelRefusedError, match="budget for models is spent"):
            _ask(alice, known)
    assert len(provider.asked) == 1  # the second could cost more than is left
    assert spent(alice.actor).tokens == 300


def test_cost_is_a_limit_too(alice: Person, provide: Providing) -> None:
    provider = provide(lambda _: said("One.", usage=(0, 1000)))
    known = connect(alice, provider, **PRICES)
    set_budget(actor=alice.actor, tokens=None, cost=Decimal("0.01"))
    _ask(alice, known)
    _ask(alice, known)
    with pytest.raises(ModelRefusedError, match="budget"):
        _ask(alice, known)
    assert spent(alice.actor).cost == Decimal("0.016")


def test_it_begins_anew_with_the_month(alice: Person, provide: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    known = connect(alice, provide(lambda _: said("One.", usage=(900, 90))))
    set_budget(actor=alice.actor, tokens=1000, cost=None)
    _ask(alice, known)
    with pytest.raises(ModelRefusedError):
        _ask(alice, known)
    monkeypatch.setattr(budget, "now", lambda: datetime(2099, 1, 1, tzinfo=UTC))
    assert _ask(alice, known) == "One."


def test_another_team_has_a_budget_of_its_own(alice: Person, mallory: Person, provide: Providing) -> None:
    provider = provide(lambda _: said("One.", usage=(900, 90)))
    set_budget(actor=alice.actor, tokens=0, cost=None)
    with pytest.raises(ModelRefusedError):
        _ask(alice, connect(alice, provider))
    assert _ask(mallory, connect(mallory, provider)) == "One."


def test_calls_under_way_count_at_their_most(alice: Person, provide: Providing) -> None:
    """While one is answered, its room is taken: many at once do not each see what is left."""
    known = connect(alice, provide(lambda _: said("One.", usage=(1, 1))))
    model = chat_model(actor=alice.actor, provider=known.pk, masking=OutboundMasking())
    seen = [spent(alice.actor).tokens for _ in model.stream(REQUEST, stopped=lambda: False)]
    assert min(seen) > REQUEST.max_tokens
    assert spent(alice.actor).tokens == 2
