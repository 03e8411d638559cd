"""The detector's own side: a thread for each request, one model for all."""

import json
import threading
from contextlib import suppress

from muniment.core.faults import log_fault
from muniment.core.local_stream import Stream, accept_locally
from muniment.core.process import give_memory_back
from muniment.pii.detection import detect
from muniment.pii.detector.precedence import Precedence
from muniment.pii.detector.wire import (
    Frame,
    FrameError,
    pack_progress,
    pack_spans,
    receive,
    send,
    unpack_request,
    unpack_text,
)
from muniment.pii.errors import DetectorModelError, PatternError
from muniment.pii.types import LoadTagger, Tagger

_PATIENCE = 30.0
"""Seconds that a peer may take over a frame before it counts as gone."""
_REQUESTS = 64
_LARGE = 1 << 20


class Server:
    """`load` gives the model; it is called once, in the background, and raises DetectorModelError."""

    def __init__(self, load: LoadTagger) -> None:
        self._load = load
        self._tagger: Tagger | None = None
        self._fault = ""
        self._loaded = threading.Event()
        self._precedence = Precedence()
        self._places = threading.BoundedSemaphore(_REQUESTS)

    def run(self, listener: Stream) -> None:
        """Serves until the process ends."""
        threading.Thread(target=self._load_model, daemon=True).start()
        while True:
            self._places.acquire()  # the thread gives the place back
            stream = accept_locally(listener)
            if stream is None:
                self._places.release()
            else:
                threading.Thread(target=self._serve, args=(stream,), daemon=True).start()

    def _load_model(self) -> None:
        try:
            self._tagger = self._load()
        except DetectorModelError as error:
            self._fault = str(error)
        finally:
            if self._tagger is None and not self._fault:
                self._fault = "The model that finds names could not be loaded. Restart Muniment."
            self._loaded.set()

    def _serve(self, stream: Stream) -> None:
        try:
            with stream, suppress(OSError, FrameError):  # gone, or none of ours: nobody to tell
                stream.settimeout(_PATIENCE)
                self._answer(stream)
        finally:
            self._places.release()

    def _answer(self, stream: Stream) -> None:
        kind, header = receive(stream, Frame.LOOK, Frame.ASK_STATE)
        if kind is Frame.ASK_STATE:
            self._loaded.wait(_PATIENCE)
            state = {"ready": self._tagger is not None, "fault": self._fault, "busy": len(self._precedence)}
            send(stream, Frame.STATE, json.dumps(state).encode())
            return
        _, body = receive(stream, Frame.TEXT)
        try:
            spans = self._look(stream, header, unpack_text(body))
        except (DetectorModelError, PatternError) as error:
            self._fail(stream, type(error).__name__, str(error))
        except (OSError, FrameError):
            raise
        except Exception as error:  # noqa: BLE001 - a rule that fails at one text must not end the others' requests
            log_fault(error)
            self._fail(stream, "", "")
        else:
            send(stream, Frame.SPANS, spans)
        if len(body) >= _LARGE:
            give_memory_back()

    def _look(self, stream: Stream, header: bytes, text: str) -> bytes:
        selection, rules_alone = unpack_request(header)
        with self._precedence.at_work(len(text)) as place:

            def tell(done: int, of: int) -> None:
                """Fails when nobody listens any more, which ends the work."""
                send(stream, Frame.PROGRESS, pack_progress(done, of))
                self._precedence.go_on(place, of - done)

            tagger = None if rules_alone else self._model()
            return pack_spans(detect(text, tagger=tagger, selection=selection, watch=tell))

    def _model(self) -> Tagger:
        self._loaded.wait()
        if self._tagger is None:
            raise DetectorModelError(self._fault)
        return self._tagger

    @staticmethod
    def _fail(stream: Stream, error: str, says: str) -> None:
        send(stream, Frame.FAILURE, json.dumps({"error": error, "says": says}).encode())
