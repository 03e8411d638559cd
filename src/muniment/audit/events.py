"""The kinds of events this room records about itself."""

from enum import StrEnum

from muniment.audit.types import AuditKind, Digest, Id
from muniment.audit.verifier import OPENING
from muniment.core.network.types import Purpose, RefusalReason


class RejectReason(StrEnum):
    MALFORMED = "malformed"  # not an event, of an unknown kind, or of another silo
    REPLAYED = "replayed"  # the id of an event that is in the log already, with another content


# Fixed by the verifier: the first entry of every log; docs/formats/audit-log.md.
LOG_OPENED = AuditKind(OPENING, {"previous": Id, "previous_size": int, "previous_root": Digest})
HEARTBEAT = AuditKind("audit:log:heartbeat")
EVENT_REJECTED = AuditKind("audit:event:reject", {"reason": RejectReason, "silo": Id, "digest": Digest})
DETAIL_OPENED = AuditKind("audit:detail:open", {"event": Id})
CONNECTION_REFUSED = AuditKind(
    "installation:connection:refuse", {"purpose": Purpose, "reason": RefusalReason, "port": int}
)

OF_THE_LOG = (LOG_OPENED.name, HEARTBEAT.name, EVENT_REJECTED.name)  # no outbox may bring one in
KINDS = (LOG_OPENED, HEARTBEAT, EVENT_REJECTED, DETAIL_OPENED, CONNECTION_REFUSED)
EVERYBODYS = (LOG_OPENED.name, HEARTBEAT.name)  # entries about the log as a whole: every team may read them
