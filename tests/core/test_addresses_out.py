"""An address out is read in one way only, and the operator's list stops the start when it makes no sense."""

import pytest

from muniment.core.errors import SettingsError
from muniment.core.network.addresses import Target, internal_hosts, is_public, split_address
from muniment.core.network.errors import AddressError

ODD = [
    "http://127.1",
    "http://2130706433",
    "http://0x7f000001",
    "http://0x7f.0.0.1",
    "http://0177.0.0.1",
    "http://127.0.0.1.0x1",
    "http://1",
    "http://\u2460\u2461\u2466.0.0.1",
    "http://127\u30020.0.1",
    "http://ex\u00e4mple.org",
    "https://user@models.example.org",
    "https://user:secret@models.example.org",
    "https://models.example.org@169.254.169.254",
    "https://models.example.org\\@169.254.169.254",
    "https://models.example.org#@169.254.169.254",
    "https://models.example.org?x=1",
    "https://models.example.org/v1#part",
    "https://models.example.org:0",
    "https://models.example.org:99999",
    "https://models.example.org:http",
    "https://models.exa mple.org",
    "https://models.example.org\r\nHost: other",
    "https://%31%32%37.0.0.1",
    "https://[::1",
    "https://[::1%25eth0]",
    "https://-models.example.org",
    "https://models..example.org",
    "https://",
    "https:///v1",
    "//models.example.org",
    "models.example.org",
    "ftp://models.example.org",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "",
]
INSIDE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255"),  # noqa: S104
    *("192.168.1.1", "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192"),
    *("192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "192.88.99.1", "168.63.129.16"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1"),
    *("2001:db8::1", "3fff::1", "2001::1", "2001:0:7f00:1::", "2002:7f00:1::", "2002:a9fe:a9fe::"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "5f00::1", "localhost", "", "127.1"),
]


@pytest.mark.parametrize("text", ODD)
def test_what_can_be_read_two_ways_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        split_address(text)


@pytest.mark.parametrize(
    ("text", "target", "path"),
    [
        ("https://Models.Example.org/v1", Target("https", "models.example.org", 443), "/v1"),
        ("https://models.example.org.:8443", Target("https", "models.example.org", 8443), ""),
        ("http://127.0.0.1:11434/v1/", Target("http", "127.0.0.1", 11434), "/v1/"),
        ("http://[0:0::1]:80", Target("http", "::1", 80), ""),
        ("smtp://mail.internal", Target("smtp", "mail.internal", 587), ""),
    ],
)
def test_what_is_plain_is_taken(text: str, target: Target, path: str) -> None:
    assert split_address(text) == (target, path)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::5", "64:ff9b::808:808", "::ffff:8.8.8.8"],
)
def test_what_is_public_is(address: str) -> None:
    assert is_public(address)


def test_the_operators_list_is_read() -> None:
    assert internal_hosts("") == ()
    listed = internal_hosts(
        " http://127.0.0.1:11434, https://models.internal\nsmtp://mail.internal/ http://127.0.0.1:11434"
    )
    assert [str(target) for target in listed] == [
        "http://127.0.0.1:11434",
        "https://models.internal",
        "smtp://mail.internal",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:11434",
        "http://127.0.0.1:11434/v1",
        "http://*.internal",
        "http://10.0.0.0/8",
        "redis://127.0.0.1",
        "http://me:secret@models.internal",
        "http://models.internal:80 https://models.internal:80",
        "http://2130706433:80",
    ],
)
def test_a_list_that_makes_no_sense_stops_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="MUNIMENT_INTERNAL_HOSTS"):
        internal_hosts(text)
