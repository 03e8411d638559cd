"""`python -m muniment.pii.detector`: started by `keeping`, with the lock of its folder for as long as it lives.

Django is never imported here: the process holds the rules, the model and what it is asked.
"""

import argparse
import fcntl
import os
import signal
from pathlib import Path

from muniment.core.durable import open_plain
from muniment.core.process import end_with, keep_private
from muniment.pii.detector.keeping import LOCK


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--model", type=Path)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to every process of a terminal: the parent decides
    keep_private()
    end_with(given.parent)
    given.folder.mkdir(mode=0o700, exist_ok=True)
    # One at a time: whoever comes second waits here, small, until the first has ended, and then takes its place.
    lock = open_plain(given.folder / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    _serve(given.folder, threads=given.threads, model=given.model)


def _serve(folder: Path, *, threads: int, model: Path | None) -> None:
    from muniment.core.local_stream import listen_locally  # noqa: PLC0415 - not while it waits for its turn
    from muniment.pii.detector.server import Server  # noqa: PLC0415
    from muniment.pii.loading import load_tagger  # noqa: PLC0415

    Server(lambda: load_tagger(threads=threads, model=model)).run(listen_locally(folder))


if __name__ == "__main__":
    main()
