"""How often a key may be used: told in every answer, refused with the time to wait, each key for itself."""

import pytest
from django.test import Client

from muniment.core.errors import TooManyRequestsError
from muniment.core.rates import Buckets
from muniment.teams.services import create_key
from muniment.teams.types import KEY_PRESETS, KeyDraft, KeyPreset
from tests.cast import Person


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.take("a", limit=3).left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooManyRequestsError) as refused:
        buckets.take("a", limit=3)
    assert refused.value.after == 20
    assert buckets.take("b", limit=3).left == 2
    clock.now += 19
    with pytest.raises(TooManyRequestsError):
        buckets.take("a", limit=3)
    clock.now += 1
    assert buckets.take("a", limit=3).left == 0
    clock.now += 3600
    assert buckets.take("a", limit=3).headers == {"RateLimit-Policy": '"key";q=3;w=60', "RateLimit": '"key";r=2;t=20'}


def test_answers_say_what_is_left(alice: Person, settings: object) -> None:
    settings.MUNIMENT_API_RATE = 2  # type: ignore[attr-defined]
    draft = KeyDraft("Key", KEY_PRESETS[KeyPreset.ASK])
    one, other = (create_key(actor=alice.actor, team=alice.team, draft=draft).token for _ in range(2))

    def models(key: str) -> tuple[int, str]:
        answer = Client().get("/v1/models", headers={"authorization": f"Bearer {key}"})
        return answer.status_code, answer.headers.get("RateLimit", "") or answer.headers["Retry-After"]

    assert models(one) == (200, '"key";r=1;t=30')
    assert models(one) == (200, '"key";r=0;t=60')
    assert models(one) == (429, "30")
    assert models(other)[0] == 200
