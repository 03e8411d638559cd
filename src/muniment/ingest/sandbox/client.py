"""The sandbox as the rest of Muniment uses it: bytes in, an extracted document, a picture or boxes out.

A Sandbox may be shared by threads. Its zygote starts at the first request and again after it died.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from types import TracebackType
from typing import Any, Self

from muniment.core.errors import CorruptedError
from muniment.core.watch import Watch, unwatched
from muniment.ingest.errors import ParseError, Reason, SandboxStoppedError, SandboxUnavailableError
from muniment.ingest.language import identify
from muniment.ingest.parsing.bundle import BATCH
from muniment.ingest.sandbox.exchange import exchange
from muniment.ingest.sandbox.keeper import Hello, Recognition, ZygoteKeeper
from muniment.ingest.types import ExtractedDocument, Limits, PageLayout
from muniment.ingest.unpacked import Member, Unpacked

_UNAVAILABLE = (
    "This machine's kernel refuses seccomp, so files cannot be read safely; run on a kernel (or in a container) that "
    "allows it, or accept the risk by setting MUNIMENT_UNSAFE_PARSE_WITHOUT_SANDBOX."
)
_CLOSED = "The sandbox is closed; start the server again."
_PNG = b"\x89PNG\r\n\x1a\n"
_BYTES_PER_CHARACTER = 4
_SLACK = 16 * 2**20
_MOST_SPANS = 200
"""A request must fit into one packet."""
_PATIENCE = 10
"""Seconds beyond its deadline that a child has before the client stops waiting for its end."""


class Sandbox:
    """`unsafe_without_seccomp`: read files although the kernel refuses the filter; the operator's choice alone.

    `recognition`: of words in pictures; without it there is none.
    """

    _zygote_module = "muniment.ingest.sandbox.zygote"

    def __init__(
        self, *, unsafe_without_seccomp: bool = False, max_children: int = 4, recognition: Recognition | None = None
    ) -> None:
        self._unsafe = unsafe_without_seccomp
        self._recognition = recognition or Recognition()
        self._slots = threading.BoundedSemaphore(max_children)
        self._lock = threading.Lock()
        self._keeper: ZygoteKeeper | None = None
        self._process = 0
        self._is_closed = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> Hello:
        """Starts the zygote unless it runs. Raises SandboxUnavailableError, SandboxStoppedError.

        The answer says which walls this kernel has.
        """
        hello = self._running().hello
        if not hello.seccomp and not self._unsafe:
            raise SandboxUnavailableError(_UNAVAILABLE)
        return hello

    def close(self) -> None:
        """Ends the zygote and every child. Requests under way raise SandboxStoppedError."""
        with self._lock:
            self._is_closed = True
            keeper, self._keeper = self._keeper, None
        if keeper is not None and self._process == os.getpid():
            keeper.close()

    def parse(
        self,
        source: Iterable[bytes],
        *,
        name_hint: str = "",
        limits: Limits | None = None,
        on_progress: Watch | None = None,
    ) -> ExtractedDocument:
        """Raises ParseError (about the file), SandboxStoppedError (try again), SandboxUnavailableError.

        `on_progress(page, pages)` is called in the calling thread. Only the end of `name_hint` (".md") goes in: a
        name is personal data and decides next to nothing. What `source` raises comes through.
        """
        limits = limits or Limits()
        cap = _BYTES_PER_CHARACTER * limits.max_characters + _SLACK
        arguments = {"name_hint": PurePath(name_hint).suffix[:12]}
        result = self._ask("parse", source, limits, arguments, cap=cap, on_progress=on_progress)
        try:
            document = ExtractedDocument.from_bytes(result)
        except CorruptedError:
            raise ParseError(Reason.READER_FAULT) from None
        return replace(document, language=identify(document.text))

    def unpack(self, source: Callable[[], Iterable[bytes]], *, limits: Limits | None = None) -> Iterator[Member]:
        """The files of an archive, in memory a batch at a time. Raises like `parse`, in general before the first file.

        `source` gives the archive anew for each batch.
        """
        limits = limits or Limits()
        first: int | None = 0
        size, cap = 0, BATCH + limits.max_packed + _SLACK
        while first is not None:
            result = self._ask("unpack", source(), limits, {"first": first}, cap=cap)
            try:
                batch = Unpacked.from_bytes(result, first=first)
            except CorruptedError:
                raise ParseError(Reason.READER_FAULT) from None
            size += len(result)
            if first + len(batch.members) > limits.max_documents or size > limits.max_inflated + _SLACK:
                raise ParseError(Reason.READER_FAULT)  # our child would have refused it
            yield from batch.members
            first = batch.following

    def render_page(
        self, source: Iterable[bytes], *, page: int, scale: float = 1.5, limits: Limits | None = None
    ) -> bytes:
        """PNG of a page of a PDF. Pages count from 1; `scale` 1.0 is 72 pixels per inch. Raises like `parse`."""
        limits = limits or Limits()
        cap = _BYTES_PER_CHARACTER * limits.max_pixels + _SLACK
        result = self._ask("render_page", source, limits, {"page": page, "scale": scale}, cap=cap)
        if not result.startswith(_PNG):  # a browser will be told that this is a picture
            raise ParseError(Reason.READER_FAULT)
        return result

    def page_layout(
        self,
        source: Iterable[bytes],
        *,
        document: ExtractedDocument,
        page: int,
        spans: Sequence[tuple[int, int]],
        limits: Limits | None = None,
    ) -> PageLayout:
        """How large a page of the document's PDF is, and where spans of the document's text lie on it.

        What of a span lies on other pages is left out. Raises like `parse`.
        """
        if not 1 <= page <= len(document.pages):
            raise ParseError(Reason.NO_SUCH_PAGE)
        first, last = document.pages[page - 1]
        if document.is_recognised(page):
            return self._recognised_layout(source, document, page, spans, limits or Limits())
        own = [(max(start, first) - first, min(end, last) - first) for start, end in spans[:_MOST_SPANS]]
        result = self._ask("page_layout", source, limits or Limits(), {"page": page, "spans": own}, cap=_SLACK)
        try:
            return PageLayout.from_bytes(result, spans=len(own))
        except CorruptedError:
            raise ParseError(Reason.READER_FAULT) from None

    def _recognised_layout(
        self,
        source: Iterable[bytes],
        document: ExtractedDocument,
        page: int,
        spans: Sequence[tuple[int, int]],
        limits: Limits,
    ) -> PageLayout:
        """The size of the page is asked for; where its words lie was told when they were recognised."""
        result = self._ask("page_layout", source, limits, {"page": page, "spans": []}, cap=_SLACK)
        try:
            layout = PageLayout.from_bytes(result, spans=0)
        except CorruptedError:
            raise ParseError(Reason.READER_FAULT) from None
        return replace(layout, boxes=tuple(document.recognised_boxes(page, *span) for span in spans[:_MOST_SPANS]))

    def _ask(
        self,
        act: str,
        source: Iterable[bytes],
        limits: Limits,
        arguments: dict[str, Any],
        *,
        cap: int,
        on_progress: Watch | None = None,
    ) -> bytes:
        self.start()
        with self._slots:
            return exchange(
                self._running(),
                act,
                source,
                limits=limits,
                arguments=arguments,
                cap=cap,
                on_progress=on_progress or unwatched,
            )

    def _running(self) -> ZygoteKeeper:
        with self._lock:
            if self._is_closed:
                raise SandboxStoppedError(_CLOSED)
            if self._process != os.getpid():  # forked: the zygote belongs to the process that started it
                self._keeper, self._process = None, os.getpid()
            if self._keeper is None or not self._keeper.is_alive:
                self._keeper = ZygoteKeeper(
                    self._zygote_module, unsafe_without_seccomp=self._unsafe, recognition=self._recognition
                )
            return self._keeper
