"""Calls that must run upwards: a room above fills a registry in its apps.py, a room below asks it.

A name is registered once; asking for an unknown one is an error, never a silent nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from muniment.core.actors import Actor
from muniment.core.errors import PermanentError
from muniment.core.network.types import Refusal
from muniment.core.permissions import Permission

T = TypeVar("T")


class RegistryError(PermanentError):
    """A registry was filled twice with different things, or asked for what it does not hold."""


class Registry(Generic[T]):
    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> None:
        """Registering the same object again is harmless (apps may become ready twice in tests)."""
        if self._entries.setdefault(name, entry) is not entry and self._entries[name] != entry:
            raise RegistryError(f"Two different entries were registered as {self._what} {name}.")

    def get(self, name: str) -> T:
        try:
            return self._entries[name]
        except KeyError:
            raise RegistryError(f"There is no {self._what} named {name}.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def items(self) -> list[tuple[str, T]]:
        return [(name, self._entries[name]) for name in self]

    def entries(self) -> list[T]:
        return [self._entries[name] for name in self]


class JobHandler(Protocol):
    """Does one job. Idempotent: it may run again after a kill. Raises PermanentError or TransientError."""

    def __call__(self, job: "RunningJob") -> None: ...


class RunningJob(Protocol):
    """What a handler may know of and say to the queue."""

    @property
    def id(self) -> str:
        """The same over all attempts: the idempotency id of effects outside the control plane."""

    @property
    def asked_by(self) -> str:
        """The audit reference of the actor who enqueued it."""

    @property
    def team(self) -> str | None:
        """The team that actor acted in."""

    @property
    def payload(self) -> Mapping[str, str]: ...

    @property
    def attempt(self) -> int: ...

    def heartbeat(self, *, progress: Mapping[str, int | str] | None = None) -> None:
        """Prolong the lease, publish content-free progress; raises JobLostError when another worker took over."""

    def complete_with(self, effects: Callable[[], None]) -> None:
        """Run `effects` and complete the job in one control-plane transaction: they happen exactly once.

        Raises JobLostError, with nothing done, when another worker took over. Nothing may follow it in the handler.
        """

    @property
    def others_wait(self) -> bool:
        """Whether other jobs are due: a long one then ends its turn where it can. A look into the queue."""

    def come_again(self) -> None:
        """End this turn, not the job: it runs again after those that are due. Nothing may follow it in the handler.

        Raises JobLostError when another worker took over.
        """


class OutboxSource(Protocol):
    """A place outside the control plane where events wait for the sequencer (a silo's own outbox)."""

    def pending(self) -> list[tuple[str, str, bytes]]:
        """(silo id, event id, event bytes), oldest first."""

    def drained(self, silo: str, event_ids: list[str]) -> None:
        """These events are in the log: forget them. Called again after a crash; must be idempotent."""


class AuditKind(Protocol):
    """A kind of event: its name and the content-free facts it may carry, with their types."""

    @property
    def name(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, type]: ...


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job of `kind`, with an empty payload, enqueued whenever `every` has passed; it never piles up."""

    kind: str
    every: timedelta


@dataclass(frozen=True, slots=True)
class SignInDemand:
    """What a team demands of how a person signs in, and from when on it is enforced."""

    factor_by: datetime | None = None  # an authenticator app or a passkey beside the password
    passkey_by: datetime | None = None  # a passkey
    keeps_passkey: bool = False  # the last one is not given up


class SignInRule(Protocol):
    """The demands on one person, by the id of the account. The strictest of all rules counts, at every door."""

    def __call__(self, user: int) -> Iterable[SignInDemand]: ...


@dataclass(frozen=True, slots=True)
class SignInDoor:
    """Another way in, beside password and passkey: the sign-in page sends the e-mail address that was typed there."""

    label: Any  # as in `ProfileTab`
    route: str
    is_open: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ProfileTab:
    """A page of a room above in My Profile. `is_open`: whether this actor sees it; the lower `position` comes first."""

    position: int
    label: Any  # a string, or one that is translated when it is shown
    route: str
    is_open: Callable[[Actor], bool]


class ConfirmWay(Protocol):
    """Where somebody proves anew who he is, in a session that the own password did not open."""

    def __call__(self, session: Mapping[str, Any], *, after: str) -> str | None:
        """The address to go to, which leads on to `after`; None where this way did not open the session."""


class ChatRule(Protocol):
    """Whom of a connection's chat users an agent is open to. A room of connections has no agents, so it asks for them.
    Without a rule nobody is let in.
    """

    def __call__(self, *, agent: str, connection: str, groups: Collection[str], domain: str) -> bool:
        """`groups` as the provider says them; `domain` of the address that it says, empty where it says none."""


class ConsentAtOnset(Protocol):
    """What an outsider is shown, and agrees to, before the first question. Empty: no agent is open to outsiders."""

    def is_given(self, *, agent: str, person: str) -> bool:
        """Whether this person (`ref` of the actor) agreed to the notice of this agent as it is worded now."""

    def ask_at(self, *, agent: str, after: str) -> str:
        """The address below /chat/<agent>/ where it is asked for, which leads on to `after`."""


class SignOutWay(Protocol):
    """What else ends with a session that is about to end."""

    def __call__(self, session: Mapping[str, Any]) -> Callable[[Any], Any] | None:
        """From the request to the answer to it, once the session has ended; None where nothing else ends."""


class EgressRule(Protocol):
    """Told of every connection out that was refused, before who asked for it is. Without one nothing goes out."""

    def __call__(self, actor: Actor, refusal: Refusal) -> None: ...


class ClaimStep(Protocol):
    """What a room does once, after the first owner claimed the installation. Idempotent: it may run again."""

    def __call__(self, actor: Actor) -> None: ...


@dataclass(frozen=True, slots=True)
class OutboundMasking:
    """What is masked on the way out. Nothing said: all that is promised, by masks that cannot be undone."""

    selection: Any = None
    """a `pii.types.Selection`: what is looked for, and the contacts that are left"""
    stand_in: Callable[[Any, str], str] | None = None
    """a `pii.standins.StandIn`: from a class and words to what is written instead"""


class AgentGrants(Protocol):
    """What a member may do with single agents. A team room has no agents, so it asks for them."""

    def __call__(self, *, user: int, team: str, role: str, custom: str | None) -> Mapping[str, frozenset[Permission]]:
        """By agent id. `role` and `custom` are the member's own, for what was granted to all who have them."""


class KeyAgents(Protocol):
    """The agents an API key can be for. A team room has no agents, so it asks for them."""

    def choices(self, actor: Actor) -> Mapping[str, str]:
        """Those the actor sees: ids to names."""

    def check(self, actor: Actor, agents: Iterable[str], permissions: frozenset[Permission]) -> None:
        """NotFoundError for an agent the actor does not see, PermissionDeniedError for what may not be done with it."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody leaves a team. `heir`: who gets what was theirs; None: it is deleted with them."""

    actor: Actor
    team: str
    user: int
    ref: str
    """the audit reference of who leaves"""
    heir: int | None = None


class MemberDeparture(Protocol):
    """What a room does when a member leaves a team for good. Nothing of theirs may come back with them."""

    def preview(self, departure: Departure) -> Mapping[str, int]:
        """What is at stake, counted by words of `teams.types.Stake`; nothing is changed."""

    def delete(self, departure: Departure) -> None:
        """Within the transaction that removes the member: decides the deletion. What cannot be undone is done after
        the commit, and finished at the next start where that was interrupted.
        """

    def transfer(self, departure: Departure) -> None:
        """Within the same transaction: gives it to the heir."""


class OutboundGate(Protocol):
    """The last look at what goes to a model elsewhere. A call without a gate does not happen."""

    def __call__(self, content: bytes, *, masking: OutboundMasking) -> bytes:
        """`content` is the exact body, JSON in UTF-8. The same with personal data masked; raises one of our errors
        where it cannot look, or cannot mask what it sees.
        """


agent_grants: Registry[AgentGrants] = Registry("agent grants")
audit_kinds: Registry[AuditKind] = Registry("audit kind")
key_agents: Registry[KeyAgents] = Registry("agents of keys")
job_handlers: Registry[JobHandler] = Registry("job handler")
member_departures: Registry[MemberDeparture] = Registry("member departure")
member_suspensions: Registry[Callable[[str, int], None]] = Registry("member suspension")  # team, user id; atomic
outbox_sources: Registry[OutboxSource] = Registry("outbox source")
egress_rules: Registry[EgressRule] = Registry("egress rule")
role_endings: Registry[Callable[[str], None]] = Registry("role ending")  # role id; in its deletion's transaction
group_rule_changes: Registry[Callable[[Actor], int]] = Registry("group rule change")  # in the change's transaction
schedules: Registry[Schedule] = Registry("schedule")
tickers: Registry[Callable[[], None]] = Registry("ticker")  # called about once a second in every worker process
claim_steps: Registry[ClaimStep] = Registry("claim step")
home_teams: Registry[Callable[[int], str | None]] = Registry("home team")  # user id -> team whose log shows it
sign_in_doors: Registry[SignInDoor] = Registry("door to sign in by")
profile_tabs: Registry[ProfileTab] = Registry("tab of My Profile")
confirm_ways: Registry[ConfirmWay] = Registry("way to confirm")
sign_out_ways: Registry[SignOutWay] = Registry("way to sign out")
chat_rules: Registry[ChatRule] = Registry("rule of chat users")
consent_at_onset: Registry[ConsentAtOnset] = Registry("consent at the onset")
outsider_departures: Registry[Callable[[str, str], None]] = Registry("outsider departure")  # team and ref; atomic
sign_in_rules: Registry[SignInRule] = Registry("sign-in rule")
start_steps: Registry[Callable[[], None]] = Registry("start step")  # in each worker before its first job; idempotent
outbound_gates: Registry[OutboundGate] = Registry("outbound gate")
