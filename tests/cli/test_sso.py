"""`muniment sso`: a provider's metadata read from a file into a connection, which is listed with what to tell it."""

from pathlib import Path

from lxml import etree

from tests.cli.terminal import Terminal
from tests.sso.provider import ENTITY_ID, Provider, key_pair


def test_metadata_become_a_connection(tmp_path: Path) -> None:
    installed, file = Terminal(tmp_path), tmp_path / "idp.xml"
    said = {"certificates": [key_pair("provider").certificate], "redirect": "https://idp.acme.example/sso"}
    file.write_bytes(etree.tostring(Provider().metadata_element(ENTITY_ID, **said)))
    made = installed.json("sso", "import-metadata", str(file), "--name", "Acme", "--on")
    assert (made["name"], made["protocol"], made["on"]) == ("Acme", "saml", True)
    assert made["acs_url"].endswith(f"/sso/saml/{made['id']}/acs")
    again = installed.json("sso", "import-metadata", str(file), "--name", "Acme")
    assert again["id"] == made["id"]
    assert [one["id"] for one in installed.json("sso", "list")] == [made["id"]]
    assert f"entity_id: {made['entity_id']}" in installed.run("sso", "list")


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    installed, file = Terminal(tmp_path), tmp_path / "idp.xml"
    assert "cannot be read" in installed.refusal("sso", "import-metadata", str(tmp_path / "none.xml"))
    file.write_text("<nonsense/>")
    assert "no such identity provider" in installed.refusal("sso", "import-metadata", str(file))
    assert "not an address" in installed.refusal("sso", "import-metadata", "file:///etc/passwd")
    assert "is not on the public network" in installed.refusal("sso", "import-metadata", "https://127.0.0.1:1/metadata")
    assert "E-mail and password open" in installed.run("sso", "allow-passwords")
