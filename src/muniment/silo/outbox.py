"""The silos' own outboxes, as the sequencer sees them."""

from muniment.core.errors import CorruptedError, TransientError
from muniment.crypto.errors import KeyDestroyedError
from muniment.silo.errors import SiloDestroyedError
from muniment.silo.services import open_silo, outbox_marks


class SiloOutboxes:
    """The `OutboxSource` of all silos, registered with the sequencer."""

    def pending(self) -> list[tuple[str, str, bytes]]:
        with outbox_marks().taken() as marked:
            return [event for silo in marked for event in _pending(silo)]

    def drained(self, silo: str, event_ids: list[str]) -> None:
        try:
            with open_silo(silo).engine.writing() as writer:
                writer.remove_events(event_ids)
        except (KeyDestroyedError, SiloDestroyedError):
            return


def _pending(silo: str) -> list[tuple[str, str, bytes]]:
    try:
        with open_silo(silo).engine.reading() as reader:
            waiting = reader.pending_events()
    except (KeyDestroyedError, SiloDestroyedError):
        return []  # erased: its last event, the erasure, is in the control plane
    except (CorruptedError, TransientError, OSError):
        outbox_marks().set(silo)  # one damaged or busy silo holds up nobody; its events wait
        return []
    if waiting:
        outbox_marks().set(silo)  # stays until `drained`, should the sequencer die in between
    return [(silo, event, body) for event, body in waiting]
