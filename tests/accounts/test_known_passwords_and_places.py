"""Files of the operator's: passwords known from breaches, and names of networks."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from muniment.accounts.breached_passwords import is_listed
from muniment.accounts.errors import PasswordRefusedError
from muniment.accounts.networks import place
from muniment.accounts.services import change_password
from muniment.core.errors import SettingsError
from tests.accounts.signing_in import sign_in
from tests.cast import PASSWORD, Person

KNOWN = [f"known password {number}" for number in range(300)]


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()  # noqa: S324 - the format of the list


def written(folder: Path, lines: Sequence[str], end: str = "\n") -> Path:
    file = folder / "breached.txt"
    file.write_bytes(end.join(sorted(lines)).encode() + end.encode())
    return file


@pytest.mark.parametrize("count", [1, 2, 3, 300])
def test_each_password_of_the_list_is_found_and_no_other(tmp_path: Path, count: int) -> None:
    lines = [f"{sha1(password)}:{number * 37}" for number, password in enumerate(KNOWN[:count])]
    for end in ("\n", "\r\n"):
        file = written(tmp_path, lines, end)
        assert all(is_listed(password, file) for password in KNOWN[:count])
        assert not any(is_listed(f"fresh {number}", file) for number in range(200))


def test_beginnings_and_small_letters_will_do(tmp_path: Path) -> None:
    file = written(tmp_path, [sha1(password)[:12].lower() for password in KNOWN])
    assert all(is_listed(password, file) for password in KNOWN)
    assert not is_listed("fresh", file)


def test_what_is_no_list_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 40)
    assert not is_listed("x", tmp_path / "empty")
    assert not is_listed("x", tmp_path / "noise")
    with pytest.raises(SettingsError, match="MUNIMENT_BREACHED_PASSWORDS"):
        is_listed("x", tmp_path / "absent")


def test_a_known_password_is_refused(bob: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MUNIMENT_BREACHED_PASSWORDS", str(written(tmp_path, [sha1(KNOWN[7])])))
    with pytest.raises(PasswordRefusedError, match="breach"):
        change_password(actor=bob.actor, user=bob.user, current=PASSWORD, new=KNOWN[7])
    change_password(actor=bob.actor, user=bob.user, current=PASSWORD, new=KNOWN[8])


def test_an_address_has_the_name_of_its_narrowest_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "networks.csv"
    file.write_text(
        "192.0.2.0,192.0.2.255,DE\nnonsense\n192.0.2.64/26,Office\n2001:db8::/32,Lab\n198.51.100.7/32,One\n"
    )
    monkeypatch.setattr(settings, "MUNIMENT_NETWORKS", str(file))
    places = {"192.0.2.1": "DE", "192.0.2.70": "Office", "192.0.3.1": "", "2001:db8::5": "Lab", "198.51.100.7": "One"}
    assert {address: place(address) for address in places} == places
    assert place("no address") == ""
    monkeypatch.setattr(settings, "MUNIMENT_NETWORKS", str(tmp_path / "absent"))
    assert place("192.0.2.1") == ""


def test_a_person_sees_where_sessions_are(bob: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "networks.csv").write_text("192.0.2.0/24,Office Freiburg\n")
    monkeypatch.setattr(settings, "MUNIMENT_NETWORKS", str(tmp_path / "networks.csv"))
    client = Client()
    sign_in(client, bob.user.email, address="192.0.2.9")
    assert "Office Freiburg" in client.get("/profile/security").content.decode()


def test_language_and_time_zone_are_the_persons_own(bob: Person) -> None:
    bob.client.post("/profile", {"name": "Bob", "language": "de", "time_zone": "Asia/Tokyo"})
    page = bob.client.get("/profile/security")
    assert page.headers["Content-Language"] == "de"
    started = page.context["sessions"][0].started
    tokyo = started.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f"{tokyo:%H:%M}" in page.content.decode()
    assert bob.client.post("/profile", {"name": "Bob", "language": "xx", "time_zone": ""}).status_code == 422
    bob.user.refresh_from_db()
    assert (bob.user.language, bob.user.time_zone) == ("de", "Asia/Tokyo")
