"""The table of national identifiers: shape, check, and the words that announce each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from stdnum.at import tin as at_tin
from stdnum.at import vnr
from stdnum.be import nn
from stdnum.bg import egn, pnf
from stdnum.cy import vat as cy_tic
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nif, nir
from stdnum.gb import nhs, utr
from stdnum.gr import amka
from stdnum.gr import vat as afm
from stdnum.hr import oib
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.lt import asmens
from stdnum.lv import pvn
from stdnum.nl import bsn
from stdnum.pl import nip, pesel
from stdnum.pt import cc
from stdnum.pt import nif as pt_nif
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.si import emso
from stdnum.us import itin, ssn

from muniment.pii.recognisers import own_checks
from muniment.pii.recognisers.context import words
from muniment.pii.types import PiiClass

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_GENERAL = (
    "national (?:id|identity|identification)(?: (?:no|number|card))?", "id(?: (?:no|number|card))?", "identity(?: (?:no|number|card))?",
    "personal (?:id|code|number)(?: number)?", "tax(?:payer)?(?: (?:id|identification))?(?: (?:no|number))?", "tin", "social security(?: (?:no|number))?",
    "identification(?: (?:no|number))?",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identifier:
    """`check` takes the number as written. `strong`: believed wherever it stands. `needs_word`: believed only where it is announced."""

    country: str
    expression: str
    check: Callable[[str], bool] | None
    announced: tuple[str, ...]
    strong: bool = False
    needs_word: bool = False
    kind: PiiClass = PiiClass.NATIONAL_ID

    @property
    def shape(self) -> re.Pattern[str]:
        return _shape(self.expression)

    @property
    def said(self) -> re.Pattern[str]:
        return _said(self.announced)


@cache
def _shape(expression: str) -> re.Pattern[str]:
    """When it is first looked for: a hundred patterns are what a process that masks nothing need not wait for."""
    return re.compile(rf"(?<![\w])(?:{expression})(?![\w]|-\d)", re.IGNORECASE)


@cache
def _said(announced: tuple[str, ...]) -> re.Pattern[str]:
    return words(*_GENERAL, *announced)


def _one(
    country: str,
    shape: str,
    check: Callable[[str], bool] | None,
    *said: str,
    strong: bool = False,
    needs_word: bool = False,
    kind: PiiClass = PiiClass.NATIONAL_ID,
) -> Identifier:
    return Identifier(country, shape, check, said, strong, needs_word, kind)


def _own(check: Callable[[str], bool]) -> Callable[[str], bool]:
    """Ours take the compact form; python-stdnum's take the number as it is written."""
    return lambda number: check("".join(filter(str.isalnum, number)).upper())


