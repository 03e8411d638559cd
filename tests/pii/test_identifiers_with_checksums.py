"""Every identifier with a check digit is found, alone in a sentence; with a wrong digit it is none. G-70."""

import pytest

from tests.pii.finding import by_rules

VALID = {
    "AT social security": "1237 010180",
    "BE national number": "85.07.30-033 28",
    "BG EGN": "7523169263",
    "CY tax": "00532445O",
    "CZ birth number": "710319/2745",
    "DE tax id": "36 574 261 809",
    "DE pension": "15070649C103",
    "DE identity card": "T220001293",
    "DE health": "A123456780",
    "DK CPR": "211062-5629",
    "EE": "37605030299",
    "ES DNI": "54362315K",
    "ES NIE": "X-2482300W",
    "FI": "131052-308T",
    "FR NIR": "2 95 10 99 126 111 93",
    "GB NHS": "943 476 5919",
    "GB UTR": "1955839661",
    "GR AMKA": "01013099997",
    "GR AFM": "094259216",
    "HR OIB": "33392005961",
    "HU tax": "8071592153",
    "HU health": "111 111 110",
    "IE PPS": "6433435F",
    "IT": "RCCMNL83S18D969H",
    "LT": "33309240064",
    "LU": "1893120105732",
    "LV": "161175-19997",
    "NL BSN": "111222333",
    "PL PESEL": "44051401359",
    "PL NIP": "8567346215",
    "PT NIF": "501964843",
    "PT citizen card": "00000000 0 ZZ4",
    "RO CNP": "1630615123457",
    "SE": "880320-0016",
    "SI EMSO": "0101006500006",
    "SK": "7103192745",
    "US SSN": "536-90-4399",
    "card": "4111 1111 1111 1111",
    "card, American Express": "3782 822463 10005",
    "card before a date": "5500-0000-0000-0004",
    "IBAN GB": "GB29 NWBK 6016 1331 9268 19",
    "IBAN DE, small": "de89370400440532013000",
    "IBAN MT": "MT84MALT011000012345MTLCAST001S",
    "IMEI": "490154203237518",
    "passport, machine readable": "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
}


@pytest.mark.parametrize("number", VALID.values(), ids=VALID)
@pytest.mark.parametrize("sentence", ["It says {} on the form.", "{}", "(see {}),", "number:\n{}\nand more 12/26"])
def test_a_valid_number_is_one_span(number: str, sentence: str) -> None:
    assert number in [words for _, words in by_rules(sentence.format(number))]


@pytest.mark.parametrize("number", ["44051401358", "4111 1111 1111 1112", "GB29 NWBK 6016 1331 9268 18", "T220001294"])
def test_a_wrong_check_digit_is_no_identifier(number: str) -> None:
    assert [kind for kind, _ in by_rules(f"It says {number} here.") if kind in {"card", "iban", "national_id"}] == []


def test_a_number_announced_as_something_else_is_left() -> None:
    assert by_rules("Our invoice 111222333 is open.") == []
    assert by_rules("My BSN is 111222333 then.") == [("national_id", "111222333")]


def test_classes_that_share_a_shape_are_told_apart() -> None:
    assert by_rules("IMEI 490154203237518") == [("device_id", "490154203237518")]
    assert by_rules("NHS number 943 476 5919") == [("health_insurance", "943 476 5919")]
