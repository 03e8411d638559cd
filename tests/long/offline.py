"""The server and the main job, in a network namespace that has nothing but its own loopback: main(FOLDER).

Run below `unshare --net`. Raises when anything fails; says at the end what it saw.
"""

import errno
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
import urllib.request  # noqa: TID251 - a visitor of the server, on loopback
from pathlib import Path

from tests.long.command_line import Installation

PORT = 47123  # of a namespace that holds nobody else
_SIOCSIFFLAGS, _UP = 0x8914, 0x1  # man 7 netdevice


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _UP))


def way_out() -> str:
    """What happens to who tries to leave."""
    try:
        socket.create_connection(("192.0.2.1", 443), timeout=5).close()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "open"


def wait_until_ready(server: "subprocess.Popen[bytes]") -> dict[str, object]:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{PORT}/readyz", timeout=5) as answer:  # noqa: TID251
                return dict(json.load(answer))
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the server ended with {server.returncode}")


def main(folder: str) -> None:
    raise_loopback()
    muniment, file = Installation(Path(folder)), Path(folder) / "ferns.txt"
    file.write_text("The herbarium keeps its ferns in the third cabinet.")
    saw: dict[str, object] = {"way_out": way_out()}
    environment = {**muniment.environment, "MUNIMENT_PORT": str(PORT)}
    server = subprocess.Popen(muniment.command("serve"), env=environment, stdout=subprocess.DEVNULL)
    try:
        saw["ready"] = wait_until_ready(server)
        agent = muniment.run("agent", "create", "Museum", "--json")["id"]
        muniment.run("ingest", agent, str(file), "--wait")
        saw["answer"] = muniment.run("ask", agent, "Where does the herbarium keep its ferns?", "--json")["answer"]
        receipt = Path(folder) / "receipt.json"
        muniment.run("agent", "delete", agent, "--receipt", str(receipt))
        saw["receipt"] = muniment.run("verify-receipt", str(receipt))
        saw["log"] = muniment.run("verify-log")
    finally:
        server.terminate()
        server.wait(30)
    print(json.dumps(saw))  # noqa: T201 - how it is read


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main(sys.argv[1])
