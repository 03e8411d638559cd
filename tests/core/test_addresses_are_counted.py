"""One line has one bucket, whichever of its addresses it comes from. Attack: a /64 of IPv6 is 2^64 full buckets."""

import pytest

from muniment.core.errors import TooManyRequestsError
from muniment.core.rates import Buckets


def counted(*addresses: str) -> int:
    """How many of these are let through, of two that one address may."""
    buckets, taken = Buckets(clock=lambda: 0.0), 0
    for address in addresses:
        try:
            buckets.take_from(address, limit=2)
        except TooManyRequestsError:
            continue
        taken += 1
    return taken


@pytest.mark.parametrize(
    "same",
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:abcd::3"),
        ("fe80::1%eth0", "fe80::2%eth1", "fe80::3"),
        ("192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:207"),
        ("", "", ""),
        ("unknown", "unknown", "unknown"),
    ],
)
def test_one_line_has_one_bucket(same: tuple[str, ...]) -> None:
    assert counted(*same) == 2


@pytest.mark.parametrize(
    "others",
    [
        ("192.0.2.7", "192.0.2.8", "192.0.2.9"),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", "::ffff:192.0.2.9"),
        ("2001:db8::1", "192.0.2.7", ""),
    ],
)
def test_another_has_its_own(others: tuple[str, ...]) -> None:
    assert counted(*others) == 3
