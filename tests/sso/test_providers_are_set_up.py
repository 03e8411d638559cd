"""A SAML provider is known by its metadata, from an address, a document, or by hand; they are read anew, and owners are
told before a certificate ends. Each way is guarded."""

import http.server
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import etree

from muniment.core.clock import now
from muniment.core.errors import MunimentError, NotFoundError, PermissionDeniedError
from muniment.core.network.addresses import split_address
from muniment.core.network.errors import AddressError, EgressRefusedError
from muniment.jobs.models import Job
from muniment.sso import tasks
from muniment.sso.errors import ConnectionSetUpError
from muniment.sso.metadata import refresh
from muniment.sso.models import Connection, Identity, SamlProvider
from muniment.sso.saml.errors import MetadataRefusedError
from muniment.sso.services import TypedProvider, create_connection, set_by_address, set_by_hand, switch_connection
from muniment.sso.types import Protocol
from tests.cast import Person
from tests.sso.provider import ENTITY_ID, Provider, key_pair
from tests.sso.team_with_provider import SSO_URL, SamlTeam

pytestmark = pytest.mark.django_db


def metadata(*keys: str, entity_id: str = ENTITY_ID) -> bytes:
    certificates = [key_pair(key).certificate for key in keys or ("provider",)]
    return bytes(etree.tostring(Provider().metadata_element(entity_id, certificates=certificates, redirect=SSO_URL)))


