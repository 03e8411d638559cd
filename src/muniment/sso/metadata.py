"""What a SAML provider says of itself: read from its address, from a document, or typed. Offered by `services`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction

from muniment.audit.services import record
from muniment.core.actors import Actor, system_in
from muniment.core.clock import now
from muniment.core.errors import MunimentError
from muniment.core.network.http import Limits, Request, exchange
from muniment.core.network.types import Purpose
from muniment.sso import events
from muniment.sso.connections import store_saml
from muniment.sso.errors import ConnectionSetUpError
from muniment.sso.models import Connection, SamlProvider
from muniment.sso.patience import ONE, asking
from muniment.sso.policies import require_update
from muniment.sso.saml.certificates import read_certificate
from muniment.sso.saml.metadata import is_safe_address, read_metadata
from muniment.sso.selectors import connection_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muniment.sso.saml.types import ProviderMetadata

LARGEST = 20 * 2**20  # bytes: of a federation with all its members
_LIMITS = Limits(connect=5.0, idle=10.0, total=30.0, body=LARGEST)  # of the job; a person waits `patience.ONE`
_ADDRESSES = ("sso_redirect", "sso_post", "slo_redirect", "slo_post", "slo_response_redirect", "slo_response_post")


@dataclass(frozen=True, slots=True)
class TypedProvider:
    """A SAML provider as somebody typed it; certificates as PEM or bare base64."""

    entity_id: str
    sso_url: str
    certificates: "Sequence[str]"
    by_post: bool = False
    slo_url: str = ""


def set_by_address(*, actor: Actor, connection: str, url: str, entity_id: str = "", signer: str = "") -> None:
    """Reads the metadata there, and anew every day. `signer`: the certificate of who has to have signed them, or empty.

    Raises ConnectionSetUpError, MetadataRefusedError, CertificateRefusedError, and what `exchange` raises.
    """
    require_update(actor)
    found, url = connection_of(actor, connection), url.strip()
    signer = read_certificate(signer).pem if signer.strip() else ""
    with asking(found.pk, ONE):
        data = fetched(url, actor=actor)
    signers = [signer] * bool(signer)
    told = read_metadata(data, now=now(), entity_id=entity_id.strip() or None, signer_certificates=signers)
    _store(actor, found, told, {"metadata_url": url, "metadata_signer": signer})


def set_by_document(*, actor: Actor, connection: str, data: bytes, entity_id: str = "") -> None:
    """Raises MetadataRefusedError."""
    require_update(actor)
    found = connection_of(actor, connection)
    told = read_metadata(data, now=now(), entity_id=entity_id.strip() or None)
    _store(actor, found, told, {"metadata_url": "", "metadata_signer": ""})


def set_by_hand(*, actor: Actor, connection: str, typed: TypedProvider) -> None:
    """Raises ConnectionSetUpError, CertificateRefusedError."""
    require_update(actor)
    found = connection_of(actor, connection)
    for field, address in (("sso_url", typed.sso_url), ("slo_url", typed.slo_url)):
        if (address or field == "sso_url") and not is_safe_address(address.strip()):
            raise ConnectionSetUpError("This has to be an address that begins with https://", field=field)
    certificates = list(dict.fromkeys(read_certificate(one).pem for one in typed.certificates))
    if not typed.entity_id.strip() or not certificates:
        raise ConnectionSetUpError("The provider's entity ID and a certificate are needed. Type both.")
    sso, slo = typed.sso_url.strip(), typed.slo_url.strip()
    fields: dict[str, Any] = dict.fromkeys(_ADDRESSES, "") | {
        "entity_id": typed.entity_id.strip()[:1024],
        "sso_post" if typed.by_post else "sso_redirect": sso,
        "slo_redirect": slo,
        "certificates": certificates,
        "metadata_url": "",
        "metadata_signer": "",
        "metadata_read_at": None,
        "metadata_valid_until": None,
        "problem": "",
        "warned_days": None,
    }
    with transaction.atomic():
        store_saml(found, fields)
        facts = {"certificates": len(certificates), "changed": True}
        record(kind=events.METADATA_READ, actor=actor, subject=found.pk, team=found.team_id, facts=facts)


def refresh(connection: Connection) -> None:
    """Reads them anew, from their address; where that does not work, what was known stays, and why is kept in words.

    Attack stopped: the address is taken over, and its new owner speaks for the provider. An entity id that differs is
    not taken; with a signer set, nothing is that it has not signed.
    """
    saml, acting = connection.saml, system_in(connection.team_id)
    try:
        data = fetched(saml.metadata_url, actor=acting)
        signers = [saml.metadata_signer] * bool(saml.metadata_signer)
        told = read_metadata(data, now=now(), entity_id=saml.entity_id, signer_certificates=signers)
    except MunimentError as error:
        with transaction.atomic():
            SamlProvider.objects.filter(pk=saml.pk).update(problem=str(error)[:500])
            record(kind=events.METADATA_UNREAD, actor=acting, subject=connection.pk, team=connection.team_id)
        return
    with transaction.atomic():
        if _is_asked_still(saml):
            _store(acting, connection, told, {})


def _is_asked_still(saml: SamlProvider) -> bool:
    """Attack stopped: the provider takes its time over the answer until the connection is pointed at another one, and
    stands in its place again.
    """
    asked = {name: getattr(saml, name) for name in ("metadata_url", "metadata_signer", "entity_id")}
    return SamlProvider.objects.filter(pk=saml.pk, **asked).exists()


def read_again(*, actor: Actor, connection: str) -> None:
    """The same at once, for an owner. Raises ConnectionSetUpError where they came from no address."""
    require_update(actor)
    found = connection_of(actor, connection)
    if found.protocol != "saml" or not found.saml.metadata_url:
        raise ConnectionSetUpError("These settings came from no address. Bring the provider's new document instead.")
    with asking(found.pk, ONE):
        refresh(found)


def fetched(url: str, *, actor: Actor) -> bytes:
    """The document at an address, by the one guarded way out. Raises what `exchange` raises, ConnectionSetUpError."""
    address, _, query = url.partition("?")
    if urlsplit(address).fragment:
        raise ConnectionSetUpError("Enter the address without what stands behind #.", field="url")
    request = Request("GET", address, query=query)
    with exchange(request, actor=actor, purpose=Purpose.SSO, limits=_LIMITS) as response:
        if response.status != 200:
            raise ConnectionSetUpError(
                "The address answers with status {status}, not with metadata. Check it.",
                status=response.status,
                field="url",
            )
        return b"".join(response.body)


def _store(actor: Actor, connection: Connection, told: "ProviderMetadata", source: dict[str, str]) -> None:
    before = connection.saml.certificates
    fields: dict[str, Any] = {name: getattr(told, name) for name in _ADDRESSES} | {
        "entity_id": told.entity_id,
        "certificates": list(told.certificates),
        "metadata_read_at": now(),
        "metadata_valid_until": told.valid_until,
        "problem": "",
    }
    if before != list(told.certificates):
        fields["warned_days"] = None
    with transaction.atomic():
        store_saml(connection, fields | source)
        facts = {"certificates": len(told.certificates), "changed": before != list(told.certificates)}
        record(kind=events.METADATA_READ, actor=actor, subject=connection.pk, team=connection.team_id, facts=facts)
