"""Valid identifiers by the thousand: random digits in each one's shape, kept when its check passes."""

import random
from collections.abc import Iterator

from stdnum import iban, luhn

from muniment.pii.recognisers.identifiers import IDENTIFIERS

EACH = 50
_SHAPES = {  # one way of writing each that the authority uses; # is a digit, ? a letter
    "AT social security": ("AT", "#### ######"),
    "BE": ("BE", "##.##.##-###.##"),
    "BG": ("BG", "##########"),
    "CY": ("CY", "########?"),
    "CZ": ("CZ", "######/####"),
    "DE tax": ("DE", "## ### ### ###"),
    "DE health": ("DE", "?#########"),
    "DE pension": ("DE", "########?###"),
    "DE card": ("DE", "??########"),
    "DK": ("DK", "######-####"),
    "EE": ("EE", "###########"),
    "ES DNI": ("ES", "########?"),
    "FI": ("FI", "######-###?"),
    "FR": ("FR", "# ## ## ## ### ### ##"),
    "GB NHS": ("GB", "### ### ####"),
    "GB UTR": ("GB", "##########"),
    "GR AMKA": ("GR", "###########"),
    "HR": ("HR", "###########"),
    "HU tax": ("HU", "8#########"),
    "IE": ("IE", "#######?"),
    "LT": ("LT", "###########"),
    "LU": ("LU", "19###########"),
    "LV": ("LV", "######-#####"),
    "NL": ("NL", "#########"),
    "PL PESEL": ("PL", "###########"),
    "PL NIP": ("PL", "###-###-##-##"),
    "PT": ("PT", "#########"),
    "RO": ("RO", "#############"),
    "SE": ("SE", "######-####"),
    "SI": ("SI", "####9##5#####"),
    "SK": ("SK", "######/####"),
    "US SSN": ("US", "###-##-####"),
}
_TRIES = 60_000


def valid_numbers(seed: int = 7) -> Iterator[tuple[str, str]]:
    """(name, number): up to EACH of every identifier with a check, and of cards and IBANs."""
    generator = random.Random(seed)  # noqa: S311 - test data
    for name, (country, shape) in _SHAPES.items():
        checks = [one for one in IDENTIFIERS if one.country == country and one.check]
        made = 0
        for _ in range(_TRIES):
            number = _filled(shape, generator)
            if any(one.shape.fullmatch(number) and one.check and one.check(number) for one in checks):
                yield name, number
                made += 1
            if made == EACH:
                break
    for _ in range(EACH):
        digits = generator.choice("45") + "".join(generator.choices("0123456789", k=14))
        yield "card", digits + luhn.calc_check_digit(digits)
        account = "".join(generator.choices("0123456789", k=18))
        yield "IBAN", f"DE{iban.calc_check_digits(f'DE00{account}')}{account}"


def _filled(shape: str, generator: random.Random) -> str:
    kinds = {"#": "0123456789", "?": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return "".join(generator.choice(kinds[sign]) if sign in kinds else sign for sign in shape)
