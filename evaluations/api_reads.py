"""How many reads a second the API answers, each authorised by its key: client and server on the same machine.

python -m evaluations.api_reads

Connections are kept alive, each sends its next request when it has the answer to the last. Takes about 2 minutes.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import psutil

from tests.journeys.server import Server, running

CONNECTIONS, SECONDS, RUNS = 8, 6.0, 3
AGENTS = 10


def main() -> None:
    folder = tempfile.TemporaryDirectory(prefix="muniment-evaluation-")
    with folder as home, running(Path(home), MUNIMENT_API_RATE="10000000") as server:
        made = [server.run("agent", "create", f"Agent {number}", "--json")["id"] for number in range(AGENTS)]
        key = server.run("key", "create", "--name", "Bench", "--permission", "all", "--json")["key"]
        reads = {
            f"the list of {AGENTS} agents, `GET /v1/models`": "/v1/models",
            "one agent, `GET /v1/models/<id>`": f"/v1/models/{made[0]}",
        }
        print("| reads by a key | a second, best of 3 (lowest) | ms of the server's processor | asked for |")
        print("| --- | --- | --- | --- |")
        for what, path in reads.items():
            rates, costs = zip(*(_measured(server, path, key) for _ in range(RUNS)), strict=True)
            print(f"| {what} | {max(rates):.0f} ({min(rates):.0f}) | {min(costs):.2f} | ≥ 400 |")


def _measured(server: Server, path: str, key: str) -> tuple[float, float]:
    """Reads a second, and milliseconds of processor that the server took for each."""
    (process,) = (one for one in psutil.Process().children() if "serve" in one.cmdline())
    before, began = process.cpu_times(), time.perf_counter()
    count = asyncio.run(_read(server.port, path, key))
    took, after = time.perf_counter() - began, process.cpu_times()
    used = after.user + after.system - before.user - before.system
    return count / took, 1000 * used / count


async def _read(port: int, path: str, key: str) -> int:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    until = time.perf_counter() + SECONDS
    return sum(await asyncio.gather(*(_one(port, request, until) for _ in range(CONNECTIONS))))


async def _one(port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        count += 1
    writer.close()
    return count


if __name__ == "__main__":
    main()
