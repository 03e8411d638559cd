"""The child that reads one file: confined before its first byte, gone after its last."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from muniment.core.frames import write_frame
from muniment.core.watch import Watch
from muniment.ingest.errors import ParseError, Reason
from muniment.ingest.parsing.attachments import known_attachments
from muniment.ingest.parsing.bundle import unpack
from muniment.ingest.parsing.detect import is_pdf
from muniment.ingest.parsing.pdf import page_layout, render_page
from muniment.ingest.parsing.picture import picture_layout, render_picture
from muniment.ingest.parsing.reader import read
from muniment.ingest.sandbox.confinement import confine
from muniment.ingest.sandbox.wire import Frame, pack_progress, packet, write_result
from muniment.ingest.types import Limits

_STEP = 2**20
EXIT_UNCONFINED = 3
"""The walls could not be put up; nothing was read."""


@dataclass(frozen=True, slots=True)
class Work:
    """One request as the child sees it: the whole file, what was asked, where to say how far it is."""

    data: bytes
    limits: Limits
    arguments: Mapping[str, Any]
    on_progress: Watch


Act = Callable[[Work], bytes]


def _parse(work: Work) -> bytes:
    name_hint = str(work.arguments["name_hint"])
    return read(work.data, name_hint=name_hint, limits=work.limits, on_progress=work.on_progress).to_bytes()


def _unpack(work: Work) -> bytes:
    return unpack(work.data, int(work.arguments["first"]), work.limits, attached=known_attachments)


def _render(work: Work) -> bytes:
    if not is_pdf(work.data):
        return render_picture(work.data, int(work.arguments["page"]), float(work.arguments["scale"]), work.limits)
    return render_page(work.data, int(work.arguments["page"]), float(work.arguments["scale"]), work.limits)


def _layout(work: Work) -> bytes:
    if not is_pdf(work.data):
        return picture_layout(work.data, int(work.arguments["page"]), work.limits).to_bytes()
    return page_layout(work.data, int(work.arguments["page"]), work.arguments["spans"]).to_bytes()


ACTS: Mapping[str, Act] = {"parse": _parse, "unpack": _unpack, "render_page": _render, "page_layout": _layout}


def run(
    request: Mapping[str, Any], acts: Mapping[str, Act], handles: list[int], *, unsafe_without_seccomp: bool
) -> None:
    """Never returns. `handles`: where the file comes from, where frames go; every other handle is closed."""
    source, sink = os.dup(handles[0]), os.dup(handles[1])
    os.dup2(source, 0)
    os.dup2(sink, 1)
    os.closerange(2, _highest_handle() + 1)
    code = 1
    try:
        limits = Limits(**request["limits"])
        confine(limits, unsafe_without_seccomp=unsafe_without_seccomp)
    except BaseException:  # noqa: BLE001 - whatever went wrong, nobody reads a file without walls
        os._exit(EXIT_UNCONFINED)
    try:
        _work(acts[request["act"]], limits, request)
        code = 0
    finally:
        os._exit(code)


def _highest_handle() -> int:
    with os.scandir("/proc/self/fd") as entries:
        return max(int(entry.name) for entry in entries)


def _work(act: Act, limits: Limits, request: Mapping[str, Any]) -> None:
    try:
        data = _received(limits)
        result = act(Work(data, limits, request.get("arguments", {}), _progress(limits)))
    except ParseError as error:
        failure = error
    except MemoryError:
        failure = ParseError(Reason.TOO_MUCH_MEMORY)
    except Exception:  # noqa: BLE001 - a fault of a parser is an answer too; its words may hold the document's, so none pass
        failure = ParseError(Reason.READER_FAULT)
    else:
        write_result(1, result)
        return
    write_frame(1, Frame.FAILURE, packet(failure.to_fields()))


def _received(limits: Limits) -> bytes:
    pieces, size = [], 0
    while piece := os.read(0, _STEP):
        size += len(piece)
        if size > limits.max_bytes:
            raise ParseError(Reason.TOO_MANY_BYTES, limit=limits.max_bytes // 2**20)
        pieces.append(piece)
    return b"".join(pieces)


def _progress(limits: Limits) -> Watch:
    def tell(done: int, total: int) -> None:
        write_frame(1, Frame.PROGRESS, pack_progress(min(done, limits.max_pages), min(total, limits.max_pages)))

    return tell
