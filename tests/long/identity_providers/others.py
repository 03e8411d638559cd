"""Providers of a few lines each, on a port of this machine for as long as a block: a name for each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.long.identity_providers.running import node, program, python, started
from tests.sso.provider import key_pair

HERE = Path(__file__).parent
SECRET = "a secret: with % and +"  # what has to be escaped in a header (RFC 6749, section 2.3.1)
PLAIN_SECRET = "0f2b6a7c9d"  # for those that do not undo the escape
PASSWORD = "under the reading lamp"
PERSON = {
    "id": "sam-17",
    "emails": [{"value": "sam@example.org"}],
    "displayName": "Sam",
    "name": {"givenName": "Sam", "familyName": "Scribe"},
}


def host(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@contextmanager
def samlp(folder: Path, port: int, *, acs: str, entity_id: str) -> Iterator[None]:
    _write_key(folder, "samlp")
    told = {"FOLDER": str(folder), "ACS": acs, "AUDIENCE": entity_id, "PERSON": json.dumps(PERSON)}
    with _by_node("samlp.mjs", folder, port, told):
        yield


@contextmanager
def oidc_provider(folder: Path, port: int, *, redirect: str, signed_out: str, backchannel: str) -> Iterator[None]:
    told = {"REDIRECT": redirect, "SIGNED_OUT": signed_out, "BACKCHANNEL": backchannel, "SECRET": SECRET}
    with _by_node("oidc_provider.mjs", folder, port, told):
        yield


@contextmanager
def pysaml2(folder: Path, port: int, *, metadata: str) -> Iterator[None]:
    """`metadata`: ours, the only ones it knows."""
    _write_key(folder, "pysaml2")
    (folder / "muniment.xml").write_text(metadata)
    command = [python(), str(HERE / "pysaml2_provider.py"), str(port), str(folder)]
    with started(command, port=port, log=folder / "log"):
        yield


@contextmanager
def nanoidp(folder: Path, port: int, *, redirect: str) -> Iterator[None]:
    """JSON is YAML, too."""
    client = {"client_id": "muniment", "client_secret": PLAIN_SECRET, "redirect_uris": [redirect]}
    oauth = {"issuer": host(port), "require_pkce": True, "clients": [client]}
    nan = {"password": PASSWORD, "email": "nan@example.org"}
    settings = {"config_version": 1, "server": {"host": "127.0.0.1", "port": port}, "oauth": oauth}
    (folder / "settings.yaml").write_text(json.dumps(settings))
    (folder / "users.yaml").write_text(json.dumps({"config_version": 1, "users": {"nan": nan}}))
    command = [python(), "-m", "nanoidp", "--config", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with started(command, port=port, log=folder / "log", folder=folder):
        yield


@contextmanager
def _by_node(script: str, folder: Path, port: int, told: dict[str, str]) -> Iterator[None]:
    """Read as its input, so that packages are looked for in the folder that has them."""
    command = [program("node"), "--input-type=module"]
    environment = {**told, "PORT": str(port)}
    with started(command, port=port, log=folder / "log", folder=node(), environment=environment, script=HERE / script):
        yield


def _write_key(folder: Path, name: str) -> None:
    key = key_pair(name)
    (folder / "provider.pem").write_text(key.private)
    (folder / "provider.crt").write_text(key.certificate)
