"""What was erased stands in a copy made before an upgrade for a week at most, and in no older copy."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from muniment.core.actors import SYSTEM
from muniment.core.clock import frozen, now
from muniment.core.database.upgrade_copies import JOB, KEEP, copy_before_upgrade, forget_old_copies
from muniment.core.registries import schedules
from muniment.jobs import services

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def none_is_left() -> Iterator[None]:
    yield
    for copy in copies():
        copy.unlink()


def copies() -> list[Path]:
    return sorted(Path(settings.MUNIMENT_HOME).glob("before-upgrade-*"))


def test_the_newest_alone_is_kept() -> None:
    with frozen(now() - timedelta(days=1)):
        older = copy_before_upgrade()
        assert copies() == [older]
    newer = copy_before_upgrade()
    assert copies() == [newer]
    assert not newer.read_bytes().startswith(b"SQLite format 3")


def test_it_goes_after_a_week_without_a_start() -> None:
    copy = copy_before_upgrade()
    with frozen(now() + KEEP - timedelta(minutes=1)):
        services.enqueue(actor=SYSTEM, kind=JOB, payload={})
        services.run_due()
    assert copies() == [copy]
    with frozen(now() + KEEP + timedelta(minutes=1)):
        services.enqueue(actor=SYSTEM, kind=JOB, payload={})
        services.run_due()
    assert copies() == []
    assert schedules.get(JOB).every <= timedelta(days=1)


def test_a_home_without_copies_is_left_alone() -> None:
    before = sorted(Path(settings.MUNIMENT_HOME).iterdir())
    forget_old_copies()
    assert sorted(Path(settings.MUNIMENT_HOME).iterdir()) == before
