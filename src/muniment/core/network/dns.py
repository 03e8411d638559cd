"""Asking for TXT records: over UDP, and over TCP where an answer was cut.

`dnspython` reads and writes the messages and opens no socket here. Attack stopped: somebody off the path answers before
the name server does. Each question has a random id and, by a socket of its own, a random port; what comes from another
address, with another id or for another question is not heard, and the wait goes on (RFC 5452, section 9).
"""

import secrets
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
from django.conf import settings

from muniment.core.network.errors import UnansweredError
from muniment.core.network.name_servers import NameServer, of_the_machine

TIMEOUT = 3.0  # seconds for each question to each server
ROUNDS = 2
PAYLOAD = 1232  # bytes that come in one datagram nearly everywhere: DNS flag day 2020
_LARGEST = 65535  # bytes of a message (RFC 1035, section 4.2.2: its length has 16 bits)


def text_records(name: str, *, servers: Sequence[NameServer] = (), timeout: float = TIMEOUT) -> tuple[str, ...]:
    """The TXT records of a name (A-labels), the chunks of each joined; empty where it is a fact that there are none.

    Each server is asked in turn, twice. Raises UnansweredError where none of them said anything that is a fact. Call it
    outside of a transaction: three silent servers take 18 seconds.
    """
    asked = tuple(servers) or settings.MUNIMENT_NAME_SERVERS or of_the_machine()
    question = dns.name.from_text(name)
    for turn in range(ROUNDS):
        for server in asked:
            with suppress(_NothingSaidError, dns.exception.DNSException, OSError):
                # The second time without EDNS: there are servers that answer what they do not know with an error.
                return _facts(_asked(question, server, timeout, extended=turn == 0))
    raise UnansweredError("No name server answered. Try again later; the operator checks MUNIMENT_NAME_SERVERS.")


class _NothingSaidError(Exception):
    """What a server sent is no fact: another one may know."""


def _asked(question: dns.name.Name, server: NameServer, timeout: float, *, extended: bool) -> dns.message.Message:
    query = dns.message.make_query(
        question,
        dns.rdatatype.TXT,
        use_edns=0 if extended else -1,
        payload=PAYLOAD,
        id=secrets.randbelow(2**16),
    )
    deadline = time.monotonic() + timeout
    answer = _over_udp(query, server, deadline)
    return _over_tcp(query, server, deadline) if answer.flags & dns.flags.TC else answer


def _over_udp(query: dns.message.Message, server: NameServer, deadline: float) -> dns.message.Message:
    with socket.socket(_family(server), socket.SOCK_DGRAM) as line:
        line.connect((server.address, server.port))  # from here on datagrams of others are not heard
        line.send(query.to_wire())
        while True:
            line.settimeout(_left(deadline))
            answer = _read(line.recv(_LARGEST), query)
            if answer is not None:
                return answer


def _over_tcp(query: dns.message.Message, server: NameServer, deadline: float) -> dns.message.Message:
    with socket.socket(_family(server), socket.SOCK_STREAM) as line:
        line.settimeout(_left(deadline))
        line.connect((server.address, server.port))
        wire = query.to_wire()
        line.sendall(len(wire).to_bytes(2) + wire)
        length = int.from_bytes(_exactly(line, 2, deadline))
        answer = _read(_exactly(line, length, deadline), query)
    if answer is None:
        raise _NothingSaidError
    return answer


def _exactly(line: socket.socket, size: int, deadline: float) -> bytes:
    found = bytearray()
    while len(found) < size:
        line.settimeout(_left(deadline))
        piece = line.recv(size - len(found))
        if not piece:
            raise _NothingSaidError
        found += piece
    return bytes(found)


def _read(wire: bytes, query: dns.message.Message) -> dns.message.Message | None:
    """The message, if it is an answer to this query: id, question and opcode are the same."""
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True, raise_on_truncation=True)
    except dns.message.Truncated as cut:
        message = cut.message()  # type: ignore[no-untyped-call]
    except (dns.exception.DNSException, ValueError):
        return None
    return message if query.is_response(message) else None


def _facts(answer: dns.message.Message) -> tuple[str, ...]:
    """What the name has, along aliases within the answer. Raises _NothingSaidError for what is no fact.

    That there is nothing is a fact when the name does not exist (NXDOMAIN), or has no such record (NODATA): with the
    zone's SOA beside it, or with nothing at all. A referral to other servers says nothing: RFC 2308, section 2.2.
    """
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return ()
    if answer.rcode() != dns.rcode.NOERROR or not isinstance(answer, dns.message.QueryMessage):
        raise _NothingSaidError
    found = answer.resolve_chaining()
    if found.answer is None:
        is_fact = any(one.rdtype == dns.rdatatype.SOA for one in answer.authority)
        if not is_fact and (found.cnames or answer.authority):
            raise _NothingSaidError
        return ()
    return tuple(b"".join(record.strings).decode("ascii", "replace") for record in found.answer)


def _family(server: NameServer) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in server.address else socket.AF_INET


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _NothingSaidError
    return left
