"""The codes of authenticator apps, against RFC 6238's vectors and another library."""

from datetime import UTC, datetime

import pyotp
import pytest

from muniment.accounts import totp

RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_appendix_b_of_the_rfc(second: int, code: str) -> None:
    """The last six of its eight digits."""
    assert totp.code(RFC, totp.counter_at(datetime.fromtimestamp(second, UTC))) == code


def test_a_phone_may_be_a_step_ahead_or_behind_and_no_more() -> None:
    moment = datetime.fromtimestamp(1111111111, UTC)
    here = totp.counter_at(moment)
    found = [totp.matching_counter(RFC, totp.code(RFC, here + drift), moment) for drift in (-2, -1, 0, 1, 2)]
    assert found == [None, here - 1, here, here + 1, None]
    assert totp.matching_counter(RFC, totp.code(RFC, here), moment, after=here) is None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "287082".translate({digit: digit + 0xFEE0 for digit in range(48, 58)})]
)
def test_what_is_no_code(typed: str) -> None:
    assert totp.matching_counter(RFC, typed, datetime.fromtimestamp(59, UTC)) is None


def test_the_address_for_the_app_says_what_it_needs() -> None:
    seed = totp.new_seed()
    app = pyotp.parse_uri(totp.enrolment_address(seed, account="anna weiß@example.org", issuer="Muniment"))
    assert isinstance(app, pyotp.TOTP)
    assert (app.name, app.issuer, app.digits, app.interval) == ("anna weiß@example.org", "Muniment", 6, 30)
    assert app.secret == totp.manual_key(seed).replace(" ", "")
