"""A domain is kept in one spelling, and one that the public shares is nobody's."""

import idna
import pytest

from muniment.teams.domain_names import domain_name, domain_of_address
from muniment.teams.errors import DomainNameError
from muniment.teams.public_domains import PUBLIC_MAIL, PUBLIC_SUFFIXES
from muniment.teams.selectors import domain_by_name
from muniment.teams.services import add_domain
from tests.cast import Person
from tests.teams.domain_stage import added

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Example.ORG. ", "example.org"),
        ("EXÄMPLE.org", "xn--exmple-cua.org"),
        ("xn--exmple-cua.org", "xn--exmple-cua.org"),
        ("example\u3002org", "example.org"),
        ("mail.example.co.uk", "mail.example.co.uk"),
    ],
)
def test_a_domain_has_one_spelling(written: str, kept: str) -> None:
    assert domain_name(written) == kept


def test_the_form_of_people_is_beside_where_it_differs(alice: Person) -> None:
    assert added(alice, "exämple.org").unicode_name == "exämple.org"
    assert added(alice, "example.org").unicode_name == ""
    assert domain_by_name(alice.actor, "EXÄMPLE.org").name == "xn--exmple-cua.org"


@pytest.mark.parametrize(
    "written",
    [
        "", ".", "org", "localhost", "co.uk", "com.au", "gmail.com", "Outlook.com", "web.de", "alice@example.org",
        "https://example.org", "example.org/x", "*.example.org", "a..b", "-a.org", "a_b.org", "192.0.2.7",
        "exa mple.org", "example.org..", "☃.org", f"{'a.' * 120}org", "xn--zzzz.org",
    ],
)  # fmt: skip
def test_what_is_no_team_s_domain_is_refused(alice: Person, written: str) -> None:
    with pytest.raises(DomainNameError):
        add_domain(actor=alice.actor, team=alice.team, name=written)


def test_what_is_below_a_public_one_may_be_a_team_s(alice: Person) -> None:
    assert {added(alice, name).name for name in ("example.co.uk", "corp.gmail.com")} == {
        "example.co.uk",
        "corp.gmail.com",
    }
    assert {domain for domain in PUBLIC_MAIL | PUBLIC_SUFFIXES if not _is_spelled(domain)} == set()


def _is_spelled(domain: str) -> bool:
    return idna.encode(domain, uts46=True, std3_rules=True).decode() == domain


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("Alice@Example.ORG", "example.org"),
        ("alice@EXÄMPLE.org", "xn--exmple-cua.org"),
        ("alice@xn--exmple-cua.org", "xn--exmple-cua.org"),
        ("alice@mail.example.org", "mail.example.org"),
        ("alice", ""),
        ("@example.org", ""),
        ("alice@", ""),
    ],
)
def test_the_domain_of_an_address_is_spelled_alike(address: str, found: str) -> None:
    assert domain_of_address(address) == found
