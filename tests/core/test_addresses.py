"""Where the server may listen: the whole of `check_address`, case by case."""

import pytest

from muniment.core.errors import SettingsError
from muniment.core.network.listening import BaseUrl, check_address, check_certificate, is_loopback

LOCAL, PUBLIC = "http://localhost:8000", "https://muniment.example.org"


def checked(host: str, base: str, *, tls: bool = False, proxy: str = "", claimed: bool = True) -> None:
    check_address(host=host, base_url=BaseUrl.parse(base), tls=tls, proxy=proxy, claimed=claimed)


def test_what_may_be() -> None:
    checked("127.0.0.1", LOCAL, claimed=False)
    checked("::1", LOCAL)
    checked("127.0.0.1", PUBLIC, proxy="127.0.0.1", claimed=False)
    checked("0.0.0.0", PUBLIC, tls=True)  # noqa: S104
    checked("192.0.2.7", PUBLIC, proxy="192.0.2.8")


@pytest.mark.parametrize(
    ("host", "base", "options", "sentence"),
    [
        ("192.0.2.7", PUBLIC, {"tls": True, "claimed": False}, "Nobody owns"),
        ("192.0.2.7", LOCAL, {}, "in clear"),
        ("192.0.2.7", LOCAL, {"proxy": "192.0.2.8"}, "set MUNIMENT_BASE_URL"),
        ("127.0.0.1", PUBLIC, {}, "nothing to speak it"),
        ("127.0.0.1", "http://muniment.example.org", {}, "must begin with https"),
        ("127.0.0.1", LOCAL, {"tls": True}, "must begin with https"),
        ("127.0.0.1", LOCAL, {"proxy": "proxy.example.org"}, "one IP address"),
        ("127.0.0.1", PUBLIC, {"proxy": "0.0.0.0"}, "one address"),  # noqa: S104
        ("127.0.0.1", PUBLIC, {"proxy": "224.0.0.1"}, "one address"),
        ("127.0.0.1", PUBLIC, {"proxy": "10.0.0.0/8"}, "one IP address"),
    ],
)
def test_what_may_not(host: str, base: str, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        checked(host, base, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.evil.example", "0.0.0.0", "::", "10.0.0.1", "localhost6", ""])  # noqa: S104
def test_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_half_a_certificate() -> None:
    assert check_certificate(certificate="a", key="b")
    assert not check_certificate(certificate="", key="")
    for given in ({"certificate": "a", "key": ""}, {"certificate": "", "key": "b"}):
        with pytest.raises(SettingsError, match="belong together"):
            check_certificate(**given)


def test_an_address_in_numbers_is_written_as_browsers_write_it() -> None:
    base = BaseUrl.parse("http://[::1]:8000")
    assert (base.origin, base.host, base.is_loopback) == ("http://[::1]:8000", "[::1]", True)
    assert BaseUrl.parse(PUBLIC).origin == PUBLIC
