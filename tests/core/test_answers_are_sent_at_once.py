"""An answer goes out as it is written, head and body. Held back until the head is acknowledged (RFC 896), the body
comes 40 ms later, on every connection that is kept.
"""

import asyncio
import socket

import pytest

from muniment.core.network.listening import listen

pytestmark = pytest.mark.usefixtures("loopback")


def test_connections_accepted_hold_nothing_back() -> None:
    held_back: list[int] = []

    async def serve() -> None:
        done = asyncio.Event()

        async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            held_back.append(not accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            done.set()

        server = await asyncio.start_server(accept, sock=listen("127.0.0.1", 0))
        async with server:
            with socket.create_connection(server.sockets[0].getsockname()):
                await done.wait()

    asyncio.run(serve())
    assert held_back == [False]
