"""SimpleSAMLphp, as the system packs it, on a port of 127.0.0.1: two people, a key, and settings in one folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.journeys.server import free_port
from tests.long.identity_providers.running import program, started
from tests.sso.provider import key_pair

PACKED = Path("/usr/share/simplesamlphp/www")
CONFIG = Path("/etc/simplesamlphp")
ADMIN = "over the reading room"
PASSWORD = "under the reading lamp"

_CONFIG = """
$config = array_merge($config, [
    'baseurlpath' => 'http://127.0.0.1:%(port)s/simplesaml/',
    'certdir' => '%(folder)s/', 'metadatadir' => '%(folder)s/metadata/', 'tempdir' => '%(folder)s/temporary',
    'loggingdir' => '%(folder)s/', 'datadir' => '%(folder)s/', 'logging.handler' => 'errorlog', 'statistics.out' => [],
    'secretsalt' => 'salt of a test', 'auth.adminpassword' => '%(admin)s', 'admin.checkforupdates' => false,
    'enable.saml20-idp' => true, 'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'session.cookie.secure' => false, 'session.cookie.samesite' => null, 'language.cookie.secure' => false,
    'language.cookie.samesite' => null, 'session.phpsession.savepath' => '%(folder)s/temporary',
    'session.phpsession.cookiename' => 'SimpleSAML', 'authproc.idp' => [],
]);
"""
_PEOPLE = """<?php
$config = [
    'admin' => ['core:AdminPassword'],
    'people' => [
        'exampleauth:UserPass',
        'bob:%(password)s' => [
            'uid' => ['bob'], 'mail' => ['bob@example.org'], 'displayName' => ['Bob Builder'],
            'groups' => ['Readers', 'Builders'],
        ],
        'eve:%(password)s' => ['uid' => ['eve'], 'mail' => ['eve@elsewhere.example'], 'displayName' => ['Eve']],
    ],
];
"""
_HOSTED = """<?php
$metadata['__DYNAMIC:1__'] = [
    'host' => '__DEFAULT__', 'privatekey' => 'provider.pem', 'certificate' => 'provider.crt', 'auth' => 'people',
    'sign.logout' => true, 'validate.logout' => true, 'redirect.sign' => true,
];
"""


@dataclass(frozen=True)
class SimpleSamlPhp:
    folder: Path
    port: int

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.host}/simplesaml"

    @property
    def metadata(self) -> str:
        return f"{self.address}/saml2/idp/metadata.php"

    def begin_here(self, entity_id: str) -> str:
        """Where a tile of the provider leads."""
        return f"{self.address}/saml2/idp/SSOService.php?spentityid={quote(entity_id, safe='')}"

    @property
    def sign_out_here(self) -> str:
        return f"{self.address}/saml2/idp/initSLO.php?RelayState={quote(self.address + '/logout.php', safe='')}"

    def convert(self, page: Any, metadata: str) -> str:
        """What its administrator gets from its own converter for our metadata."""
        page.goto(f"{self.address}/admin/metadata-converter.php")
        page.locator("input[name=password]").fill(ADMIN)
        page.locator("input[name=password]").press("Enter")
        page.locator("textarea[name=xmldata]").fill(metadata)
        page.get_by_role("button", name="Parse").click()
        return str(page.locator("pre").text_content())

    def trust(self, converted: str, **options: str) -> None:
        """Puts it among the services it knows, and nobody else. `options`: further settings, in PHP."""
        settings = "".join(f"    '{name.replace('_', '.')}' => {value},\n" for name, value in options.items())
        more = f"$metadata[array_key_last($metadata)] += [\n{settings}];\n"
        (self.folder / "metadata/saml20-sp-remote.php").write_text(f"<?php\n{converted}\n{more}")

    @staticmethod
    def sign_in(page: Any, person: str) -> None:
        page.locator("input[name=username]").fill(person)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")


@contextmanager
def running(folder: Path) -> Iterator[SimpleSamlPhp]:
    provider = SimpleSamlPhp(folder, free_port())
    key = key_pair("simplesamlphp")
    for name in ("config", "metadata", "temporary", "served"):
        (folder / name).mkdir(parents=True)
    (folder / "served/simplesaml").symlink_to(PACKED)
    values = {"port": provider.port, "folder": folder, "admin": ADMIN, "password": PASSWORD}
    (folder / "config/config.php").write_text((CONFIG / "config.php").read_text() + _CONFIG % values)
    (folder / "config/authsources.php").write_text(_PEOPLE % values)
    (folder / "metadata/saml20-idp-hosted.php").write_text(_HOSTED)
    (folder / "provider.pem").write_text(key.private)
    (folder / "provider.crt").write_text(key.certificate)
    told = ["error_reporting=0", "opcache.revalidate_freq=0"]  # else new metadata are missed for 2 s
    options = [word for one in told for word in ("-d", one)]
    command = [program("php"), *options, "-S", f"127.0.0.1:{provider.port}", "-t", "served"]
    environment = {"SIMPLESAMLPHP_CONFIG_DIR": str(folder / "config")}
    with started(command, port=provider.port, log=folder / "php.log", folder=folder, environment=environment):
        yield provider
