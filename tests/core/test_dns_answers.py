"""A look into DNS ends in what is there, in the fact that nothing is, or in not knowing; never in one for another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dnslib import CNAME, QTYPE, RCODE, RR, DNSRecord

from muniment.core.network.dns import text_records
from muniment.core.network.errors import UnansweredError
from muniment.core.network.name_servers import NameServer, of_the_machine
from tests.name_server import NameServerHere, forged, name_server, name_server_here  # noqa: F401 - a fixture

NAME = "_muniment-challenge.example.org"
SHORT = 0.2  # seconds: for servers that say nothing


@pytest.fixture
def second() -> Iterator[NameServerHere]:
    with name_server_here() as server:
        yield server


@pytest.fixture
def server(name_server: NameServerHere) -> NameServerHere:  # noqa: F811 - the fixture
    name_server.zones.records[NAME] = ["muniment-verification=abc"]
    return name_server


def test_every_record_is_found_and_chunks_are_joined(server: NameServerHere) -> None:
    server.zones.records[NAME] = ["v=spf1 -all", "x" * 600, "muniment-verification=abc"]
    assert sorted(text_records(NAME)) == ["muniment-verification=abc", "v=spf1 -all", "x" * 600]


def test_a_name_that_is_not_there_is_a_fact(server: NameServerHere) -> None:
    assert text_records("other.example.org") == ()


@pytest.mark.parametrize("bare", [False, True])
def test_a_name_without_such_records_is_a_fact(server: NameServerHere, *, bare: bool) -> None:
    server.zones.records[NAME] = []
    server.zones.bare = bare
    assert text_records(NAME) == ()


def test_aliases_are_followed(server: NameServerHere) -> None:
    server.zones.aliases = {
        "a.example.org": "b.example.org",
        "b.example.org": NAME,
        "c.example.org": "gone.example.org",
    }
    assert text_records("a.example.org") == ("muniment-verification=abc",)
    assert text_records("c.example.org") == ()


def test_aliases_in_a_ring_end(server: NameServerHere) -> None:
    def ring(question: DNSRecord) -> bytes:
        reply = question.reply(ra=1)
        reply.add_answer(RR(NAME, QTYPE.CNAME, rdata=CNAME("a.example.org")))
        reply.add_answer(RR("a.example.org", QTYPE.CNAME, rdata=CNAME(NAME)))
        return bytes(reply.pack())

    server.zones.before = [ring]
    with pytest.raises(UnansweredError):
        text_records(NAME, timeout=SHORT)


@pytest.mark.parametrize("code", [RCODE.SERVFAIL, RCODE.REFUSED, RCODE.FORMERR, RCODE.NOTIMP])
def test_an_error_of_the_server_is_no_fact(server: NameServerHere, code: int) -> None:
    server.zones.says = code
    with pytest.raises(UnansweredError, match="No name server answered"):
        text_records(NAME)
    assert server.zones.extended == [True, False]  # the second time without EDNS


def test_a_referral_is_no_fact(server: NameServerHere) -> None:
    server.zones.refers = True
    with pytest.raises(UnansweredError):
        text_records(NAME)


def test_silence_is_no_fact(server: NameServerHere) -> None:
    server.zones.silent = True
    with pytest.raises(UnansweredError):
        text_records(NAME, timeout=SHORT)
    assert len(server.zones.asked) == 2


@pytest.mark.parametrize("trouble", ["silent", "failing", "not there"])
def test_another_server_is_asked(server: NameServerHere, second: NameServerHere, trouble: str) -> None:
    server.zones.silent, server.zones.says = trouble == "silent", RCODE.SERVFAIL if trouble == "failing" else 0
    second.zones.records[NAME] = ["from the second"]
    first = NameServer("127.0.0.1", 1) if trouble == "not there" else server.place
    assert text_records(NAME, servers=(first, second.place), timeout=SHORT) == ("from the second",)


def test_that_there_is_nothing_is_believed_to_the_first(server: NameServerHere, second: NameServerHere) -> None:
    del server.zones.records[NAME]
    assert text_records(NAME, servers=(server.place, second.place)) == ()
    assert second.zones.asked == []


def test_what_is_cut_is_asked_for_over_tcp(server: NameServerHere) -> None:
    server.zones.cut = True
    server.zones.records[NAME] = ["y" * 3000]
    assert text_records(NAME) == ("y" * 3000,)
    assert [transport for transport, _, _ in server.zones.asked] == ["udp", "tcp"]


def test_what_is_no_answer_to_the_question_is_not_heard(server: NameServerHere) -> None:
    server.zones.before = [
        lambda question: forged(question, "of another id", other_id=True),
        lambda question: forged(question, "of another question", other_name="evil.example"),
        lambda question: bytes(question.pack()),
        lambda _: b"nonsense",
        lambda _: b"",
    ]
    assert text_records(NAME) == ("muniment-verification=abc",)
    server.zones.before = [lambda question: forged(question, "first of the server itself")]
    assert text_records(NAME) == ("first of the server itself",)


def test_ids_and_ports_are_never_the_same_for_long(server: NameServerHere) -> None:
    for _ in range(20):
        text_records(NAME)
    assert len({number for _, _, number in server.zones.asked}) > 15
    assert len(set(server.zones.ports)) > 15


def test_the_machine_s_own_servers_are_read(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("# comment\nsearch example.org\nnameserver 192.0.2.1\nnameserver\nnameserver 2001:DB8::1 # home\n")
    assert of_the_machine(file) == (NameServer("192.0.2.1"), NameServer("2001:db8::1"))
    file.write_text("nameserver nonsense\n")
    assert of_the_machine(file) == (NameServer("127.0.0.1"),)
    assert of_the_machine(tmp_path / "missing") == (NameServer("127.0.0.1"),)
