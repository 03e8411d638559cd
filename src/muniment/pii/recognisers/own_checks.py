"""Check digits of identifiers that python-stdnum has no module for. Each takes the compact form."""

from itertools import cycle

from stdnum import luhn, verhoeff

_TEN = "0123456789"


def mrz(text: str) -> str:
    """The check digit of ICAO Doc 9303: weights 7, 3, 1; A is 10, `<` is 0."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text.upper())
    return str(sum(value * weight for value, weight in zip(values, cycle((7, 3, 1)), strict=False)) % 10)


def hungarian_tax(number: str) -> bool:
    """Adóazonosító jel: begins with 8, the sum of digit times place modulo 11 is the tenth digit."""
    return number[0] == "8" and sum(int(d) * place for place, d in enumerate(number[:9], 1)) % 11 == int(number[9])


def hungarian_health(number: str) -> bool:
    """TAJ: weights 3 and 7 in turn, modulo 10."""
    return sum(int(d) * weight for d, weight in zip(number[:8], (3, 7, 3, 7, 3, 7, 3, 7), strict=True)) % 10 == int(
        number[8]
    )


def hungarian_person(number: str) -> bool:
    """Személyi szám: of 11 digits; the last is the sum of digit times place modulo 11, rising or falling by year."""
    rising = sum(int(d) * place for place, d in enumerate(number[:10], 1)) % 11
    falling = sum(int(d) * place for place, d in zip(range(10, 0, -1), number[:10], strict=True)) % 11
    return int(number[10]) in {rising, falling} and _is_day(number[3:5], number[5:7])


def luxembourgish(number: str) -> bool:
    """Of 13 digits: birth date, three digits, then Luhn over the first 11 and Verhoeff over the same."""
    return (
        luhn.is_valid(number[:12]) and verhoeff.is_valid(number[:11] + number[12]) and _is_day(number[4:6], number[6:8])
    )


def german_health(number: str) -> bool:
    """KVNR (§ 290 SGB V): the letter as two digits, weights 1 and 2 in turn, digit sums, modulo 10."""
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    return sum(sum(divmod(int(d) * weight, 10)) for d, weight in zip(digits, cycle((1, 2)), strict=False)) % 10 == int(
        number[9]
    )


def german_pension(number: str) -> bool:
    """Rentenversicherungsnummer (§ 147 SGB VI, VKVV): the letter as two digits, weights 2 1 2 5 7 1 2 1 2 1 2 1."""
    digits = f"{number[:8]}{ord(number[8]) - 64:02d}{number[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(d) * weight, 10)) for d, weight in zip(digits, weights, strict=True))
    return total % 10 == int(number[11]) and number[4:6] <= "12"


def german_card(number: str) -> bool:
    """Personalausweis and Reisepass: nine signs and the check digit of ICAO Doc 9303."""
    return mrz(number[:9]) == number[9]


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31