class Published:
    """A page on loopback that says its `body`."""

    def __init__(self) -> None:
        page = self
        self.body, self.status, self.location = metadata(), 200, ""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(page.status)
                if page.location:
                    self.send_header("Location", page.location)
                self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                self.wfile.write(page.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def published(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    page = Published()
    monkeypatch.setattr(settings, "MUNIMENT_INTERNAL_HOSTS", (split_address(page.address)[0],))
    yield page
    page.close()


@pytest.fixture
def draft(alice: Person) -> Connection:
    return create_connection(actor=alice.actor, protocol=Protocol.SAML, name="Acme")


def test_by_address_and_then_anew(alice: Person, draft: Connection, published: Published) -> None:
    set_by_address(actor=alice.actor, connection=draft.pk, url=f"{published.address}/metadata?app=1")
    kept = SamlProvider.objects.get()
    assert (kept.entity_id, kept.sso_redirect) == (ENTITY_ID, SSO_URL)
    assert len(kept.certificates) == 1
    published.body = metadata("provider", "next")
    refresh(Connection.objects.select_related("saml").get())
    kept.refresh_from_db()
    assert len(kept.certificates) == 2
    published.body = metadata("next", entity_id="https://idp.evil.example")
    refresh(Connection.objects.select_related("saml").get())
    kept.refresh_from_db()
    assert len(kept.certificates) == 2  # another provider is not taken
    assert kept.problem
    published.status = 500
    refresh(Connection.objects.select_related("saml").get())
    kept.refresh_from_db()
    assert "status 500" in kept.problem
    assert len(kept.certificates) == 2


def test_the_daily_look_reads_only_what_is_due(
    alice: Person, draft: Connection, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_by_address(actor=alice.actor, connection=draft.pk, url=published.address)
    read: list[str] = []
    monkeypatch.setattr(tasks, "refresh", lambda connection: read.append(connection.pk))
    job = type("Job", (), {"heartbeat": lambda _self, **_named: None})()
    tasks.look_after(job)
    assert read == []
    SamlProvider.objects.update(metadata_read_at=now() - timedelta(days=1, minutes=1))
    tasks.look_after(job)
    assert read == [draft.pk]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("file:///etc/passwd", AddressError),
        ("ftp://idp.acme.example/metadata", AddressError),
        ("https://user:word@idp.acme.example/metadata", AddressError),
        ("http://169.254.169.254/latest/meta-data", EgressRefusedError),
        ("http://127.0.0.1:8000/healthz", EgressRefusedError),
        ("https://127.0.0.1:8000/healthz", EgressRefusedError),
    ],
)
def test_addresses_that_lead_inside_are_refused(
    alice: Person, draft: Connection, url: str, refused: type[MunimentError], loopback: None
) -> None:
    with pytest.raises(refused):
        set_by_address(actor=alice.actor, connection=draft.pk, url=url)
    assert SamlProvider.objects.get().entity_id == ""


def test_an_address_that_leads_elsewhere_is_refused(alice: Person, draft: Connection, published: Published) -> None:
    published.status, published.location = 302, "http://169.254.169.254/"
    with pytest.raises(EgressRefusedError):
        set_by_address(actor=alice.actor, connection=draft.pk, url=published.address)


def test_a_document_type_is_refused(alice: Person, draft: Connection, published: Published) -> None:
    published.body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + metadata()
    with pytest.raises(MetadataRefusedError):
        set_by_address(actor=alice.actor, connection=draft.pk, url=published.address)


def test_with_a_signer_nothing_unsigned_is_taken(alice: Person, draft: Connection, published: Published) -> None:
    signer = key_pair("federation").certificate
    with pytest.raises(MetadataRefusedError):
        set_by_address(actor=alice.actor, connection=draft.pk, url=published.address, signer=signer)
    element = Provider("federation").metadata_element(certificates=[key_pair("provider").certificate], redirect=SSO_URL)
    Provider("federation").sign(element, position=0)
    published.body = etree.tostring(element)
    set_by_address(actor=alice.actor, connection=draft.pk, url=published.address, signer=signer)
    assert SamlProvider.objects.get().entity_id == ENTITY_ID


def test_by_document_and_by_hand_on_the_page(alice: Person, draft: Connection) -> None:
    session = alice.client.session
    session["confirmed"] = now().isoformat()
    session.save()
    address = f"/profile/sso/connections/{draft.pk}/provider"
    file = SimpleUploadedFile("idp.xml", metadata())
    assert alice.client.post(f"{address}?by=document", {"document": file}).status_code == 302
    assert SamlProvider.objects.get().entity_id == ENTITY_ID
    typed = {"entity_id": "https://other.example", "sso_url": SSO_URL, "certificate": key_pair("next").certificate}
    assert alice.client.post(f"{address}?by=typed", typed).status_code == 302
    assert SamlProvider.objects.get().entity_id == "https://other.example"
    bad = alice.client.post(f"{address}?by=typed", typed | {"sso_url": "javascript:alert(1)"})
    assert bad.status_code == 422
    assert alice.client.post(f"{address}?by=typed", typed | {"certificate": "nonsense"}).status_code == 422


def test_nobody_but_owners_changes_anything(alice: Person, bob: Person, mallory: Person, draft: Connection) -> None:
    typed = TypedProvider(ENTITY_ID, SSO_URL, [key_pair("provider").certificate])
    with pytest.raises(PermissionDeniedError):
        set_by_hand(actor=bob.actor, connection=draft.pk, typed=typed)
    with pytest.raises(NotFoundError):
        set_by_hand(actor=mallory.actor, connection=draft.pk, typed=typed)
    with pytest.raises(ConnectionSetUpError, match="nobody to ask"):
        switch_connection(actor=alice.actor, connection=draft.pk, on=True)
    set_by_hand(actor=alice.actor, connection=draft.pk, typed=typed)
    switch_connection(actor=alice.actor, connection=draft.pk, on=True)


def test_another_provider_knows_nobody_of_the_first(acme: SamlTeam, alice: Person, bob: Person) -> None:
    """Attack: the connection is pointed at a provider that names its people as the first named ours."""
    acme.sign_in(Client(), bob.user.email)
    assert Identity.objects.exists()
    typed = TypedProvider("https://idp.other.example", SSO_URL, [key_pair("next").certificate])
    set_by_hand(actor=alice.actor, connection=acme.connection.pk, typed=typed)
    assert not Identity.objects.exists()


def test_owners_are_warned_before_a_certificate_ends(acme: SamlTeam, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for left in (40, 30, 29, 14, 10, 7, 2, 1, 0):
        monkeypatch.setattr(tasks, "days_left", lambda _saml, left=left: left)
        tasks.warn_of_certificates()
        told.append(Job.objects.filter(kind=tasks.TELL_OWNERS).count())
    assert told == [0, 1, 1, 2, 2, 3, 3, 4, 4]
