"""A name server on this machine whose zone a test changes as it goes; it can be silent, cut answers, and lie."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from dnslib import CNAME, NS, QTYPE, RCODE, RR, SOA, TXT, DNSQuestion, DNSRecord

from muniment.core.network.name_servers import NameServer

CHUNK = 255  # bytes of one string of a TXT record (RFC 1035, section 3.3)


@dataclass
class Zones:
    """`records`: the TXT records of each name; a name that is absent does not exist. `aliases`: CNAME of each name.

    `says`: an RCODE for every answer. `silent`: no answer at all. `cut`: over UDP only that there is more. `refers`: to
    other servers instead of an answer. `before`: bytes sent ahead of the answer, made from the question's.
    """

    records: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    says: int = RCODE.NOERROR
    silent: bool = False
    cut: bool = False
    refers: bool = False
    bare: bool = False  # NODATA without the zone's SOA
    before: list[Callable[[DNSRecord], bytes]] = field(default_factory=list)
    asked: list[tuple[str, str, int]] = field(default_factory=list)  # transport, name, id
    ports: list[int] = field(default_factory=list)
    extended: list[bool] = field(default_factory=list)  # whether the question had EDNS

    def answer(self, question: DNSRecord, transport: str) -> DNSRecord:
        reply: DNSRecord = question.reply(ra=1)
        name = str(question.q.qname).rstrip(".").lower()
        if self.says != RCODE.NOERROR:
            reply.header.rcode = self.says
        elif self.refers:
            reply.add_auth(RR(question.q.qname, QTYPE.NS, rdata=NS("ns.elsewhere.example")))
        elif self.cut and transport == "udp":
            reply.header.tc = 1
        else:
            self._fill(reply, name)
        return reply

    def _fill(self, reply: DNSRecord, name: str) -> None:
        while name in self.aliases:
            reply.add_answer(RR(name, QTYPE.CNAME, rdata=CNAME(self.aliases[name])))
            name = self.aliases[name]
        for text in self.records.get(name, []):
            raw = text.encode()
            chunks = [raw[at : at + CHUNK] for at in range(0, len(raw), CHUNK)] or [b""]
            reply.add_answer(RR(name, QTYPE.TXT, rdata=TXT(chunks)))
        if not self.records.get(name):
            reply.header.rcode = RCODE.NOERROR if name in self.records else RCODE.NXDOMAIN
            if not self.bare:
                reply.add_auth(RR(name, QTYPE.SOA, rdata=SOA("ns.example.org", "root.example.org")))


class NameServerHere:
    """Answers over UDP and TCP on one port of 127.0.0.1."""

    def __init__(self) -> None:
        self.zones = Zones()
        self._tcp = socket.create_server(("127.0.0.1", 0))
        port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", port))
        self.place = NameServer("127.0.0.1", port)
        self._threads = [threading.Thread(target=one) for one in (self._hear_udp, self._hear_tcp)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for listener in (self._udp, self._tcp):
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._udp.close()
        self._tcp.close()

    def _hear_udp(self) -> None:
        with suppress(OSError):
            while True:
                wire, peer = self._udp.recvfrom(65535)
                if not wire:
                    return
                for one in self._answers(wire, "udp", peer[1]):
                    self._udp.sendto(one, peer)

    def _hear_tcp(self) -> None:
        with suppress(OSError):
            while True:
                line, peer = self._tcp.accept()
                with line, suppress(OSError):
                    wire = line.recv(65535)[2:]
                    for one in self._answers(wire, "tcp", peer[1]):
                        line.sendall(len(one).to_bytes(2) + one)

    def _answers(self, wire: bytes, transport: str, port: int) -> Iterator[bytes]:
        question = DNSRecord.parse(wire)
        self.zones.asked.append((transport, str(question.q.qname).rstrip("."), question.header.id))
        self.zones.ports.append(port)
        self.zones.extended.append(bool(question.ar))
        for forge in self.zones.before:
            yield forge(question)
        if not self.zones.silent:
            yield bytes(self.zones.answer(question, transport).pack())


def forged(question: DNSRecord, text: str, *, other_id: bool = False, other_name: str = "") -> bytes:
    """What a stranger would have us believe."""
    reply = question.reply(ra=1)
    name = other_name or str(question.q.qname)
    reply.add_answer(RR(name, QTYPE.TXT, rdata=TXT([text.encode()])))
    if other_name:
        reply.questions = [DNSQuestion(other_name, QTYPE.TXT)]
    if other_id:
        reply.header.id = question.header.id ^ 1
    return bytes(reply.pack())


@contextmanager
def name_server_here() -> Iterator[NameServerHere]:
    with closing(NameServerHere()) as server:
        yield server


@pytest.fixture
def name_server(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServerHere]:
    """The one name server of the installation."""
    with name_server_here() as server:
        monkeypatch.setattr(settings, "MUNIMENT_NAME_SERVERS", (server.place,))
        yield server
