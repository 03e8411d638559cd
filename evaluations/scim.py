"""A provider keeps a team of fifty thousand: people made in a second, one found, a page read, one suspended and out.

python -m evaluations.scim
python -m evaluations.scim prepare            a team that lets its provider in, in the installation that is there
python -m evaluations.scim fill TEAM COUNT    as many people more, straight into the tables
python -m evaluations.scim bare TEAM COUNT    as many one by one, each with its rows, key and events, and nothing else

Client and server on the same machine. Takes about 2 minutes.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count as counted
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import quote

import psutil

from evaluations import runs
from tests.journeys.server import Server, running
from tests.journeys.visitor import PASSWORD, Visitor, claimed

PEOPLE, MADE, READS, AGAIN, SENDERS = 50_000, 300, 200, 5, 4
FAR = 40_001  # where the second page begins
DOMAIN = "example.com"
_RUNS = counted()


@dataclass
class Provider:
    port: int
    token: str
    _kept: list[http.client.HTTPConnection] = field(default_factory=list)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Over one connection, kept alive. Raises where the answer is a refusal."""
        if not self._kept:
            self._kept.append(http.client.HTTPConnection("localhost", self.port))
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"}
        self._kept[0].request(method, f"/scim/v2{path}", json.dumps(body) if body else None, headers)
        answer = self._kept[0].getresponse()
        said = answer.read()
        assert answer.status < 300, said
        return json.loads(said) if said else None

    def create(self, name: str) -> Any:
        parts = {"givenName": name.title(), "familyName": "Person"}
        return self.ask("POST", "/Users", {"userName": f"{name}@{DOMAIN}", "name": parts, "externalId": name})


def prepare() -> None:
    import django

    django.setup()
    from muniment.accounts.models import User
    from muniment.accounts.services import create_user
    from muniment.core.actors import SYSTEM
    from muniment.core.clock import now
    from muniment.scim.services import create_token
    from muniment.teams.models import Domain
    from muniment.teams.selectors import operator_actor
    from muniment.teams.services import first_team, set_provisioning
    from muniment.teams.types import DomainState, Role

    team = first_team(actor=operator_actor(None))
    actor = operator_actor(team.pk)
    Domain.objects.create(team=team, name=DOMAIN, token="t" * 43, state=DomainState.VERIFIED, verified_at=now())
    set_provisioning(actor=actor, role=Role.MEMBER, joins_on_sign_in=False, scim=True, heir=None)
    visitor = create_user(actor=SYSTEM, email=f"visitor@{DOMAIN}", password=PASSWORD)
    User.objects.filter(pk=visitor.pk).update(email_verified_at=now())  # or it is nobody's to bring into a team
    print(json.dumps({"team": team.pk, "token": create_token(actor=actor, name="Bench").token}))


def fill(team: str, count: int) -> None:
    """As they would be, without the keys of their accounts: nothing here opens those."""
    import django

    django.setup()
    from muniment.accounts.models import User
    from muniment.scim.models import Provisioned
    from muniment.teams.models import Membership
    from muniment.teams.types import Role

    users = User.objects.bulk_create(
        [User(email=f"filled{number}@{DOMAIN}", name=f"Filled {number}") for number in range(count)],
        batch_size=500,
    )
    members = Membership.objects.bulk_create(
        [Membership(team_id=team, user=user, role=Role.MEMBER) for user in users], batch_size=500
    )
    Provisioned.objects.bulk_create(
        [Provisioned(team_id=team, membership=one, external_id=f"e{number}") for number, one in enumerate(members)],
        batch_size=500,
    )


def bare(team: str, count: int) -> None:
    """What a person costs without HTTP, SCIM and rules: the floor below the same machine's figures."""
    import django

    django.setup()
    from django.db import transaction

    from muniment.accounts.models import User
    from muniment.audit.services import introduce_person, record
    from muniment.core.actors import SYSTEM
    from muniment.scim.events import USER_CREATED
    from muniment.scim.models import LogEntry, Provisioned
    from muniment.scim.types import Act, Joining
    from muniment.teams.models import Membership
    from muniment.teams.types import Role

    begun, before = time.perf_counter(), time.process_time()
    for number in range(count):
        with transaction.atomic():
            user = User.objects.create(email=f"bare{number}@{DOMAIN}", name=f"Bare {number}")
            introduce_person(ref=user.ref)
            one = Membership.objects.create(team_id=team, user=user, role=Role.MEMBER)
            Provisioned.objects.create(team_id=team, membership=one, external_id=f"bare{number}")
            LogEntry.objects.create(team_id=team, act=Act.USER_CREATED, whom=user.ref, done=True)
            for _ in range(2):
                record(kind=USER_CREATED, actor=SYSTEM, subject=user.ref, team=team, facts={"how": Joining.CREATED})
    cost = 1000 * (time.process_time() - before) / count
    print(json.dumps({"rate": count / (time.perf_counter() - begun), "cost": cost}))


def milliseconds(act: Callable[[int], Any], count: int) -> str:
    """Median and the 95th percentile."""
    took = []
    for number in range(count):
        begun = time.perf_counter()
        act(number)
        took.append(1000 * (time.perf_counter() - begun))
    parts = quantiles(took, n=20)
    return f"{parts[9]:.1f} / {parts[18]:.1f}"


