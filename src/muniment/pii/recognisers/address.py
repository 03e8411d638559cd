"""Streets, post boxes and post codes as several countries write them.

Only kinds of street (Street, straße, rue, utca) are listed here, never streets or towns: what has another shape is left
to the model, and what belongs together is joined in `muniment.pii.addresses`.
"""

import re
from collections.abc import Iterator

from muniment.pii.types import PiiClass, Span

_NUMBER = r"\d{1,6}(?:[ ]?[-/][ ]?\d{1,5})?(?:[ ]?[A-Za-z](?!\w))?"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž]"
_NAME = rf"{_CAPITAL}[\w'.-]{{0,30}}"
_ORDINAL = r"\d{1,3}(?:st|nd|rd|th)"
_KIND = (
    "Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Square|Sq|Terrace|Terr?|"
    "Crescent|Cres|Close|Gardens|Gdns|Grove|Row|Mews|Parkway|Pkwy|Highway|Hwy|Freeway|Circle|Cir|Trail|Trl|Alley|"
    "Walk|Wharf|Quay|Parade|Esplanade|Broadway|Turnpike|Loop|Plaza|Route|Ridge|Run|Hollow|Heights|Points?"
)
_ENGLISH = rf"{_NUMBER},?[ \n](?:(?:{_NAME}|{_ORDINAL})[ \n]){{1,4}}(?:{_KIND})\b\.?(?:[ ](?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\b)?"
_UNNUMBERED = rf"(?:{_NAME}[ ]){{1,3}}(?:Street|Road|Avenue|Lane|Boulevard|Crescent|Mews)\b"
_GERMANIC = (
    rf"(?:{_NAME}[ -]){{0,3}}(?:{_CAPITAL}[\wäöüß'.-]{{1,30}}(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|pfad|"
    r"markt|straat|laan|kade|gracht|singel|dijk|plein|dreef|gatan|vägen|gränd|gata|veien|vegen|vej|gade|allé|stræde|katu|tie|kuja|polku|braut)"
    rf"|(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Ring|Damm|Ufer))[ \n]{_NUMBER}"
)
_ROMANCE = (
    rf"(?:{_NUMBER}(?:[ ](?:bis|ter|quater))?,?[ ])?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Aa]llée|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Rr]oute|[Cc]ours)[ ]"
    rf"(?:(?:de|du|des|la|le|les|d'|l'|de l')[ ]?){{0,3}}{_NAME}(?:[ -](?:de[ ]|la[ ]|du[ ])?{_NAME}){{0,3}}"
    rf"|(?:Calle|C/|Avda\.?|Avenida|Plaza|Paseo|Camino|Carrer|Ronda|Via|Viale|Piazza|Corso|Vicolo|Largo|Rua|Travessa|Praça|Estrada)[ ]"
    rf"(?:(?:de|del|della|delle|dei|di|da|do|dos|la|los|las)[ ]){{0,3}}{_NAME}(?:[ ](?:de[ ]|del[ ]|y[ ])?{_NAME}){{0,3}},?[ ](?:n[º°.]?[ ]?)?{_NUMBER}"
)
_EASTERN = (
    rf"(?:ul|al|pl|os|nám|ulica|ulice)\.?[ ]{_NAME}(?:[ ]{_NAME}){{0,3}}[ ]{_NUMBER}"
    rf"|(?:[\w.-]{{2,30}}[ ]){{1,3}}(?:utca|út|útja|tér|tere|u\.|krt\.|körút|sor|köz|dűlő|fasor|lépcső|ulica|cesta|trg|iela)[ ]{_NUMBER}\.?"
)
_STREETS = tuple(
    re.compile(rf"(?<![\w.-])(?:{shape})(?!\w)", flags)
    for shape, flags in ((_ENGLISH, 0), (_UNNUMBERED, 0), (_GERMANIC, 0), (_ROMANCE, 0), (_EASTERN, re.IGNORECASE))
)
STREET_WORD = re.compile(
    rf"(?<!\w)(?:{_KIND}|rue|calle|via|viale|avenida|avda|piazza|plaza|rua|ulica|ul|utca|út|tér|cesta|trg)(?!\w)"
    r"|(?:straße|strasse|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|markt|straat|laan|kade|gracht|dijk|plein|"
    r"gatan|vägen|gata|veien|vej|katu|tie)(?!\w)",
    re.IGNORECASE,
)
"""What a street without a number is known by."""
_UNIT = re.compile(
    r"(?<!\w)(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Bldg|Building|Whg|Wohnung|Appt|Étage|Piso)\.?[ ]?#?[ ]?(?:\d{1,5}[A-Za-z]?|[A-Z]\d{0,4})(?!\w)"
)
_BOX = re.compile(
    r"(?<!\w)(?:P\.?[ ]?O\.?[ ]?Box|PO[ ]?Box|Postfach|Boîte postale|BP|Apartado|Postbus|PSC|CMR|Unit)[ ]\d{1,6}(?:[ ]?,?[ ](?:Box|APO|FPO)[ ]\d{1,6})?(?!\w)",
    re.IGNORECASE,
)
_CORNER = re.compile(
    rf"(?<!\w)corner of (?:{_NUMBER}[ ])?(?:{_NAME}[ ]){{1,4}}(?:and|&)[ ](?:{_NUMBER}[ ])?{_NAME}(?:[ ]{_NAME}){{0,3}}"
)
_POST_CODES = re.compile(
    r"(?<![\w.-])(?:"
    r"(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})"  # United Kingdom
    r"|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d"  # Canada
    r"|(?:A[LKZRSC]|CA|CO|CT|D[CE]|FL|FM|GA|GU|HI|I[ADLN]|KS|KY|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]|A[AEP]) \d{5}(?:-\d{4})?"
    r"|(?:D|A|CH|F|B|L|NL|DK|S|N|FIN?|I|E|P|PL|CZ|SK|H|HU|SE|LT|LV|AD|MD)-\d{3,5}(?: ?\d{2})?"  # with the sign of the country
    r"|\d{4} [A-Z]{2}(?= [A-Z]|[,.\n]|$)"  # the Netherlands
    r")(?!\w)",
    re.MULTILINE,
)
_SAID_CODE = re.compile(
    r"(?<!\w)(?:zip(?:[ -]?code)?s?|post(?:al)?[ -]?codes?|plz|postleitzahl|code postal|c[óo]digo postal|cap|postcode)\b[^\d\n]{0,24}?(\d[\dA-Za-z -]{2,9}\d|\d{3,6})(?!\w)",
    re.IGNORECASE,
)
_CODE_AND_TOWN = re.compile(
    rf"(?:^|,[ \n])[ ]{{0,4}}(\d{{5}}[ ]{_CAPITAL}[\w'-]{{2,30}}(?:[ ](?:am|an der|bei|im|ob der)[ ]{_CAPITAL}[\w'-]{{2,30}})?)(?=[ ]?(?:$|[,.;(]))",
    re.MULTILINE,
)
"""Five digits and a town, on a line of their own or behind a comma: most of the continent."""


def addresses(text: str) -> Iterator[Span]:
    for pattern in (*_STREETS, _BOX, _CORNER):
        yield from (Span(*found.span(), PiiClass.ADDRESS, 0.8) for found in pattern.finditer(text))
    yield from (Span(*found.span(), PiiClass.ADDRESS, 0.6) for found in _UNIT.finditer(text))
    yield from (Span(*found.span(), PiiClass.ADDRESS, 0.75) for found in _POST_CODES.finditer(text))
    yield from (Span(*found.span(1), PiiClass.ADDRESS, 0.85) for found in _SAID_CODE.finditer(text))
    yield from (Span(*found.span(1), PiiClass.ADDRESS, 0.7) for found in _CODE_AND_TOWN.finditer(text))
