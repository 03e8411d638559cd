"""A unit test that reaches for the network fails, whatever it reaches with: a planted one is seen failing."""

import asyncio
import socket
import urllib.request  # noqa: TID251 - it is to be refused

import pytest
from pytest_socket import SocketBlockedError

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")


def test_a_planted_connection_is_refused() -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9))


def test_libraries_are_refused_as_well() -> None:
    with pytest.raises(SocketBlockedError):
        urllib.request.urlopen("http://127.0.0.1:9/")  # noqa: TID251 - as above
    with pytest.raises(SocketBlockedError):
        asyncio.run(asyncio.open_connection("127.0.0.1", 9))  # noqa: TID251 - as above


def test_sockets_of_this_machine_alone_work() -> None:
    here, there = socket.socketpair(socket.AF_UNIX)
    with here, there:
        here.sendall(b"heard")
        assert there.recv(5) == b"heard"