IDENTIFIERS = (
    _one("AT", r"\d{4}[ -]?\d{6}", vnr.is_valid, "sozialversicherungsnummer", "sv-?nr", "svnr", "vsnr"),
    _one("AT", r"\d{2}[ -]?\d{3}/?\d{4}", at_tin.is_valid, "steuernummer", "abgabenkontonummer"),
    _one(
        "BE",
        r"\d{2}[. ]?\d{2}[. ]?\d{2}[- .]?\d{3}[. -]?\d{2}",
        nn.is_valid,
        "rijksregisternummer",
        "numéro national",
        strong=True,
    ),
    _one("BG", r"\d{10}", egn.is_valid, "егн", "egn"),
    _one("BG", r"\d{10}", pnf.is_valid, "лнч", "lnch", needs_word=True),
    _one("CY", r"[01345789]\d{7}[A-Z]", cy_tic.is_valid, "tic", strong=True),
    _one("CZ", r"\d{2}[0-8]\d[0-3]\d[/ ]?\d{3,4}", rc.is_valid, "rodné číslo", "rč", "rodne cislo"),
    _one(
        "DE",
        r"[1-9]\d[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}",
        idnr.is_valid,
        r"steuer-?id(?:entifikationsnummer)?",
        "idnr",
        r"steuerliche",
    ),
    _one(
        "DE",
        r"\d{2}[ ]?\d{6}[ ]?[A-Z][ ]?\d{3}",
        _own(own_checks.german_pension),
        "rentenversicherungsnummer",
        "sozialversicherungsnummer",
        strong=True,
    ),
    _one(
        "DE",
        r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ\d]{8}\d",
        _own(own_checks.german_card),
        "personalausweis(?:nummer)?",
        "ausweis(?:nummer)?",
        strong=True,
    ),
    _one(
        "DE",
        r"[A-Z]\d{9}",
        _own(own_checks.german_health),
        "versichertennummer",
        "krankenversicherten",
        strong=True,
        kind=PiiClass.HEALTH_INSURANCE,
    ),
    _one(
        "DK",
        rf"{_DAY}{_MONTH}\d{{2}} ?\d{{4}}",
        cpr.is_valid,
        "cpr(?:-?(?:nummer|number|nr))?",
        "personnummer",
        needs_word=True,
    ),
    _one("DK", rf"{_DAY}{_MONTH}\d{{2}}-\d{{4}}", cpr.is_valid, "cpr", strong=True),
    _one("EE", r"[1-8]\d{2}[01]\d[0-3]\d{5}", ik.is_valid, "isikukood", strong=True),
    _one("ES", r"\d{8}[ -]?[A-Z]", dni.is_valid, "dni", "nif", strong=True),
    _one("ES", r"[XYZ][ -]?\d{7}[ -]?[A-Z]", nie.is_valid, "nie", strong=True),
    _one("FI", r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-Y]", hetu.is_valid, "hetu", "henkilötunnus", strong=True),
    _one(
        "FR",
        r"[1-478][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}",
        nir.is_valid,
        "nir",
        "insee",
        "sécurité sociale",
        strong=True,
    ),
    _one("FR", r"[0-3]\d[ ]?\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}", nif.is_valid, "numéro fiscal", "spi"),
    _one(
        "GB",
        r"(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[ABCD]",
        None,
        "national insurance",
        "nino",
        "ni number",
        strong=True,
    ),
    _one("GB", r"\d{10}", utr.is_valid, "utr", "unique taxpayer"),
    _one("GB", r"\d{3}[ -]?\d{3}[ -]?\d{4}", nhs.is_valid, "nhs(?: number)?", kind=PiiClass.HEALTH_INSURANCE),
    _one("GR", rf"{_DAY}{_MONTH}\d{{7}}", amka.is_valid, "amka", "αμκα", strong=True),
    _one("GR", r"\d{9}", afm.is_valid, "afm", "αφμ"),
    _one("HR", r"\d{11}", oib.is_valid, "oib"),
    _one("HU", r"8\d{9}", _own(own_checks.hungarian_tax), "adóazonosító(?: jel)?"),
    _one(
        "HU",
        r"\d{3}[ -]?\d{3}[ -]?\d{3}",
        _own(own_checks.hungarian_health),
        "taj(?:[ -]szám)?",
        kind=PiiClass.HEALTH_INSURANCE,
    ),
    _one(
        "HU",
        r"[1-8][ -]?\d{6}[ -]?\d{4}",
        _own(own_checks.hungarian_person),
        "személyi(?: szám)?",
        "személyi azonosító",
    ),
    _one("IE", r"\d{7}[A-W][A-IW]?", pps.is_valid, "pps(?:n| number)?", strong=True),
    _one(
        "IT",
        r"[A-Z]{6}[\dL-NP-V]{2}[A-EHLMPR-T][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}[A-Z]",
        codicefiscale.is_valid,
        "codice fiscale",
        "cf",
        strong=True,
    ),
    _one("LT", r"[1-6]\d{2}[01]\d[0-3]\d{5}", asmens.is_valid, "asmens kodas", strong=True),
    _one("LU", r"(?:1[89]|20)\d{11}", _own(own_checks.luxembourgish), "matricule", strong=True),
    _one("LV", r"[0-3]\d[01]\d{3}-?[012]\d{4}", pvn.is_valid, "personas kods", strong=True),
    _one("LV", r"32\d{4}-?\d{5}", None, "personas kods", needs_word=True),
    _one("MT", r"\d{3,7}[ ]?[MGAPLHBZ]", None, "karta tal-identità", "maltese id", needs_word=True),
    _one("NL", r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}", bsn.is_valid, "bsn", "burgerservicenummer", "sofi-?nummer"),
    _one("PL", r"\d{2}[0-3]\d[0-3]\d{6}", pesel.is_valid, "pesel", strong=True),
    _one("PL", r"\d{3}-?\d{3}-?\d{2}-?\d{2}", nip.is_valid, "nip"),
    _one("PT", r"[1235689]\d{2}[ ]?\d{3}[ ]?\d{3}", pt_nif.is_valid, "nif", "contribuinte"),
    _one("PT", r"\d{8}[ ]?\d[ ]?[A-Z0-9]{2}\d", cc.is_valid, "cartão de cidadão", strong=True),
    _one("RO", r"[1-9]\d{2}[01]\d[0-3]\d{7}", cnp.is_valid, "cnp", strong=True),
    _one(
        "SE",
        r"(?:19|20)?\d{2}[01]\d[0-9]\d[-+]\d{4}|(?:19|20)\d{2}[01]\d[0-9]\d{5}",
        personnummer.is_valid,
        "personnummer",
        strong=True,
    ),
    _one("SE", r"\d{2}[01]\d[0-9]\d{5}", personnummer.is_valid, "personnummer", "samordningsnummer"),
    _one("SI", r"[0-3]\d[01]\d{4}5\d{5}", emso.is_valid, "emšo", "emso", strong=True),
    _one("SK", r"\d{2}[0-8]\d[0-3]\d[/ ]?\d{3,4}", rc.is_valid, "rodné číslo"),
    _one("US", r"\d{3}([- ])\d{2}\1\d{4}", ssn.is_valid, "ssn", strong=True),
    _one("US", r"\d{9}", ssn.is_valid, "ssn", needs_word=True),
    _one("US", r"9\d{2}[- ]?[5-9]\d[- ]?\d{4}", itin.is_valid, "itin", strong=False),
)
