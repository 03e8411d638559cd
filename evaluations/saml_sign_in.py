"""Our part of a sign-in by SAML: from the address that was typed to the session, without the provider's own time.

python -m evaluations.saml_sign_in
python -m evaluations.saml_sign_in prepare FILE    a team that signs in by the provider of this metadata

Client and server on the same machine; the provider's answers are made between the requests and not counted.
Takes about 1 minute.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from evaluations import runs
from evaluations.scim import DOMAIN
from tests.journeys.server import Server, running
from tests.journeys.visitor import FORM, Answer, Visitor, claimed

TIMES = 60
PARTS = ("the address typed, the request signed", "the answer taken", "the answer judged, the session opened")


def prepare(file: str) -> None:
    import django

    django.setup()
    from muniment.core.clock import now
    from muniment.sso.services import create_connection, set_by_document, switch_connection, told_to_provider
    from muniment.sso.types import Protocol
    from muniment.teams.models import Domain
    from muniment.teams.selectors import operator_actor
    from muniment.teams.services import first_team, set_provisioning
    from muniment.teams.types import DomainState, Role

    team = first_team(actor=operator_actor(None))
    actor = operator_actor(team.pk)
    Domain.objects.create(team=team, name=DOMAIN, token="t" * 43, state=DomainState.VERIFIED, verified_at=now())
    set_provisioning(actor=actor, role=Role.MEMBER, joins_on_sign_in=True, scim=False, heir=None)
    made = create_connection(actor=actor, protocol=Protocol.SAML, name="Bench")
    set_by_document(actor=actor, connection=made.pk, data=Path(file).read_bytes())
    switch_connection(actor=actor, connection=made.pk, on=True)
    print(json.dumps(told_to_provider(made)))


def signed_in(server: Server, told: dict[str, str], email: str) -> list[float]:
    """Seconds of each part."""
    from muniment.core.clock import now
    from tests.sso.provider import Answer, Provider
    from tests.sso.team_with_provider import asked_in

    visitor, took = Visitor(server), []
    form = urlencode([("email", email), ("csrfmiddlewaretoken", visitor.token("/sign-in/organisation"))]).encode()
    begun = time.perf_counter()
    page = _sent(visitor, "/sign-in/organisation", form)
    took.append(time.perf_counter() - begun)
    asked = asked_in(page.text)
    said = Answer(
        name_id=email,
        attributes={"mail": (email,)},
        audience=told["entity_id"],
        destination=told["acs_url"],
        recipient=told["acs_url"],
        response_request=asked.id,
        confirmed_request=asked.id,
        assertion_id=f"_a{asked.id}",
        now=now(),
    )
    form = urlencode([("SAMLResponse", Provider().response(said)), ("RelayState", asked.relay_state)]).encode()
    begun = time.perf_counter()
    taken = _sent(visitor, urlsplit(told["acs_url"]).path, form)
    took.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    opened = visitor.get(taken.headers["location"])
    took.append(time.perf_counter() - begun)
    assert opened.status == 302, opened.text
    return took


def _sent(visitor: Visitor, path: str, body: bytes) -> Answer:
    sending = visitor.begin("POST", path, Content_Type=FORM, Content_Length=str(len(body)))
    sending.send(body)
    return sending.answer()


def main() -> None:
    import django
    from lxml import etree

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    django.setup()  # for the shapes of what the provider here reads; it opens no installation

    from evaluations.scim import in_the_home
    from tests.sso.provider import ENTITY_ID, Provider, key_pair

    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        claimed(server)
        said = {"certificates": [key_pair("provider").certificate], "redirect": "https://idp.acme.example/sso"}
        file = Path(folder) / "idp.xml"
        file.write_bytes(etree.tostring(Provider().metadata_element(ENTITY_ID, **said)))
        told = json.loads(in_the_home(server, "prepare", str(file), module="evaluations.saml_sign_in"))
        signed_in(server, told, f"first@{DOMAIN}")
        new = [signed_in(server, told, f"person{number}@{DOMAIN}") for number in range(TIMES)]
        known = [signed_in(server, told, f"person{number}@{DOMAIN}") for number in range(TIMES)]
    print(runs.row("our part of a sign-in by SAML, ms, median / 95 %", "a known person", "a new one", "asked for"))
    print(runs.row("---", "---", "---", "---"))
    for part, name in enumerate(PARTS):
        print(runs.row(name, *(_spread([times[part] for times in some]) for some in (known, new)), ""))
    print(runs.row("in all", *(_spread([sum(times) for times in some]) for some in (known, new)), "≤ 60"))


def _spread(seconds: list[float]) -> str:
    parts = quantiles([1000 * one for one in seconds], n=20)
    return f"{parts[9]:.0f} / {parts[18]:.0f}"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare", file]:
            prepare(file)
        case _:
            main()