def settled() -> None:
    """Waits until the server's worker and detector have loaded what they load at the start, a minute at most."""
    until, idle = time.perf_counter() + 60, 0
    children = psutil.Process().children(recursive=True)
    before = _used(children)
    while idle < 3 and time.perf_counter() < until:
        time.sleep(1)
        after = _used(children)
        idle, before = (idle + 1 if after - before < 0.1 else 0), after


def _used(processes: Sequence[psutil.Process]) -> float:
    """Seconds of processor."""
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def made_in_a_second(server: Server, token: str, *, senders: int) -> tuple[float, float]:
    """And the milliseconds of processor that the server took for each."""
    providers = [Provider(server.port, token) for _ in range(senders)]
    run = next(_RUNS)

    def send(which: int) -> None:
        for number in range(MADE // senders):
            providers[which].create(f"made{run}x{which}x{number}")

    (process,) = (one for one in psutil.Process().children() if "serve" in one.cmdline())
    before, begun = _used([process]), time.perf_counter()
    with ThreadPoolExecutor(senders) as threads:
        list(threads.map(send, range(senders)))
    took = time.perf_counter() - begun
    return MADE / took, 1000 * (_used([process]) - before) / MADE


def seconds_to_the_door(server: Server, provider: Provider, person: str) -> float:
    """From the moment the provider says so until a browser that was signed in is led to the page of sign-in."""
    visitor = Visitor(server)
    assert visitor.post("/sign-in", [("email", f"visitor@{DOMAIN}"), ("password", PASSWORD)]).status == 302
    assert visitor.get("/agents").status == 200
    begun = time.perf_counter()
    active = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
    provider.ask("PATCH", f"/Users/{person}", active)
    while visitor.get("/agents").status == 200:
        continue
    took = time.perf_counter() - begun
    active["Operations"][0]["value"] = True
    provider.ask("PATCH", f"/Users/{person}", active)
    return took


def in_the_home(server: Server, *words: str, module: str = "evaluations.scim") -> str:
    command = [sys.executable, "-m", module, *words]
    environment = {**os.environ, **server.environment, "DJANGO_SETTINGS_MODULE": "muniment.settings"}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def reads(provider: Provider) -> Iterator[tuple[str, str, str]]:
    """What, found, asked for."""
    query, page = f"/Users?filter={quote('userName eq ')}", "/Users?count=100&startIndex="
    one = milliseconds(lambda number: provider.ask("GET", f"{query}%22filled{number * 7}@{DOMAIN}%22"), READS)
    yield "`userName eq`, ms, median / 95 %", one, "≤ 15"
    yield (
        "the first 100 people, ms, median / 95 %",
        milliseconds(lambda _: provider.ask("GET", f"{page}1"), READS),
        "≤ 60",
    )
    far = milliseconds(lambda number: provider.ask("GET", f"{page}{FAR + number}"), READS)
    yield f"100 people from the {FAR:,}st on, ms, median / 95 %", far, "≤ 60"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), MUNIMENT_API_RATE="10000000") as server:
        claimed(server)
        prepared = json.loads(in_the_home(server, "prepare"))
        provider = Provider(server.port, prepared["token"])
        visitor = provider.create("visitor")["id"]
        settled()
        rates, costs = zip(*(made_in_a_second(server, provider.token, senders=1) for _ in range(3)), strict=True)
        at_once, _ = made_in_a_second(server, provider.token, senders=SENDERS)
        floor = json.loads(in_the_home(server, "bare", prepared["team"], str(MADE)))
        in_the_home(server, "fill", prepared["team"], str(PEOPLE))
        provider = Provider(server.port, prepared["token"])  # the server gave up the connection that stood still
        found = list(reads(provider))
        out = [seconds_to_the_door(server, provider, visitor) for _ in range(AGAIN)]
    print(runs.row(f"a team of {PEOPLE:,}", "found", "asked for"))
    print(runs.row("---", "---", "---"))
    print(
        runs.row("people made in a second, one after the other, best of 3 (lowest)", _best(rates), "≥ 60"),
        runs.row("ms of the server's processor for each", f"{min(costs):.1f}", ""),
        runs.row(f"made in a second, {SENDERS} at once", f"{at_once:.0f}", ""),
        runs.row("the rows, the key and the events alone, in a second", f"{floor['rate']:.0f}", ""),
        runs.row(
            "ms of processor for each of those, and how often that goes into the server's", _times(costs, floor), ""
        ),
        *(runs.row(*line) for line in found),
        runs.row("from the word to suspend to a browser that is out, s", runs.spread(out), "≤ 1"),
        sep="\n",
    )


def _times(costs: Sequence[float], floor: dict[str, float]) -> str:
    return f"{floor['cost']:.1f}, {min(costs) / floor['cost']:.1f}"


def _best(rates: Sequence[float]) -> str:
    return f"{max(rates):.0f} ({min(rates):.0f})"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare"]:
            prepare()
        case ["fill", team, count]:
            fill(team, int(count))
        case ["bare", team, count]:
            bare(team, int(count))
        case _:
            main()
