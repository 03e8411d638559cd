"""Each family of rules: something it finds, and something alike that it leaves."""

import pytest

from tests.pii.finding import EVERYTHING, by_rules


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("write to jo.müller+x@mail.example.co.uk.", "email", "jo.müller+x@mail.example.co.uk"),
        ("jo (at) example (dot) org", "email", "jo (at) example (dot) org"),
        ("ring +44 20 7946 0958 today", "phone", "+44 20 7946 0958"),
        ("Tel. 089/32168-0815", "phone", "089/32168-0815"),
        ("call (202) 555-0143 ext. 12", "phone", "(202) 555-0143 ext. 12"),
        ("He lives at 221B Baker Street, quietly", "address", "221B Baker Street"),
        ("Sie wohnt Am Alten Markt 3, in der Lindenallee 14b", "address", "Lindenallee 14b"),
        ("au 12 bis, rue de la Paix", "address", "12 bis, rue de la Paix"),
        ("P.O. Box 4711", "address", "P.O. Box 4711"),
        ("in SW1A 1AA", "address", "SW1A 1AA"),
        ("postcode: 80331", "address", "80331"),
        ("Musterstraße 12, 12345 Musterstadt", "address", "Musterstraße 12, 12345 Musterstadt"),
        ("Passport no. C01X00T47", "passport", "C01X00T47"),
        ("her driving licence MORGA753116SM9IJ", "driving_licence", "MORGA753116SM9IJ"),
        ("Führerscheinnummer B072RRE2I55", "driving_licence", "B072RRE2I55"),
        ("born on 3 May 1980 in", "birth_date", "3 May 1980"),
        ("Geburtsdatum: 03.05.1980", "birth_date", "03.05.1980"),
        ("from 2001:db8::ff00:42:8329 to", "ip_address", "2001:db8::ff00:42:8329"),
        ("host 192.0.2.17.", "ip_address", "192.0.2.17"),
        ("00:1B:44:11:3A:B7", "device_id", "00:1B:44:11:3A:B7"),
        ("serial number C02XG0FDH05N", "device_id", "C02XG0FDH05N"),
        ("Kennzeichen M-AB 1234", "licence_plate", "M-AB 1234"),
        ("the car AB12 CDE", "licence_plate", "AB12 CDE"),
        ("Medicare 1EG4-TE5-MK73", "health_insurance", "1EG4-TE5-MK73"),
        ("password: hunter2!", "credential", "hunter2!"),
        ("AKIAIOSFODNN7EXAMPLE", "credential", "AKIAIOSFODNN7EXAMPLE"),
        ("postgres://app:s3cr3t@db/x", "credential", "app:s3cr3t"),
        ("at 52.520008, 13.404954", "coordinates", "52.520008, 13.404954"),
        ("48°51'30\"N 2°17'40\"E", "coordinates", "48°51'30\"N 2°17'40\"E"),
        ("Mr J. van der Meer said", "person", "J. van der Meer"),
        ("Liebe Anna,", "person", "Anna"),
    ],
)
def test_it_is_found(text: str, kind: str, words: str) -> None:
    assert (kind, words) in by_rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "Regulation (EU) 17065/2012 of 2016-05-04",
        "a ratio of 0.55-0.92 in 1998-2004",
        "version 1.2.3.4 of std::vector",
        "it took 12:30:45 hours",
        "page 123 of 456 and 30,000 people",
        "the token of the passport office was free",
        "Section AB12 CDE",
        "a_function_name_that_is_rather_long_indeed",
        "/usr/share/doc/python3/examples/Readme.Debian",
        "me @ home",
        "Es kamen 12345 Besucher, nicht 20000 Gäste.",
        "issues/82 of com/danny-avila/LibreChat/issues/14988",
        "nDCG 0.316 / 0.717, then 81/3/16 (0.69) and (36.2 / 45.4 / 46.7)",
        "the token: **the one** of n8n, registration 25",
        "fines up to 20 000 000 EUR, or up to 10 000 000 euros",
    ],
)
def test_what_looks_alike_is_left(text: str) -> None:
    assert by_rules(text) == []


def test_off_by_default_is_found_when_asked_for() -> None:
    text = "Brightwater Ltd of Germany asked a French Dr., 34 years old, on 4 May 2019"
    assert {kind for kind, _ in by_rules(text)} <= {"person"}
    asked = {kind for kind, _ in by_rules(text, EVERYTHING)}
    assert {"title", "organisation", "place", "nationality", "age", "date"} <= asked
